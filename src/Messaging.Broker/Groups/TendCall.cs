namespace Messaging.Broker.Groups;

/// <summary>What time and topics do to a group, and its end when nothing is left of it. The heartbeat's.</summary>
internal sealed class TendCall : IGroupCall<bool>
{
    private const long DeadMs = GroupLimits.DeadGroupSeconds * 1_000L;

    public bool Ends { get; private set; }

    public int BytesMax(GroupTopics topics) => 0;

    /// <summary>Nothing is left of it, and nothing has been for long enough: who joins and leaves in turns need not make it each time.</summary>
    public static bool IsOver(GroupState state, long now) => state.Status == GroupStatus.Dead && now - state.Members.EmptySinceMs >= DeadMs;

    public Result<bool> Decide(GroupChange change, GroupTopics topics)
    {
        ExpireMembers.Decide(change, topics);
        Ends = IsOver(change.State, change.NowMs);
        return true;
    }
}
