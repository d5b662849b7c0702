using System.Diagnostics.CodeAnalysis;

namespace Messaging.Broker.Names;

/// <summary>
/// A queue's name within its namespace: 1 to 255 bytes of UTF-8 without control characters. A value; the default one is
/// no name. '/' is legal: AMQP and MQTT clients use it, and the REST front escapes it in a path as it does any other character.
/// </summary>
public readonly record struct QueueName
{
    private readonly string? _value;

    private QueueName(string value) => _value = value;

    /// <summary>The name as it was given; empty for the default value, which is no name.</summary>
    public string Value => _value ?? "";

    /// <summary>False for what is no legal name.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out QueueName value)
    {
        value = default;
        if (!NameRules.IsLegal(text)) return false;
        value = new QueueName(text!);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
