namespace Messaging.Broker.Groups;

/// <summary>Offsets are committed, all of them or none: as a part of a transaction.</summary>
internal sealed class CommitAllCall(OffsetsCommit commit) : IGroupCall<bool>
{
    private readonly CommitCall _each = new(commit);

    public bool Makes => true;

    public bool Wakes => true;

    public int BytesMax(GroupTopics topics) => _each.BytesMax(topics);

    public Result<bool> Decide(GroupChange change, GroupTopics topics)
    {
        var commits = new OffsetCommit[commit.Offsets.Count];
        for (int i = 0; i < commits.Length; i++)
        {
            if (OffsetEntries.Resolve(topics, commit.Offsets[i], i, out commits[i]) is { } unknown) return unknown;
        }

        MemberCheck? caller = commit.Member is { } id ? new MemberCheck(id, commit.InstanceId) : null;
        return CommitOffsets.DecideAll(change, topics, caller, commit.Generation ?? CommitOffsets.NoGeneration, commits) is { } refusal ? refusal : true;
    }
}
