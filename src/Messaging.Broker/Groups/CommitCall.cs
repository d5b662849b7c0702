using System.Text;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Groups;

/// <summary>Offsets are committed, by <see cref="CommitOffsets"/>: one outcome an entry, in their order.</summary>
internal sealed class CommitCall(OffsetsCommit commit) : IGroupCall<BrokerError?[]>
{
    private const int NumbersBytesMax = 4 * EntryWriter.VarintBytesMax;

    public bool Makes => true;

    public bool Wakes => true;

    public int BytesMax(GroupTopics topics)
    {
        int bytes = 0;
        foreach (OffsetEntry entry in commit.Offsets) bytes += NumbersBytesMax + Encoding.UTF8.GetByteCount(entry.Metadata);
        return bytes;
    }

    public Result<BrokerError?[]> Decide(GroupChange change, GroupTopics topics)
    {
        var outcomes = new BrokerError?[commit.Offsets.Count];
        var known = new List<OffsetCommit>(outcomes.Length);
        var places = new List<int>(outcomes.Length);
        for (int i = 0; i < outcomes.Length; i++)
        {
            outcomes[i] = OffsetEntries.Resolve(topics, commit.Offsets[i], i, out OffsetCommit resolved);
            if (outcomes[i] is not null) continue;
            known.Add(resolved);
            places.Add(i);
        }

        MemberCheck? caller = commit.Member is { } id ? new MemberCheck(id, commit.InstanceId) : null;
        Result<BrokerError?[]> decided = CommitOffsets.Decide(change, topics, caller, commit.Generation ?? CommitOffsets.NoGeneration, [.. known]);
        if (!decided.IsOk) return decided;
        for (int i = 0; i < places.Count; i++) outcomes[places[i]] = decided.Value[i];
        return outcomes;
    }
}
