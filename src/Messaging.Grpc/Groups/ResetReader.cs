using Messaging.Broker.Groups;
using Messaging.Broker.Topics;
using Messaging.Grpc.Calls;
using Messaging.Grpc.Errors;

namespace Messaging.Grpc.Groups;

/// <summary>Where a group is to go on: an end, a time, or one offset of partitions that are named.</summary>
internal static class ResetReader
{
    /// <summary>To an end or a time.</summary>
    public static OffsetReset ReadReset(V1.ResetGroupRequest wire) => new(ReadAt(wire), GroupReader.ReadTargets(wire.Topics));

    /// <summary>To an offset.</summary>
    public static OffsetEntry[] ReadOffsets(V1.ResetGroupRequest wire)
    {
        if (wire.Offset < 0)
            throw Refusal.Invalid("offset", "An offset is 0 or more.");
        ResetTarget[] targets = GroupReader.ReadTargets(wire.Topics);
        if (targets.Length == 0 || !Array.TrueForAll(targets, static target => target.Partition is not null))
            throw Refusal.Missing("topics", "An offset is one of partitions: name each with its topic.");
        return Array.ConvertAll(targets, target => new OffsetEntry(target.Topic, target.Partition!.Value, wire.Offset));
    }

    private static long ReadAt(V1.ResetGroupRequest wire) => wire.ToCase switch
    {
        V1.ResetGroupRequest.ToOneofCase.Time => Times.Read(wire.Time, "time"),
        V1.ResetGroupRequest.ToOneofCase.End when wire.End == V1.PartitionEnd.Earliest => FetchRequest.Earliest,
        V1.ResetGroupRequest.ToOneofCase.End when wire.End == V1.PartitionEnd.Latest => FetchRequest.Latest,
        V1.ResetGroupRequest.ToOneofCase.End when wire.End != V1.PartitionEnd.Unspecified => throw Refusal.Invalid("end", "An end is earliest or latest."),
        _ => throw Refusal.Missing("to", "A reset says where to: an end, a time or an offset."),
    };
}
