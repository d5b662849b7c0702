using Messaging.Broker.Queues;

namespace Messaging.Broker.Groups;

/// <summary>The leases of a token end, by <see cref="SettleLeases"/>: committed or given back. That the token is genuine was checked before.</summary>
internal sealed class SettleCall(CommitToken token, bool isCommit) : IGroupCall<bool>
{
    public bool Wakes => true;

    public int BytesMax(GroupTopics topics) => token.Leases.Count * 3 * EntryWriter.VarintBytesMax;

    public Result<bool> Decide(GroupChange change, GroupTopics topics)
    {
        BrokerError? refusal = isCommit ? SettleLeases.Commit(change, token) : SettleLeases.Release(change, token);
        return refusal is null ? true : refusal;
    }
}
