using Messaging.Broker.Queues;

namespace Messaging.Broker.Groups;

/// <summary>
/// A fetch ends its leases: with a commit of what it was given, or without one. All or nothing; the same commit again, whose answer was lost, is fine as long
/// as nobody has gone on since. That the token is one of this server is for the caller to check, outside of the sequencer:
/// <see cref="CommitToken.IsGenuine"/>.
/// </summary>
internal static class SettleLeases
{
    /// <summary>Null when the token's offsets are committed and its leases over.</summary>
    public static BrokerError? Commit(GroupChange change, CommitToken token)
    {
        if (token.GroupStreamId != change.State.StreamId) return GroupRefusals.TokenInvalid;
        var live = new List<TokenLease>(token.Leases.Count);
        foreach (TokenLease lease in token.Leases)
        {
            PartitionProgress? progress = Progress(change, lease);
            if (IsLive(progress, lease, change.NowMs)) live.Add(lease);
            else if (progress is null || progress.SettledNonce != lease.Nonce || progress.Offset != lease.Next) return GroupRefusals.LeaseOver;
        }

        Write(change, live, isCommit: true);
        return null;
    }

    /// <summary>What is leased by the token is there for the next fetch. Leases that are over are so already. Null when it is done.</summary>
    public static BrokerError? Release(GroupChange change, CommitToken token)
    {
        if (token.GroupStreamId != change.State.StreamId) return GroupRefusals.TokenInvalid;
        var live = new List<TokenLease>(token.Leases.Count);
        foreach (TokenLease lease in token.Leases)
        {
            if (IsLive(Progress(change, lease), lease, change.NowMs)) live.Add(lease);
        }

        Write(change, live, isCommit: false);
        return null;
    }

    private static PartitionProgress? Progress(GroupChange change, TokenLease lease) =>
        change.State.Offsets.TryGet(lease.Partition, out PartitionProgress? progress) ? progress : null;

    private static bool IsLive(PartitionProgress? progress, TokenLease lease, long now) => progress?.LiveLease(now)?.Nonce == lease.Nonce;

    private static void Write(GroupChange change, List<TokenLease> leases, bool isCommit)
    {
        if (leases.Count == 0) return;
        BufferEntryWriter entry = change.Begin(GroupEntryKind.Settled);
        long previous = 0;
        foreach (TokenLease lease in leases)
        {
            entry.Signed(lease.Partition.StreamId - previous);
            previous = lease.Partition.StreamId;
            entry.Unsigned(lease.Nonce);
            entry.Unsigned(isCommit ? lease.Next + 1 : 0);
        }

        change.End(ref entry);
    }
}
