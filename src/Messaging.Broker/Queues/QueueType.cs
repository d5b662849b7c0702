namespace Messaging.Broker.Queues;

/// <summary>How a queue orders its messages; it can't change.</summary>
public enum QueueType
{
    /// <summary>Any order, oldest first as far as possible.</summary>
    Standard = 0,

    /// <summary>In order within a message group.</summary>
    Fifo = 1,
}
