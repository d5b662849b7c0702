namespace Messaging.Broker.Topics;

/// <summary>Whose time a record carries; Kafka's message.timestamp.type.</summary>
public enum TopicTimestamps
{
    /// <summary>Its producer's, or that of its publish where the producer gave none.</summary>
    Create,

    /// <summary>That of its publish, whatever the producer says.</summary>
    Append,
}
