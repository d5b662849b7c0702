namespace Messaging.Broker.Groups;

/// <summary>A member is there, by <see cref="HeartbeatMember"/>. Most of the time it writes nothing.</summary>
internal sealed class HeartbeatCall(HeartbeatRequest request) : IGroupCall<Membership>
{
    private readonly MemberCheck _caller = new(request.Member, request.InstanceId);

    public int BytesMax(GroupTopics topics) => 0;

    public bool IsQuiet(GroupState state, GroupTopics topics, long now) =>
        _caller.Find(state.Members, out GroupMember? member) is not null || state.Members.IsSettledFor(member!);

    public Result<Membership> Decide(GroupChange change, GroupTopics topics) =>
        Memberships.Of(change, topics, HeartbeatMember.Decide(change, topics, _caller, request.Generation, Shown(change.State, topics)));

    // What is no more can't be named any more by the client: it has given that up, whatever else it says.
    private PartitionRef[]? Shown(GroupState state, GroupTopics topics)
    {
        if (request.Owned is not null) return topics.Resolve(request.Owned);
        if (!state.Members.TryGet(request.Member, out GroupMember? member)) return null;
        var there = new List<PartitionRef>(member.Owned.Count);
        foreach (PartitionRef partition in member.Owned)
        {
            if (topics.TryGet(partition, out _)) there.Add(partition);
        }

        return there.Count == member.Owned.Count ? null : [.. there];
    }
}
