namespace Messaging.Broker.Topics;

/// <summary>Every bound of a topic, its partitions and their compaction, and of fetches, by name. Sources: api.md's tables for what a client sees; the rest is ours.</summary>
public static class TopicLimits
{
    /// <summary>Partitions of one topic.</summary>
    public const int PartitionsMax = 10_000;

    /// <summary>Partitions of all topics of the server (memory: under 1 KiB each when idle).</summary>
    public const int PartitionsOfServerMax = 200_000;

    /// <summary>Producers that one partition knows (memory: about 300 bytes each).</summary>
    public const int ProducersPerPartitionMax = 100_000;

    /// <summary>How long an idle producer is known when its records have gone: a day, as in Kafka (producer.id.expiration.ms). While they are there it is never forgotten.</summary>
    public const int ProducerIdleSeconds = 86_400;

    /// <summary>Headers of one record.</summary>
    public const int RecordHeadersMax = 100;

    /// <summary>UTF-8 bytes of a record's subject: 100 characters, as Amazon SNS has them.</summary>
    public const int SubjectBytesMax = 400;

    /// <summary>UTF-8 bytes of a header's name.</summary>
    public const int RecordHeaderNameBytesMax = 256;

    /// <summary>Stored bytes of one fetch; as many as a call may publish.</summary>
    public const int FetchBytesMax = 16 * 1024 * 1024;

    /// <summary>A fetch's bytes unless it says otherwise, as in Kafka for one partition.</summary>
    public const int FetchBytesDefault = 1024 * 1024;

    /// <summary>Fetches that wait at once on one partition.</summary>
    public const int WaitingPerPartitionMax = 10_000;

    /// <summary>How long a fetch may wait.</summary>
    public const int FetchWaitSecondsMax = 20;

    /// <summary>How long a fetch of old records leaves the disk to the journal, at most, before it reads.</summary>
    public const int ReadRestMsMax = 250;

    /// <summary>Partitions of which the heartbeat trims old records in one command, so that the sequencer is held briefly.</summary>
    public const int TrimmedPartitionsPerStepMax = 100;

    /// <summary>Seven days, as in Kafka.</summary>
    public const int TopicRetentionSecondsDefault = 604_800;

    /// <summary>As many seconds as a number of 32 bits has: 68 years. For ever is null.</summary>
    public const int TopicRetentionSecondsMax = int.MaxValue;

    /// <summary>A day, as in Kafka.</summary>
    public const int TombstoneSecondsDefault = 86_400;

    /// <summary>
    /// Keys that one pass of compaction remembers, 1,000,000 (memory: about 40 MiB, of one pass at a time): a partition with more of them is compacted in several passes.
    /// </summary>
    public const int CompactionKeysMax = 1_000_000;

    /// <summary>Stored bytes that compaction reads a second, 32 MiB, so that it leaves the disk to others.</summary>
    public const int CompactionBytesPerSecond = 32 * 1024 * 1024;

    /// <summary>Stored bytes that compaction reads between two looks at whether the broker stops; one record batch, however large.</summary>
    public const int CompactionReadBytes = 1024 * 1024;

    /// <summary>Runs of offsets that one command of compaction releases, so that the sequencer is held briefly: well under a millisecond.</summary>
    public const int CompactionRunsPerStepMax = 1_024;

    /// <summary>The least share of what a partition has that compaction has not seen, at which it begins: one half, as in Kafka (min.cleanable.dirty.ratio).</summary>
    public const double CompactionDirtyShareMin = 0.5;

    /// <summary>Times at which compaction has met tombstones that a partition remembers; also by how much of their time tombstones may be kept longer, a 32nd of it.</summary>
    public const int TombstoneMarksMax = 64;

    /// <inheritdoc cref="TombstoneMarksMax"/>
    public const int TombstoneMarksPerTime = 32;
}
