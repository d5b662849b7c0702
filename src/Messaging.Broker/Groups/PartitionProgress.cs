namespace Messaging.Broker.Groups;

/// <summary>How far a group is in one partition, and whether a part of it is leased. Guarded by the sequencer.</summary>
internal sealed class PartitionProgress
{
    /// <summary>In place of an offset or a leader's epoch: there is none.</summary>
    public const int None = -1;

    /// <summary>The next offset to read, as it was committed; <see cref="None"/> before the first commit.</summary>
    public long Offset { get; set; } = None;

    /// <summary>Of the leader that the last record came from, as the client said; <see cref="None"/> when it said nothing.</summary>
    public int LeaderEpoch { get; set; } = None;

    /// <summary>The client's own words with its commit.</summary>
    public string Metadata { get; set; } = "";

    public long CommittedMs { get; set; }

    /// <summary>The last lease, which may be over; null once it was settled.</summary>
    public Lease? Lease { get; set; }

    /// <summary>The number of the last lease ever: who was served longest ago comes next. 0 before the first.</summary>
    public long ServedNonce { get; set; }

    /// <summary>The lease whose commit was the last one, so that the same commit again is fine; 0 for none.</summary>
    public long SettledNonce { get; set; }

    public Lease? LiveLease(long now) => Lease is { } lease && lease.UntilMs > now ? lease : null;
}
