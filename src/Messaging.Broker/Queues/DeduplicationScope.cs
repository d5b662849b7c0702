namespace Messaging.Broker.Queues;

/// <summary>Within what a deduplication id is one message.</summary>
public enum DeduplicationScope
{
    /// <summary>The whole queue.</summary>
    Queue = 0,

    /// <summary>Its message group; messages without one are a group of their own.</summary>
    Group = 1,
}
