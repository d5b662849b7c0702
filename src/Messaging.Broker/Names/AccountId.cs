using System.Diagnostics.CodeAnalysis;

namespace Messaging.Broker.Names;

/// <summary>The owner of everything: 12 digits. It comes from the credential; without one it is <see cref="Default"/>. A value.</summary>
public readonly record struct AccountId
{
    private const int Digits = 12;
    private const string DefaultValue = "000000000000";

    private readonly string? _value;

    private AccountId(string value) => _value = value;

    /// <summary>000000000000.</summary>
    public static AccountId Default => default;

    /// <summary>The twelve digits.</summary>
    public string Value => _value ?? DefaultValue;

    /// <summary>False unless <paramref name="text"/> is exactly twelve ASCII digits.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out AccountId value)
    {
        value = default;
        if (text is null || text.Length != Digits || text.AsSpan().ContainsAnyExceptInRange('0', '9')) return false;
        // The default has one representation, so that equality needs no second look.
        value = text == DefaultValue ? default : new AccountId(text);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
