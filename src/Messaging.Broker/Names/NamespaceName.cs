using System.Diagnostics.CodeAnalysis;

namespace Messaging.Broker.Names;

/// <summary>A namespace within an account: 1 to 255 bytes of UTF-8 without control characters. A value.</summary>
public readonly record struct NamespaceName
{
    private const string DefaultValue = "default";

    private readonly string? _value;

    private NamespaceName(string value) => _value = value;

    /// <summary>"default".</summary>
    public static NamespaceName Default => default;

    /// <summary>The name as it was given.</summary>
    public string Value => _value ?? DefaultValue;

    /// <summary>False for what is no legal name.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out NamespaceName value)
    {
        value = default;
        if (!NameRules.IsLegal(text)) return false;
        // The default has one representation, so that equality needs no second look.
        value = text == DefaultValue ? default : new NamespaceName(text!);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
