using Google.Protobuf.WellKnownTypes;
using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Broker.Topics;
using Messaging.Grpc.Calls;
using Messaging.Grpc.Errors;

namespace Messaging.Grpc.Topics;

/// <summary>Which part of a partition a call is about. Offsets below 0, by which the broker knows the ends, are no offsets of the wire.</summary>
internal static class FetchPlaces
{
    private const string OffsetRule = "An offset is 0 or more.";

    /// <summary>Where a fetch begins, of what its request says at most one is there; that of a time is looked for.</summary>
    public static async ValueTask<long> FindAsync(
        TopicBroker topics, TopicKey topic, int partition, (long? Offset, V1.PartitionEnd End, Timestamp? Time) start, CancellationToken cancellationToken)
    {
        if (start.Offset is { } offset)
            return ReadOffset(offset, "offset");
        if (start.Time is not { } time)
            return ReadEnd(start.End, FetchRequest.Earliest);
        IReadOnlyList<FoundOffset> found = (await topics.FindOffsetsAsync(topic, partition, Times.Read(time, "timestamp"), cancellationToken)).OrRefuse();
        return found[0].Offset;
    }

    /// <summary>The number of a partition; whether the topic has it is the broker's to say.</summary>
    public static int ReadPartition(int partition) => partition >= 0 ? partition : throw Refusal.Invalid("partition", "The number of a partition is 0 or more.");

    public static long ReadOffset(long offset, string field) => offset >= 0 ? offset : throw Refusal.Invalid(field, OffsetRule);

    /// <summary>As the broker knows a partition's ends.</summary>
    public static long ReadEnd(V1.PartitionEnd end, long endDefault) => end switch
    {
        V1.PartitionEnd.Unspecified => endDefault,
        V1.PartitionEnd.Earliest => FetchRequest.Earliest,
        V1.PartitionEnd.Latest => FetchRequest.Latest,
        _ => throw Refusal.Invalid("end", "The end is earliest or latest."),
    };

    public static Isolation ReadIsolation(V1.Isolation isolation) => isolation switch
    {
        V1.Isolation.Unspecified or V1.Isolation.ReadUncommitted => Isolation.ReadUncommitted,
        V1.Isolation.ReadCommitted => Isolation.ReadCommitted,
        _ => throw Refusal.Invalid("isolation", "The isolation is read_uncommitted or read_committed."),
    };

    /// <summary>A fetch from there, of so many bytes as it says; null is the default.</summary>
    public static FetchRequest Request(long offset, int? maxBytes, int? minBytes, int waitSeconds, V1.Isolation isolation)
    {
        int bytesMax = Pages.Range(maxBytes ?? TopicLimits.FetchBytesDefault, 1, TopicLimits.FetchBytesMax, "maxBytes");
        int bytesMin = Pages.Range(minBytes ?? 1, 1, bytesMax, "minBytes");
        TimeSpan wait = TimeSpan.FromSeconds(Pages.Range(waitSeconds, 0, TopicLimits.FetchWaitSecondsMax, "waitSeconds"));
        return new FetchRequest(offset, bytesMax, wait, bytesMin) { Isolation = ReadIsolation(isolation) };
    }
}
