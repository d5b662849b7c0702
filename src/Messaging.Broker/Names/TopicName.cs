using System.Diagnostics.CodeAnalysis;

namespace Messaging.Broker.Names;

/// <summary>A topic's name within its namespace: 1 to 255 bytes of UTF-8 without control characters; a front may be stricter, as Kafka's is. A value; the default one is no name.</summary>
public readonly record struct TopicName
{
    private readonly string? _value;

    private TopicName(string value) => _value = value;

    /// <summary>The name as it was given; empty for the default value, which is no name.</summary>
    public string Value => _value ?? "";

    /// <summary>False for what is no legal name.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out TopicName value)
    {
        value = default;
        if (!NameRules.IsLegal(text)) return false;
        value = new TopicName(text!);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
