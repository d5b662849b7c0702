using System.Buffers;
using System.Text;
using Messaging.Broker.Groups.Assignment;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Groups;

/// <summary>
/// What a checkpoint keeps of a group. Two groups of the same state have the same bytes: members stand in their order, partitions in that of their streams.
/// </summary>
/// <remarks>
/// Varints, unsigned or zigzag (z); texts and partitions as in <see cref="GroupEntryKind"/>:
/// <code>
/// version = 128 | account | namespace | name | last now | offset retention ms
/// protocol | strategy | generation | empty since
/// members | (member id | profile | fenced: 1 and the id, or 0 | generation reached | the one before | partitions that it has)...
/// stale: 1 or 0 | partitions that are shared out | (place of the owner + 1; nobody: 0)... for each of them
/// last nonce | leased until
/// partitions with progress | (stream id - the one before z | offset + 1 | leader's epoch + 1 | metadata | committed
///                             | served nonce | settled nonce | lease: its nonce, from, to - from, until; or 0)...
/// </code>
/// Not in it: when members were last heard of. docs/formats.md names this page.
/// </remarks>
internal static class GroupSnapshot
{
    /// <summary>The first byte: from 128 on, a group's.</summary>
    public const byte Version = 128;

    public static void Write(GroupState state, IBufferWriter<byte> destination)
    {
        var writer = new BufferEntryWriter(destination);
        writer.Byte(Version);
        GroupEntries.WriteKey(ref writer, state.Key);
        writer.Unsigned(state.LastNowMs);
        writer.Unsigned(state.OffsetRetentionMs);
        WriteMembers(ref writer, state.Members);
        WriteOffsets(ref writer, state.Offsets);
        writer.Flush();
    }

    /// <summary>Into a group whose state is new.</summary>
    public static void Restore(GroupState state, ReadOnlySpan<byte> snapshot)
    {
        var reader = new EntryReader(snapshot);
        if (reader.Byte() != Version) throw EntryReader.Malformed();
        state.ApplyOpened(GroupEntries.ReadKey(ref reader));
        state.RestoreTime(reader.Unsigned());
        state.ApplyRetention(reader.Unsigned());
        RestoreMembers(ref reader, state.Members, state.LastNowMs);
        RestoreOffsets(ref reader, state.Offsets);
        if (!reader.AtEnd) throw EntryReader.Malformed();
    }

    private static void WriteMembers(ref BufferEntryWriter writer, GroupMembers members)
    {
        writer.Byte((byte)members.Protocol);
        writer.Byte((byte)members.Strategy);
        writer.Unsigned(members.Generation);
        writer.Unsigned(members.EmptySinceMs);
        writer.Unsigned(members.Count);
        GroupMember[] order = members.InOrder();
        foreach (GroupMember member in order)
        {
            GroupWords.WriteId(ref writer, member.Id);
            member.Profile.Write(ref writer);
            writer.Byte(member.FencedId is null ? (byte)0 : (byte)1);
            if (member.FencedId is { } fenced) GroupWords.WriteId(ref writer, fenced);
            writer.Unsigned(member.Epoch);
            writer.Unsigned(member.PreviousEpoch);
            PartitionRef[] owned = [.. member.Owned];
            Array.Sort(owned);
            GroupWords.Write(ref writer, owned);
        }

        writer.Byte(members.IsTargetStale ? (byte)1 : (byte)0);
        GroupWords.WriteOwners(ref writer, members.Universe, Owners(order, members.Universe));
    }

    private static int[] Owners(GroupMember[] order, PartitionRef[] universe)
    {
        var places = new Dictionary<PartitionRef, int>();
        for (int i = 0; i < order.Length; i++)
        {
            foreach (PartitionRef partition in order[i].Target) places.Add(partition, i);
        }

        int[] owners = new int[universe.Length];
        for (int i = 0; i < universe.Length; i++) owners[i] = places.TryGetValue(universe[i], out int place) ? place : AssignmentInput.Nobody;
        return owners;
    }

    private static void RestoreMembers(ref EntryReader reader, GroupMembers members, long now)
    {
        var protocol = (GroupProtocol)reader.Byte();
        var strategy = (AssignmentStrategy)reader.Byte();
        int generation = reader.Int32();
        members.Restore(protocol, strategy, generation, emptySinceMs: reader.Unsigned());
        for (long left = reader.Unsigned(); left > 0; left--)
        {
            MemberId id = GroupWords.ReadId(ref reader);
            MemberProfile profile = MemberProfile.Read(ref reader);
            MemberId? fenced = reader.Byte() == 1 ? GroupWords.ReadId(ref reader) : null;
            int epoch = reader.Int32();
            int previous = reader.Int32();
            members.RestoreMember(id, profile, fenced, epoch, previous, GroupWords.Read(ref reader));
        }

        bool isStale = reader.Byte() == 1;
        PartitionRef[] universe = GroupWords.Read(ref reader);
        members.RestoreTarget(now, universe, GroupWords.ReadOwners(ref reader, universe.Length), isStale);
    }

    private static void WriteOffsets(ref BufferEntryWriter writer, GroupOffsets offsets)
    {
        writer.Unsigned(offsets.LastNonce);
        writer.Unsigned(offsets.LeasedUntilMs);
        writer.Unsigned(offsets.Count);
        PartitionRef[] partitions = [.. offsets.All.Keys];
        Array.Sort(partitions);
        long previous = 0;
        foreach (PartitionRef partition in partitions)
        {
            PartitionProgress progress = offsets.All[partition];
            writer.Signed(partition.StreamId - previous);
            previous = partition.StreamId;
            writer.Unsigned(progress.Offset + 1);
            writer.Unsigned(progress.LeaderEpoch + 1);
            writer.Bytes(Encoding.UTF8.GetBytes(progress.Metadata));
            writer.Unsigned(progress.CommittedMs);
            writer.Unsigned(progress.ServedNonce);
            writer.Unsigned(progress.SettledNonce);
            writer.Unsigned(progress.Lease?.Nonce ?? 0);
            if (progress.Lease is not { } lease) continue;
            writer.Unsigned(lease.From);
            writer.Unsigned(lease.To - lease.From);
            writer.Unsigned(lease.UntilMs);
        }
    }

    private static void RestoreOffsets(ref EntryReader reader, GroupOffsets offsets)
    {
        long lastNonce = reader.Unsigned();
        offsets.Restore(lastNonce, leasedUntilMs: reader.Unsigned());
        long streamId = 0;
        for (long left = reader.Unsigned(); left > 0; left--)
        {
            var partition = new PartitionRef(streamId += reader.Signed());
            var progress = new PartitionProgress
            {
                Offset = reader.Unsigned() - 1, LeaderEpoch = reader.Int32() - 1, Metadata = Encoding.UTF8.GetString(reader.Bytes()),
                CommittedMs = reader.Unsigned(), ServedNonce = reader.Unsigned(), SettledNonce = reader.Unsigned(),
            };
            if (reader.Unsigned() is > 0 and long nonce)
            {
                long from = reader.Unsigned();
                long to = from + reader.Unsigned();
                progress.Lease = new Lease(partition, from, to, reader.Unsigned(), nonce);
            }

            offsets.Restore(partition, progress);
        }
    }
}
