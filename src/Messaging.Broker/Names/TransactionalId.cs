using System.Diagnostics.CodeAnalysis;

namespace Messaging.Broker.Names;

/// <summary>
/// What a transactional producer calls itself, so that its next instance takes its place (Kafka's transactional.id): 1 to 255 bytes of UTF-8 without control characters. A value; the default one is no id.
/// </summary>
public readonly record struct TransactionalId
{
    private readonly string? _value;

    private TransactionalId(string value) => _value = value;

    /// <summary>As it was given; empty for the default value, which is no id.</summary>
    public string Value => _value ?? "";

    /// <summary>False for what is no legal id.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out TransactionalId value)
    {
        value = default;
        if (!NameRules.IsLegal(text)) return false;
        value = new TransactionalId(text!);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
