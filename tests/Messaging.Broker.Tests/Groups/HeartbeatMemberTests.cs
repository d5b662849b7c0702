using Messaging.Broker.Groups;

namespace Messaging.Broker.Tests.Groups;

public sealed class HeartbeatMemberTests
{
    [Fact]
    public void A_heartbeat_that_changes_nothing_journals_nothing()
    {
        var group = new GroupHarness();
        group.Topics.Grow("t", 4);
        MemberAnswer one = group.Join(GroupHarness.Request("t"));
        int journaled = group.Journaled;
        Assert.Equal(one.Assigned, group.Beat(one).Assigned);
        Assert.Equal(journaled, group.Journaled);
    }

    [Fact]
    public void Cooperative_members_keep_what_stays_and_a_partition_is_given_only_once_it_was_given_up()
    {
        var group = new GroupHarness();
        group.Topics.Grow("t", 4);
        MemberAnswer one = group.Join(GroupHarness.Request("t"));
        MemberAnswer two = group.Join(GroupHarness.Request("t"));
        Assert.Equal((2, 0, false), (two.Generation, two.Assigned.Length, two.IsSettled));
        Assert.Equal(GroupStatus.Reconciling, group.State.Status);

        // Asked twice, and it takes its time.
        MemberAnswer asked = group.Hold(group.Hold(one));
        Assert.Equal((1, 2, 2), (asked.Generation, asked.Assigned.Length, asked.Revoked.Length));
        Assert.Empty(group.Beat(two).Assigned);

        one = group.Beat(asked);
        Assert.Equal(2, one.Generation);
        Assert.Equal(asked.Assigned, one.Assigned);
        Assert.Empty(one.Revoked);
        two = group.Beat(two);
        Assert.Equal(asked.Revoked, two.Assigned);
        Assert.Equal(GroupStatus.Stable, group.State.Status);
    }

    [Fact]
    public void Whoever_has_something_to_give_up_gets_nothing_before()
    {
        var group = new GroupHarness();
        PartitionRef[] first = group.Topics.Grow("t", 2);
        PartitionRef[] second = group.Topics.Grow("u", 2);
        MemberAnswer one = group.Join(GroupHarness.Request("t", "u"));
        group.Join(GroupHarness.Request("t"));
        // Now only "u" is its own, and there is more of it.
        PartitionRef[] more = group.Topics.Grow("u", 2);
        group.TopicsChanged();
        MemberAnswer asked = group.Hold(one);
        Assert.Equal(first, asked.Revoked);
        Assert.Equal(second, asked.Assigned);
        Assert.Equal(more, group.Beat(asked).Assigned);
    }

    [Fact]
    public void A_member_that_gives_up_nothing_within_its_rebalance_time_is_none()
    {
        var group = new GroupHarness();
        group.Topics.Grow("t", 4);
        MemberAnswer one = group.Join(GroupHarness.Request("t"));
        MemberAnswer two = group.Join(GroupHarness.Request("t"));
        for (int i = 0; i < 5; i++)
        {
            group.Advance(5);
            one = group.Hold(one);
            two = group.Beat(two);
        }

        group.Advance(5);
        Assert.Equal(ErrorCode.UnknownMember, group.TryBeat(one.Id, one.Generation, one.Assigned).Error?.Code);
        Assert.Equal(4, group.Beat(two).Assigned.Length);
    }

    [Fact]
    public void Eager_members_give_up_everything_and_get_the_new_assignment_when_the_last_one_has()
    {
        var group = new GroupHarness();
        group.Topics.Grow("t", 4);
        MemberAnswer one = group.Join(GroupHarness.Eager("t"));
        Assert.Equal((1, 4), (one.Generation, one.Assigned.Length));
        MemberAnswer two = group.Join(GroupHarness.Eager("t"));
        Assert.Equal(GroupStatus.PreparingRebalance, group.State.Status);
        Assert.Empty(two.Assigned);
        MemberAnswer asked = group.Hold(one);
        Assert.Equal((1, 0, 4), (asked.Generation, asked.Assigned.Length, asked.Revoked.Length));
        // Commits of what it was doing are good while it gives up.
        Assert.Null(group.Commit(new OffsetCommit(one.Assigned[0], 5), one.Id, one.Generation));
        Assert.Empty(group.Beat(two).Assigned);

        one = group.Beat(asked);
        Assert.Equal((2, 2), (one.Generation, one.Assigned.Length));
        Assert.Equal(GroupStatus.CompletingRebalance, group.State.Status);
        Assert.Equal(ErrorCode.RebalanceInProgress, group.Commit(new OffsetCommit(one.Assigned[0], 5), two.Id, two.Generation));
        two = group.Beat(two);
        Assert.Equal((2, 2), (two.Generation, two.Assigned.Length));
        Assert.Equal(GroupStatus.Stable, group.State.Status);
    }

    [Fact]
    public void An_eager_group_goes_on_without_whoever_does_not_give_up_in_time()
    {
        var group = new GroupHarness();
        group.Topics.Grow("t", 4);
        MemberAnswer one = group.Join(GroupHarness.Eager("t"));
        MemberAnswer two = group.Join(GroupHarness.Eager("t") with { SessionSeconds = 1_800 });
        for (int i = 0; i < 5; i++)
        {
            group.Advance(5);
            one = group.Hold(one);
        }

        group.Advance(5);
        group.Tick();
        Assert.Equal(4, group.Beat(two).Assigned.Length);
        Assert.Equal(ErrorCode.UnknownMember, group.TryBeat(one.Id, one.Generation).Error?.Code);
    }

    [Fact]
    public void A_stale_generation_and_an_unknown_member_are_told_apart()
    {
        var group = new GroupHarness();
        group.Topics.Grow("t", 4);
        MemberAnswer one = group.Join(GroupHarness.Request("t"));
        MemberAnswer two = group.Join(GroupHarness.Request("t"));
        one = group.Beat(group.Hold(one));
        group.Leave(two.Id);
        one = group.Beat(one);
        Assert.Equal(3, one.Generation);
        Assert.Equal(ErrorCode.StaleGeneration, group.TryBeat(one.Id, 1).Error?.Code);
        Assert.Equal(ErrorCode.StaleGeneration, group.TryBeat(one.Id, 4).Error?.Code);
        Assert.Equal(ErrorCode.UnknownMember, group.TryBeat(two.Id, 2).Error?.Code);
        Assert.Equal(ErrorCode.UnknownMember, group.TryBeat(one.Id, 3, instance: "i").Error?.Code);
    }

    [Fact]
    public void A_client_that_missed_its_last_answer_is_told_again_and_gives_up_nothing_by_it()
    {
        var group = new GroupHarness();
        group.Topics.Grow("t", 4);
        MemberAnswer one = group.Join(GroupHarness.Request("t"));
        MemberAnswer two = group.Join(GroupHarness.Request("t"));
        one = group.Beat(group.Hold(one));
        MemberAnswer missed = group.Beat(two);
        Assert.Equal(2, missed.Assigned.Length);
        group.Leave(one.Id);
        missed = group.Beat(missed);
        Assert.Equal((3, 4), (missed.Generation, missed.Assigned.Length));
        MemberAnswer told = GroupHarness.Ok(group.TryBeat(two.Id, 2, []));
        Assert.Equal((3, 4), (told.Generation, told.Assigned.Length));

        // A third member wants a share. What it shows of its former generation is no answer to that.
        group.Join(GroupHarness.Request("t"));
        Assert.Equal(2, GroupHarness.Ok(group.TryBeat(two.Id, 2, [])).Revoked.Length);
        Assert.Equal(2, GroupHarness.Ok(group.TryBeat(two.Id, 3)).Revoked.Length);
        Assert.Empty(GroupHarness.Ok(group.TryBeat(two.Id, 3, [])).Revoked);
    }

    [Fact]
    public void A_restart_is_no_rebalance_and_sessions_begin_anew()
    {
        var group = new GroupHarness();
        group.Topics.Grow("t", 4);
        MemberAnswer one = group.Join(GroupHarness.Request("t"));
        MemberAnswer two = group.Join(GroupHarness.Request("t"));
        one = group.Beat(group.Hold(one));
        two = group.Beat(two);
        group.Advance(100);
        group.Recover();
        Assert.Equal((2, GroupStatus.Stable), (group.State.Members.Generation, group.State.Status));
        group.Advance(9);
        Assert.Equal(one.Assigned, group.Beat(one).Assigned);
        group.Advance(1);
        Assert.Equal(ErrorCode.UnknownMember, group.TryBeat(two.Id, two.Generation).Error?.Code);
    }

    [Fact]
    public void A_partition_under_a_lease_is_given_to_a_member_when_the_lease_is_over()
    {
        var group = new GroupHarness();
        PartitionRef[] partitions = group.Topics.Grow("t", 2);
        group.Take([new LeaseCandidate(partitions[0], 0, 0, 10)], seconds: 8);
        MemberAnswer one = group.Join(GroupHarness.Request("t"));
        Assert.Equal([partitions[1]], one.Assigned);
        Assert.False(one.IsSettled);
        group.Advance(7);
        Assert.Equal([partitions[1]], group.Beat(one).Assigned);
        group.Advance(1);
        Assert.Equal(partitions, group.Beat(one).Assigned);
        Assert.Equal(GroupStatus.Stable, group.State.Status);
    }

    [Fact]
    public void A_topic_that_grows_or_goes_is_a_new_assignment_and_one_that_did_not_is_none()
    {
        var group = new GroupHarness();
        PartitionRef[] partitions = group.Topics.Grow("t", 2);
        MemberAnswer one = group.Join(GroupHarness.Request("t", "later"));
        group.TopicsChanged();
        Assert.Equal(1, group.State.Members.Generation);
        PartitionRef[] later = group.Topics.Grow("later", 1);
        group.TopicsChanged();
        one = group.Beat(one);
        Assert.Equal(2, one.Generation);
        Assert.Equal([.. partitions, .. later], one.Assigned);
        group.Topics.Delete("t");
        group.TopicsChanged();
        Assert.Equal(partitions, group.Hold(one).Revoked);
    }
}
