using System.Text;
using Messaging.Broker.Groups.Assignment;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Groups;

/// <summary>The fold: applies journal entries to a group's state, those of a live command too. <see cref="GroupEntryKind"/> has the byte table.</summary>
internal static class GroupEntries
{
    public static void Apply(GroupState state, ReadOnlySpan<byte> entry)
    {
        var reader = new EntryReader(entry);
        var kind = (GroupEntryKind)reader.Byte();
        if (kind == GroupEntryKind.Opened)
        {
            state.ApplyOpened(ReadKey(ref reader));
            return;
        }

        long now = reader.Unsigned();
        state.Advance(now);
        switch (kind)
        {
            case GroupEntryKind.Joined:
                MemberId joined = GroupWords.ReadId(ref reader);
                var protocol = (GroupProtocol)reader.Byte();
                var strategy = (AssignmentStrategy)reader.Byte();
                state.Members.ApplyJoined(now, joined, MemberProfile.Read(ref reader), protocol, strategy);
                break;
            case GroupEntryKind.Replaced:
                MemberId old = GroupWords.ReadId(ref reader);
                MemberId replacing = GroupWords.ReadId(ref reader);
                state.Members.ApplyReplaced(now, old, replacing, MemberProfile.Read(ref reader));
                break;
            case GroupEntryKind.Left:
                Left(state, ref reader, now);
                break;
            case GroupEntryKind.TopicsChanged:
                state.Members.ApplyTopicsChanged(now);
                break;
            case GroupEntryKind.Assigned:
                int generation = reader.Int32();
                PartitionRef[] universe = GroupWords.Read(ref reader);
                state.Members.ApplyAssigned(now, generation, universe, GroupWords.ReadOwners(ref reader, universe.Length));
                break;
            case GroupEntryKind.Reconciled:
                MemberId id = GroupWords.ReadId(ref reader);
                int epoch = reader.Int32();
                PartitionRef[] revoked = GroupWords.Read(ref reader);
                state.Members.ApplyReconciled(id, epoch, revoked, GroupWords.Read(ref reader));
                break;
            case GroupEntryKind.Retention:
                state.ApplyRetention(reader.Unsigned());
                break;
            case GroupEntryKind.Forgotten:
                foreach (PartitionRef partition in GroupWords.Read(ref reader)) state.Offsets.ApplyForgotten(partition);
                break;
            case GroupEntryKind.Committed or GroupEntryKind.Reset or GroupEntryKind.Leased or GroupEntryKind.Settled:
                ApplyOffsets(state.Offsets, kind, ref reader, now);
                break;
            case GroupEntryKind.Opened:
            default:
                throw EntryReader.Malformed();
        }
    }

    public static GroupKey ReadKey(ref EntryReader reader)
    {
        bool isLegal = AccountId.TryParse(Encoding.UTF8.GetString(reader.Bytes()), out AccountId account);
        isLegal &= NamespaceName.TryParse(Encoding.UTF8.GetString(reader.Bytes()), out NamespaceName space);
        isLegal &= GroupName.TryParse(Encoding.UTF8.GetString(reader.Bytes()), out GroupName name);
        return isLegal ? new GroupKey(account, space, name) : throw EntryReader.Malformed();
    }

    public static void WriteKey(ref BufferEntryWriter writer, GroupKey key)
    {
        writer.Bytes(Encoding.UTF8.GetBytes(key.Account.Value));
        writer.Bytes(Encoding.UTF8.GetBytes(key.Namespace.Value));
        writer.Bytes(Encoding.UTF8.GetBytes(key.Name.Value));
    }

    private static void Left(GroupState state, ref EntryReader reader, long now)
    {
        var ids = new List<MemberId>();
        while (!reader.AtEnd) ids.Add(GroupWords.ReadId(ref reader));
        state.ApplyLeft(now, [.. ids]);
    }

    private static void ApplyOffsets(GroupOffsets offsets, GroupEntryKind kind, ref EntryReader reader, long now)
    {
        bool isLease = kind == GroupEntryKind.Leased;
        long until = isLease ? now + reader.Unsigned() : 0;
        long nonce = isLease ? reader.Unsigned() : 0;
        for (long streamId = 0; !reader.AtEnd; nonce++)
        {
            var partition = new PartitionRef(streamId += reader.Signed());
            long first = reader.Unsigned();
            if (kind == GroupEntryKind.Reset) offsets.ApplyReset(now, partition, first);
            else if (isLease) offsets.ApplyLeased(new Lease(partition, first, first + reader.Unsigned(), until, nonce));
            else if (kind == GroupEntryKind.Settled) offsets.ApplySettled(now, partition, first, reader.Unsigned() - 1);
            else offsets.ApplyCommitted(now, partition, first, reader.Int32() - 1, Encoding.UTF8.GetString(reader.Bytes()));
        }
    }
}
