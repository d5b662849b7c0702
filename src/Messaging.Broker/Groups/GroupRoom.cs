using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Storage;

namespace Messaging.Broker.Groups;

/// <summary>
/// Most bytes that one command on a group appends. An operation decides by changing the state, so that it can't be measured before; a bound is enough, for room that is not used is free
/// again after the command.
/// </summary>
internal static class GroupRoom
{
    // Opened, forgotten, topics changed, members over; then the call's own two, and what follows below.
    private const int OtherEntriesMax = 6;
    // One each for changed topics, for changed members, and for an eager group that has given all up.
    private const int AssignedMax = 3;
    private const int ReconciledMax = 2;
    private const int OwnerBytesMax = 2;
    private const int HeadBytesMax = 1 + MemberId.Bytes + (5 * EntryWriter.VarintBytesMax);
    private const int KeyBytesMax = 3 * (BrokerLimits.NameBytesMax + EntryWriter.VarintBytesMax);

    private static readonly int HeadsBytesMax = (OtherEntriesMax + AssignedMax + ReconciledMax) * Command.StateBytes(HeadBytesMax);

    /// <param name="lastStreamId">The highest that any partition may have.</param>
    /// <param name="state">Null for a new group.</param>
    /// <param name="topics">Of the group's namespace.</param>
    /// <param name="more">Topics that the call brings to the group's.</param>
    /// <param name="own">Bytes of the call's own entries, without their heads.</param>
    public static int Of(long lastStreamId, GroupState? state, GroupTopics topics, IReadOnlyList<TopicName> more, int own)
    {
        long shared = 0;
        foreach (TopicName topic in more) shared += topics.CountOf(topic);
        if (state is not null)
        {
            foreach (TopicName topic in state.Members.Topics) shared += topics.CountOf(topic);
        }

        shared = Math.Min(shared, GroupLimits.PartitionsPerGroupMax);
        // A list has each partition's id as the difference from the one before, and a bit for its sign.
        long difference = VarintBytes(lastStreamId) + 1;
        long bytes = HeadsBytesMax + KeyBytesMax + own + (AssignedMax * shared * (difference + OwnerBytesMax)) + (ReconciledMax * shared * difference);
        if (state is not null)
        {
            bytes += (state.Members.Count * MemberId.Bytes) + (((ReconciledMax * (long)state.Members.Held) + state.Offsets.Count) * difference);
        }

        return checked((int)bytes);
    }

    private static int VarintBytes(long value)
    {
        int bytes = 1;
        for (; value > sbyte.MaxValue; value >>= 7) bytes++;
        return bytes;
    }
}
