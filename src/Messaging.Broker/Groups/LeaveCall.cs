namespace Messaging.Broker.Groups;

/// <summary>A member leaves, by <see cref="LeaveGroup"/>; a static one may be sent away by its instance id alone.</summary>
internal sealed class LeaveCall(MemberId? member, string? instanceId) : IGroupCall<bool>
{
    public int BytesMax(GroupTopics topics) => MemberId.Bytes;

    public Result<bool> Decide(GroupChange change, GroupTopics topics)
    {
        BrokerError? refusal = member is { } id
            ? LeaveGroup.Decide(change, topics, new MemberCheck(id, instanceId))
            : LeaveGroup.Decide(change, topics, instanceId ?? "");
        return refusal is null ? true : refusal;
    }
}
