using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Groups;

/// <summary>What a client that does not stay asks of a group. Immutable.</summary>
public sealed record GroupFetchRequest
{
    /// <summary>Topics of the group's namespace, 1 to <see cref="GroupLimits.TopicsPerGroupFetchMax"/>, each once.</summary>
    public IReadOnlyList<TopicName> Topics { get; init; } = [];

    /// <summary>Records at most, 1 to <see cref="GroupLimits.GroupFetchRecordsMax"/>; offsets without records count as well.</summary>
    public int RecordsMax { get; init; } = 100;

    /// <summary>Stored bytes at which no further partition is read; one record batch of a partition is, however large.</summary>
    public int BytesMax { get; init; } = TopicLimits.FetchBytesDefault;

    /// <summary>How long it waits for the first record; 0 to <see cref="TopicLimits.FetchWaitSecondsMax"/>.</summary>
    public TimeSpan Wait { get; init; }

    /// <summary>How long it has its records to itself.</summary>
    public int LeaseSeconds { get; init; } = GroupLimits.GroupLeaseSecondsDefault;

    /// <summary>
    /// A group without an offset begins behind the last record there is, and not, as it does else so that it misses none, with the first.
    /// </summary>
    public bool StartsAtLatest { get; init; }

    /// <summary>Whether records of transactions that have not ended, or were aborted, are left out: they are, unless asked for.</summary>
    public Isolation Isolation { get; init; } = Isolation.ReadCommitted;

    /// <summary>The first rule that the request breaks; null when it is legal.</summary>
    internal BrokerError? Validate()
    {
        if (Topics.Count is 0 or > GroupLimits.TopicsPerGroupFetchMax)
        {
            return new BrokerError(ErrorCode.InvalidValue, $"A group fetch names 1 to {GroupLimits.TopicsPerGroupFetchMax} topics.", "topics");
        }

        if (new HashSet<TopicName>(Topics).Count < Topics.Count) return new BrokerError(ErrorCode.InvalidValue, "A group fetch names each topic once.", "topics");
        if (Wait < TimeSpan.Zero || Wait > TimeSpan.FromSeconds(TopicLimits.FetchWaitSecondsMax))
        {
            return new BrokerError(ErrorCode.InvalidValue, $"waitSeconds is 0 to {TopicLimits.FetchWaitSecondsMax}.", "waitSeconds");
        }

        return QueueDefinition.Range("max", RecordsMax, 1, GroupLimits.GroupFetchRecordsMax)
            ?? QueueDefinition.Range("maxBytes", BytesMax, 1, TopicLimits.FetchBytesMax)
            ?? QueueDefinition.Range("leaseSeconds", LeaseSeconds, 1, QueueLimits.LeaseSecondsMax);
    }
}
