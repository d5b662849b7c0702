using Messaging.Broker.Groups;

namespace Messaging.Broker.Tests.Groups;

public sealed class LeaveGroupTests
{
    [Fact]
    public void What_a_leaver_had_is_free_at_once()
    {
        var group = new GroupHarness();
        group.Topics.Grow("t", 4);
        MemberAnswer one = group.Join(GroupHarness.Request("t"));
        MemberAnswer two = group.Join(GroupHarness.Request("t"));
        Assert.Null(group.Leave(one.Id));
        two = group.Beat(two);
        Assert.Equal((3, 4), (two.Generation, two.Assigned.Length));
    }

    [Fact]
    public void A_static_member_is_sent_away_by_its_instance_id()
    {
        var group = new GroupHarness();
        MemberAnswer one = group.Join(GroupHarness.Request("t") with { InstanceId = "i" });
        Assert.Null(group.Run(change => LeaveGroup.Decide(change, group.Topics, "i")));
        Assert.Equal(ErrorCode.UnknownMember, group.Run(change => LeaveGroup.Decide(change, group.Topics, "i"))?.Code);
        Assert.Equal(ErrorCode.UnknownMember, group.TryBeat(one.Id, one.Generation).Error?.Code);
    }

    [Fact]
    public void An_eager_group_whose_last_holder_leaves_has_its_new_assignment()
    {
        var group = new GroupHarness();
        group.Topics.Grow("t", 4);
        MemberAnswer one = group.Join(GroupHarness.Eager("t"));
        MemberAnswer two = group.Join(GroupHarness.Eager("t"));
        Assert.Null(group.Leave(one.Id));
        Assert.Equal(GroupStatus.CompletingRebalance, group.State.Status);
        Assert.Equal(4, group.Beat(two).Assigned.Length);
    }
}
