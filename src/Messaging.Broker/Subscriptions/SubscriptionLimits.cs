namespace Messaging.Broker.Subscriptions;

/// <summary>Every bound of subscriptions, of copies to their queues and of what is pushed for them, by name; how often a delivery is tried is bounded by <see cref="Delivery.DeliveryLimits"/>. What says no source is ours.</summary>
public static class SubscriptionLimits
{
    /// <summary>Subscriptions of one topic (memory: about 600 bytes each, and the filter); Amazon SNS has 12,500,000.</summary>
    public const int SubscriptionsPerTopicMax = 200_000;

    /// <summary>Delivery queues of those, and queues in which they gather while they are paused: a stream each, which goes with the topic in one frame.</summary>
    public const int StreamsPerTopicMax = 10_000;

    /// <summary>Subscriptions of the whole server.</summary>
    public const int SubscriptionsMax = 1_000_000;

    /// <summary>Messages of one subscription that are taken at once to be pushed.</summary>
    public const int DeliveriesPerTakeMax = 256;

    /// <summary>Bytes of them; at least one is taken, whatever its size.</summary>
    public const int DeliveryBytesPerTakeMax = 4 << 20;

    /// <summary>Receivers that wait to be told that they have ended their subscriptions; more are not told.</summary>
    public const int FarewellsMax = 1_000;

    /// <summary>Subscriptions that have ended and are looked at for whether they can be forgotten, whenever another one ends.</summary>
    public const int FarewellsSweptMax = 100;

    /// <summary>Attempts of one subscription that are remembered, in memory, some 100 bytes each.</summary>
    public const int DeliveryRecordsMax = 100;

    /// <summary>UTF-16 units of what is told of a failed delivery.</summary>
    public const int DeliveryReasonCharactersMax = 1_024;

    /// <summary>Records that one step of a copy task copies to queues, at most.</summary>
    public const int CopyRecordsMax = BrokerLimits.CallEntriesMax;

    /// <summary>Copy tasks of committed transactions that wait at once (memory: about 300 bytes each): one for each of a transaction's partitions whose topic has subscriptions. Where they would be more, it is not committed yet.</summary>
    public const int CopyTasksMax = 100_000;

    /// <summary>Copy tasks that have a step each before what is dead has its turn again, and that the sequencer is asked for at once.</summary>
    public const int CopyTasksPerTurnMax = 100;

    /// <summary>Bytes of batches that one step of a copy task reads, about. Bytes.</summary>
    public const int CopyBytesMax = 1 << 20;

    /// <summary>Transactions that are open in a partition when a subscription begins there, of which is remembered that their records come when they are committed.</summary>
    public const int CopyOpenTransactionsMax = 64;
}
