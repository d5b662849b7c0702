using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Groups;

/// <summary>A group begins, and ends. It begins with the first call that needs it, in the frame of what that call does.</summary>
internal static class OpenGroup
{
    /// <summary>The entry that its stream begins with.</summary>
    public static void Decide(GroupChange change, GroupKey key)
    {
        BufferEntryWriter entry = change.BeginTimeless(GroupEntryKind.Opened);
        GroupEntries.WriteKey(ref entry, key);
        change.End(ref entry);
    }

    /// <summary>How long its offsets are kept once it has no members, where the server says otherwise than before.</summary>
    public static void Keep(GroupChange change, long offsetRetentionMs)
    {
        if (change.State.OffsetRetentionMs == offsetRetentionMs) return;
        BufferEntryWriter entry = change.Begin(GroupEntryKind.Retention);
        entry.Unsigned(offsetRetentionMs);
        change.End(ref entry);
    }

    /// <summary>Whether nobody uses it, so that its stream may be dropped; null when it may.</summary>
    public static BrokerError? MayDelete(GroupChange change, IGroupTopics topics)
    {
        ExpireMembers.Decide(change, topics);
        return change.State.Members.Count > 0 || change.State.Offsets.HasLiveLease(change.NowMs)
            ? new BrokerError(ErrorCode.GroupNotEmpty, "The consumer group has members, or a fetch that has leased records of it.")
            : null;
    }
}
