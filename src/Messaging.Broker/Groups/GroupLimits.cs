namespace Messaging.Broker.Groups;

/// <summary>Every bound of consumer groups, by name. Sources: api.md's tables for what a client sees; the rest is ours.</summary>
public static class GroupLimits
{
    /// <summary>Consumer groups of the whole server (memory: under 2 KiB each while it has no members).</summary>
    public const int GroupsMax = 100_000;

    /// <summary>Members of one consumer group.</summary>
    public const int MembersPerGroupMax = 1_000;

    /// <summary>Topics that one member subscribes to.</summary>
    public const int TopicsPerMemberMax = 1_000;

    /// <summary>Partitions that one consumer group shares out, and those that it has offsets of (memory: about 200 bytes each, and the metadata).</summary>
    public const int PartitionsPerGroupMax = 100_000;

    /// <summary>UTF-8 bytes of a static member's instance id.</summary>
    public const int InstanceIdBytesMax = 255;

    /// <summary>UTF-8 bytes of what a member says of its client: name and host.</summary>
    public const int ClientTextBytesMax = 255;

    /// <summary>How long a member may be silent, at least; group.min.session.timeout.ms of Kafka.</summary>
    public const int SessionSecondsMin = 6;

    /// <summary>Half an hour; group.max.session.timeout.ms of Kafka.</summary>
    public const int SessionSecondsMax = 1_800;

    /// <summary>session.timeout.ms of Kafka.</summary>
    public const int SessionSecondsDefault = 45;

    /// <summary>How long a member may take to give partitions up, at least.</summary>
    public const int RebalanceSecondsMin = 1;

    /// <summary>A day.</summary>
    public const int RebalanceSecondsMax = 86_400;

    /// <summary>Five minutes; max.poll.interval.ms of Kafka.</summary>
    public const int RebalanceSecondsDefault = 300;

    /// <summary>UTF-8 bytes of the metadata of a committed offset; offset.metadata.max.bytes of Kafka.</summary>
    public const int OffsetMetadataBytesMax = 4_096;

    /// <summary>How long the offsets of a consumer group without members are kept unless the server says otherwise: 7 days, offsets.retention.minutes of Kafka.</summary>
    public const int OffsetRetentionSecondsDefault = 604_800;

    /// <summary>Partitions that one fetch of a consumer group leases.</summary>
    public const int LeasesPerFetchMax = 100;

    /// <summary>Topics that one fetch of a consumer group names.</summary>
    public const int TopicsPerGroupFetchMax = 100;

    /// <summary>Records of one fetch of a consumer group.</summary>
    public const int GroupFetchRecordsMax = 10_000;

    /// <summary>How long a fetch of a consumer group has its records to itself unless it says otherwise; at most <see cref="Queues.QueueLimits.LeaseSecondsMax"/>.</summary>
    public const int GroupLeaseSecondsDefault = 30;

    /// <summary>Offsets that one call commits or sets.</summary>
    public const int OffsetsPerCallMax = 10_000;

    /// <summary>A consumer group of which nothing is left, neither members nor offsets, is dropped after so long.</summary>
    public const int DeadGroupSeconds = 300;
}
