using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Groups;

/// <summary>Leases of a group fetch, by <see cref="TakeLeases"/>, over all partitions of its topics. Where there is nothing to take it writes nothing.</summary>
internal sealed class TakeCall(GroupFetchRequest request) : IGroupCall<GroupTake>
{
    private const long MsPerSecond = 1_000;
    private const int NumbersBytesMax = 4 * EntryWriter.VarintBytesMax;

    // What a look has found nothing to take of: records are synced outside of the sequencer, so that who looks again may find more.
    private LeaseCandidate[]? _quiet;

    public bool Makes => true;

    // A lease takes up to three numbers, and a partition whose start is committed four.
    public int BytesMax(GroupTopics topics)
    {
        int partitions = request.StartsAtLatest ? Count(topics) : 0;
        return (partitions + GroupLimits.LeasesPerFetchMax) * NumbersBytesMax;
    }

    public bool IsQuiet(GroupState state, GroupTopics topics, long now)
    {
        if (state.Members.Count > 0 || Find(topics, out LivePartition[] partitions) is not null) return true;
        LeaseCandidate[] candidates = Candidates(partitions);
        if (TakeLeases.Takes(state.Offsets, candidates, now)) return false;
        _quiet = candidates;
        return true;
    }

    public Result<GroupTake> Decide(GroupChange change, GroupTopics topics)
    {
        if (Find(topics, out LivePartition[] partitions) is { } unknown) return unknown;
        LeaseCandidate[] candidates = _quiet ?? Candidates(partitions);
        _quiet = null;
        Result<Lease[]> taken = TakeLeases.Decide(change, topics, candidates, request.RecordsMax, request.LeaseSeconds * MsPerSecond);
        if (!taken.IsOk) return taken.Error;
        var leased = new LivePartition[taken.Value.Length];
        for (int i = 0; i < leased.Length; i++)
        {
            bool isThere = topics.TryGet(taken.Value[i].Partition, out LivePartition? partition);
            Invariant.Check(isThere, "What is leased is one of the candidates.");
            leased[i] = partition!;
        }

        PartitionOffsets[] offsets = Array.ConvertAll(leased, Ends);
        long next = change.State.Offsets.NextLeaseEndMs(change.NowMs);
        return new GroupTake(change.State.StreamId, taken.Value, leased, offsets, next == long.MaxValue ? next : next - change.NowMs);
    }

    /// <summary>All partitions of the topics, or why not.</summary>
    public BrokerError? Find(GroupTopics topics, out LivePartition[] partitions)
    {
        var all = new List<LivePartition>();
        partitions = [];
        for (int i = 0; i < request.Topics.Count; i++)
        {
            if (topics.Find(request.Topics[i], $"topics[{i}]", out LivePartition[] some) is { } refusal) return refusal;
            all.AddRange(some);
        }

        partitions = [.. all];
        return partitions.Length <= GroupLimits.PartitionsPerGroupMax ? null : GroupRefusals.TooManyPartitions;
    }

    private int Count(GroupTopics topics)
    {
        int count = 0;
        foreach (TopicName topic in request.Topics) count += topics.CountOf(topic);
        return count;
    }

    private static PartitionOffsets Ends(LivePartition partition) => partition.Offsets.Below(partition.LastStable);

    private LeaseCandidate[] Candidates(LivePartition[] partitions)
    {
        var candidates = new LeaseCandidate[partitions.Length];
        for (int i = 0; i < candidates.Length; i++)
        {
            PartitionOffsets offsets = Ends(partitions[i]);
            long end = request.Isolation == Isolation.ReadCommitted ? offsets.LastStable : offsets.HighWatermark;
            long start = request.StartsAtLatest ? offsets.HighWatermark : offsets.Low;
            candidates[i] = new LeaseCandidate(new PartitionRef(partitions[i].Stream.Id), offsets.Low, start, end);
        }

        return candidates;
    }
}
