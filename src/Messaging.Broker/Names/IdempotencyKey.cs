using System.Diagnostics.CodeAnalysis;

namespace Messaging.Broker.Names;

/// <summary>
/// What a client calls one of its requests, so that sending it again has no second effect: 1 to <see cref="BrokerLimits.IdempotencyKeyBytesMax"/> visible
/// characters of ASCII. A value; the default one is no key.
/// </summary>
public readonly record struct IdempotencyKey
{
    private const char FirstVisible = '!';
    private const char LastVisible = '~';

    private readonly string? _value;

    private IdempotencyKey(string value) => _value = value;

    /// <summary>The key as it was given; empty for the default value, which is no key.</summary>
    public string Value => _value ?? "";

    /// <summary>False for what is no legal key.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out IdempotencyKey value)
    {
        value = default;
        if (text is not { Length: > 0 and <= BrokerLimits.IdempotencyKeyBytesMax }) return false;
        if (text.AsSpan().ContainsAnyExceptInRange(FirstVisible, LastVisible)) return false;
        value = new IdempotencyKey(text);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
