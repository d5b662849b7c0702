using System.Diagnostics.CodeAnalysis;

namespace Messaging.Broker.Groups;

/// <summary>What a group has committed, and what is leased. Guarded by the sequencer; recovery has one thread. Reads no clock and journals nothing.</summary>
internal sealed class GroupOffsets
{
    private readonly Dictionary<PartitionRef, PartitionProgress> _progress = [];
    // Leases end no later than this; one that was settled early counts to its end.
    private long _leasedUntilMs;
    // No offset is over before this.
    private long _nextExpiryMs;

    public int Count => _progress.Count;

    public Dictionary<PartitionRef, PartitionProgress> All => _progress;

    /// <summary>Of the last lease.</summary>
    public long LastNonce { get; private set; }

    /// <summary>No lease runs at or after this time.</summary>
    public long LeasedUntilMs => _leasedUntilMs;

    /// <summary>When the first offset may be over while the group has no members; perhaps early, never late.</summary>
    public long NextExpiryMs => Count == 0 ? long.MaxValue : _nextExpiryMs;

    public bool TryGet(PartitionRef partition, [NotNullWhen(true)] out PartitionProgress? progress) => _progress.TryGetValue(partition, out progress);

    public bool IsLeased(PartitionRef partition, long now) => TryGet(partition, out PartitionProgress? progress) && progress.LiveLease(now) is not null;

    public bool HasLiveLease(long now) => NextLeaseEndMs(now) != long.MaxValue;

    /// <summary>When the next lease that runs ends; <see cref="long.MaxValue"/> while none does. O(partitions) while one may.</summary>
    public long NextLeaseEndMs(long now)
    {
        long next = long.MaxValue;
        if (now >= _leasedUntilMs) return next;
        foreach (PartitionProgress progress in _progress.Values)
        {
            if (progress.LiveLease(now) is { } lease) next = Math.Min(next, lease.UntilMs);
        }

        return next;
    }

    /// <summary>Forgets, of a group without members, what nobody has touched for so long: a function of the time, so that nothing is journaled for it.</summary>
    public void Expire(long now, long emptySinceMs, long retentionMs)
    {
        if (now < _nextExpiryMs || Count == 0) return;
        _nextExpiryMs = long.MaxValue;
        foreach ((PartitionRef partition, PartitionProgress progress) in _progress)
        {
            long over = Math.Max(Math.Max(emptySinceMs, _leasedUntilMs), progress.CommittedMs) + retentionMs;
            if (over <= now) _progress.Remove(partition);
            else _nextExpiryMs = Math.Min(_nextExpiryMs, over);
        }
    }

    /// <summary>What offsets are kept by has changed: they are looked at anew.</summary>
    public void LookAgain() => _nextExpiryMs = 0;

    public void ApplyCommitted(long now, PartitionRef partition, long offset, int leaderEpoch, string metadata)
    {
        PartitionProgress progress = Open(partition);
        (progress.Offset, progress.LeaderEpoch, progress.Metadata) = (offset, leaderEpoch, metadata);
        (progress.CommittedMs, progress.SettledNonce) = (now, 0);
    }

    /// <summary>Whatever leases the partition has is over with it.</summary>
    public void ApplyReset(long now, PartitionRef partition, long offset)
    {
        ApplyCommitted(now, partition, offset, PartitionProgress.None, "");
        Open(partition).Lease = null;
    }

    public void ApplyLeased(Lease lease)
    {
        PartitionProgress progress = Open(lease.Partition);
        (progress.Lease, progress.ServedNonce) = (lease, lease.Nonce);
        LastNonce = Math.Max(LastNonce, lease.Nonce);
        _leasedUntilMs = Math.Max(_leasedUntilMs, lease.UntilMs);
        LookAgain();
    }

    /// <summary>The lease ends with a commit of <paramref name="next"/>, or with none where that is below 0.</summary>
    public void ApplySettled(long now, PartitionRef partition, long nonce, long next)
    {
        PartitionProgress progress = Open(partition);
        Invariant.Check(progress.Lease?.Nonce == nonce, "Only the last lease of a partition can be settled.");
        progress.Lease = null;
        if (next < 0) return;
        ApplyCommitted(now, partition, next, PartitionProgress.None, "");
        progress.SettledNonce = nonce;
    }

    public void ApplyForgotten(PartitionRef partition) => _progress.Remove(partition);

    public void Restore(long lastNonce, long leasedUntilMs) => (LastNonce, _leasedUntilMs) = (lastNonce, leasedUntilMs);

    public void Restore(PartitionRef partition, PartitionProgress progress) => _progress.Add(partition, progress);

    private PartitionProgress Open(PartitionRef partition)
    {
        if (_progress.TryGetValue(partition, out PartitionProgress? known)) return known;
        var progress = new PartitionProgress();
        _progress.Add(partition, progress);
        LookAgain();
        return progress;
    }
}
