using Messaging.Broker.Groups;

namespace Messaging.Broker.Tests.Groups;

public sealed class ExpireMembersTests
{
    [Fact]
    public void A_silent_member_is_none_when_its_session_is_over_and_others_get_what_it_had()
    {
        var group = new GroupHarness();
        group.Topics.Grow("t", 4);
        MemberAnswer one = group.Join(GroupHarness.Request("t") with { SessionSeconds = 20 });
        Assert.Equal(group.NowMs + 20_000, group.State.NextDueMs);
        MemberAnswer two = group.Join(GroupHarness.Request("t") with { InstanceId = "i", SessionSeconds = 10 });
        one = group.Beat(group.Hold(one));
        two = group.Beat(two);
        group.Advance(9.999);
        group.Tick();
        Assert.Equal(2, group.State.Members.Count);
        group.Advance(0.001);
        group.Tick();
        Assert.Equal(1, group.State.Members.Count);
        Assert.Equal(4, group.Beat(one).Assigned.Length);
        Assert.Equal(ErrorCode.UnknownMember, group.TryBeat(two.Id, two.Generation, instance: "i").Error?.Code);
        group.Recover();
    }

    [Fact]
    public void A_group_whose_last_member_is_over_is_empty_or_dead()
    {
        var group = new GroupHarness();
        PartitionRef[] partitions = group.Topics.Grow("t", 4);
        MemberAnswer one = group.Join(GroupHarness.Request("t"));
        group.Advance(10);
        group.Tick();
        Assert.Equal(GroupStatus.Dead, group.State.Status);
        one = group.Join(GroupHarness.Request("t"));
        Assert.Equal(2, one.Generation);
        Assert.Null(group.Commit(new OffsetCommit(partitions[0], 3), one.Id, 2));
        Assert.Null(group.Leave(one.Id));
        Assert.Equal(GroupStatus.Empty, group.State.Status);
        Assert.Equal(ErrorCode.UnknownMember, group.Leave(one.Id));
    }
}
