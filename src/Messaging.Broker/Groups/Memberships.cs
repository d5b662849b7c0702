namespace Messaging.Broker.Groups;

/// <summary>What a member is told, with names in place of streams. Inside the sequencer.</summary>
internal static class Memberships
{
    private const int MsPerSecond = 1_000;

    public static Result<Membership> Of(GroupChange change, GroupTopics topics, in Result<MemberAnswer> answer)
    {
        if (!answer.IsOk) return answer.Error;
        MemberAnswer told = answer.Value;
        change.State.Members.TryGet(told.Id, out GroupMember? member);
        int session = member!.Profile.SessionMs / MsPerSecond;
        return new Membership(told.Id, told.Generation, topics.Name(told.Assigned), topics.Name(told.Revoked), told.IsSettled, session);
    }
}
