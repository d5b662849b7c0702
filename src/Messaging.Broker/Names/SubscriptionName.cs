using System.Diagnostics.CodeAnalysis;

namespace Messaging.Broker.Names;

/// <summary>A subscription's name within its topic: 1 to 255 bytes of UTF-8 without control characters; a front may be stricter. A value; the default one is no name.</summary>
public readonly record struct SubscriptionName
{
    private readonly string? _value;

    private SubscriptionName(string value) => _value = value;

    /// <summary>The name as it was given; empty for the default value, which is no name.</summary>
    public string Value => _value ?? "";

    /// <summary>False for what is no legal name.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out SubscriptionName value)
    {
        value = default;
        if (!NameRules.IsLegal(text)) return false;
        value = new SubscriptionName(text!);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
