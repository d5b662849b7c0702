using Messaging.Broker.Queues;

namespace Messaging.Broker.Groups;

/// <summary>Offsets are set from outside, by <see cref="ResetOffsets"/>: all or nothing.</summary>
internal sealed class PutOffsetsCall(IReadOnlyList<OffsetEntry> offsets) : IGroupCall<bool>
{
    public bool Makes => true;

    public bool Wakes => true;

    public int BytesMax(GroupTopics topics) => offsets.Count * 2 * EntryWriter.VarintBytesMax;

    public Result<bool> Decide(GroupChange change, GroupTopics topics)
    {
        var resolved = new OffsetCommit[offsets.Count];
        for (int i = 0; i < resolved.Length; i++)
        {
            if (OffsetEntries.Resolve(topics, offsets[i], i, out resolved[i]) is { } unknown) return unknown;
        }

        return ResetOffsets.Decide(change, topics, resolved) is { } refusal ? refusal : true;
    }
}
