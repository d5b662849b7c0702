using Google.Protobuf.Collections;
using Messaging.Broker;
using Messaging.Broker.Groups;
using Messaging.Broker.Names;
using Messaging.Broker.Topics;
using Messaging.Grpc.Calls;
using Messaging.Grpc.Errors;

namespace Messaging.Grpc.Groups;

/// <summary>Offsets that a group commits, each with its own result, or that are set for it, all of them or none.</summary>
internal static class OffsetReader
{
    public const string Place = "offsets";

    /// <summary>All offsets of a commit, which stand at <paramref name="place"/>; what is wrong with one is its own refusal.</summary>
    public static Entries<OffsetEntry> ReadEntries(RepeatedField<V1.OffsetEntry> wire, string place)
    {
        var entries = Entries<OffsetEntry>.OfCall(wire.Count, place);
        foreach (V1.OffsetEntry offset in wire)
        {
            BrokerError? refusal = Read(offset, out OffsetEntry entry);
            entries.Add(in entry, refusal);
        }
        return entries;
    }

    /// <summary>As the member that the call names, or as nobody in particular. <paramref name="place"/> is what stands before the fields, with its dot.</summary>
    public static OffsetsCommit Commit(IReadOnlyList<OffsetEntry> entries, string memberId, int? generation, string instanceId, string place = "")
    {
        if (memberId.Length > 0 != generation is not null)
            throw Refusal.Missing(place + (generation is null ? "generation" : "memberId"), "A member shows its generation.");
        if (generation < 0)
            throw Refusal.Invalid(place + "generation", "Is 0 or more.");
        return new OffsetsCommit(entries, GroupReader.MaybeMember(memberId, place + "memberId"), generation, Pages.Maybe(instanceId));
    }

    /// <summary>Of a put: one that is wrong refuses the call.</summary>
    public static OffsetEntry[] ReadAll(V1.PutGroupOffsetsRequest wire) => GroupReader.Read(wire.Offsets, Place, ReadAt);

    private static OffsetEntry ReadAt(V1.OffsetEntry wire, string place) =>
        Read(wire, out OffsetEntry entry) is { } wrong ? throw Refusal.Of(wrong with { Field = place + wrong.Field![2..] }) : entry;

    private static BrokerError? Read(V1.OffsetEntry wire, out OffsetEntry entry)
    {
        entry = default;
        if (!TopicName.TryParse(wire.Topic, out TopicName topic))
            return Names.NotA("topic", "[].topic");
        if (!wire.HasOffset)
            return Invalid("An entry has an offset.", "offset");
        if (wire.Partition is < 0 or >= TopicLimits.PartitionsMax)
            return Invalid($"Must be a whole number from 0 to {TopicLimits.PartitionsMax - 1}.", "partition");
        if (wire.Offset < 0)
            return Invalid("An offset is 0 or more.", "offset");
        if (wire is { HasLeaderEpoch: true, LeaderEpoch: < 0 })
            return Invalid("A leader's epoch is 0 or more.", "leaderEpoch");
        entry = new OffsetEntry(topic, wire.Partition, wire.Offset, wire.HasLeaderEpoch ? wire.LeaderEpoch : null, wire.Metadata);
        return null;
    }

    // The place of the entry is put before it by who knows it.
    private static BrokerError Invalid(string detail, string field) => new(ErrorCode.InvalidValue, detail, "[]." + field);
}
