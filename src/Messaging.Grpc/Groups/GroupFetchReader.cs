using Messaging.Broker.Groups;
using Messaging.Broker.Queues;
using Messaging.Broker.Topics;
using Messaging.Grpc.Calls;
using Messaging.Grpc.Errors;

namespace Messaging.Grpc.Groups;

/// <summary>What a client that does not stay asks of a group.</summary>
internal static class GroupFetchReader
{
    public static GroupFetchRequest Read(V1.FetchForGroupRequest wire) => new()
    {
        Topics = GroupReader.ReadTopics(wire.Topics),
        RecordsMax = wire.HasMax ? Pages.Range(wire.Max, 1, GrpcLimits.FetchRecordsMax, "max") : GrpcLimits.FetchRecordsDefault,
        BytesMax = wire.HasMaxBytes ? Pages.Range(wire.MaxBytes, 1, TopicLimits.FetchBytesMax, "maxBytes") : TopicLimits.FetchBytesDefault,
        Wait = TimeSpan.FromSeconds(Pages.Range(wire.WaitSeconds, 0, TopicLimits.FetchWaitSecondsMax, "waitSeconds")),
        LeaseSeconds = wire.HasLeaseSeconds ? Pages.Range(wire.LeaseSeconds, 1, QueueLimits.LeaseSecondsMax, "leaseSeconds") : GroupLimits.GroupLeaseSecondsDefault,
        StartsAtLatest = ReadStart(wire.Start),
        Isolation = ReadIsolation(wire.Isolation),
    };

    private static bool ReadStart(V1.PartitionEnd start) => start switch
    {
        V1.PartitionEnd.Unspecified or V1.PartitionEnd.Earliest => false,
        V1.PartitionEnd.Latest => true,
        _ => throw Refusal.Invalid("start", "Must be earliest or latest."),
    };

    // Other than for a fetch from a partition: who works through records for a group is not to work on what is aborted later.
    private static Isolation ReadIsolation(V1.Isolation isolation) => isolation switch
    {
        V1.Isolation.Unspecified or V1.Isolation.ReadCommitted => Isolation.ReadCommitted,
        V1.Isolation.ReadUncommitted => Isolation.ReadUncommitted,
        _ => throw Refusal.Invalid("isolation", "Must be readCommitted or readUncommitted."),
    };
}
