using Messaging.Broker.Groups;
using Messaging.Broker.Groups.Assignment;

namespace Messaging.Broker.Tests.Groups;

public sealed class JoinGroupTests
{
    [Fact]
    public void The_first_member_gets_everything_at_once()
    {
        var group = new GroupHarness();
        PartitionRef[] partitions = group.Topics.Grow("t", 4);
        Assert.Equal(GroupStatus.Dead, group.State.Status);
        MemberAnswer answer = group.Join(GroupHarness.Request("t"));
        Assert.Equal(partitions, answer.Assigned);
        Assert.Equal(1, answer.Generation);
        Assert.True(answer.IsSettled);
        Assert.Equal(GroupStatus.Stable, group.State.Status);
        Assert.Equal((GroupProtocol.Cooperative, AssignmentStrategy.Sticky), (group.State.Members.Protocol, group.State.Members.Strategy));
    }

    [Fact]
    public void Whoever_comes_back_under_its_id_has_what_it_had_and_nobody_notices()
    {
        var group = new GroupHarness();
        group.Topics.Grow("t", 4);
        MemberAnswer one = group.Join(GroupHarness.Request("t"));
        int journaled = group.Journaled;
        MemberAnswer again = group.Join(GroupHarness.Request("t") with { MemberId = one.Id });
        Assert.Equal((one.Id, 1), (again.Id, again.Generation));
        Assert.Equal(one.Assigned, again.Assigned);
        Assert.Equal(journaled, group.Journaled);
    }

    [Fact]
    public void Other_topics_of_a_known_member_are_a_new_assignment()
    {
        var group = new GroupHarness();
        PartitionRef[] first = group.Topics.Grow("t", 2);
        PartitionRef[] second = group.Topics.Grow("u", 2);
        MemberAnswer one = group.Join(GroupHarness.Request("t"));
        JoinRequest other = GroupHarness.Request("u") with { MemberId = one.Id };
        // It goes on with what it has until it is asked not to.
        MemberAnswer asked = GroupHarness.Ok(group.TryJoin(other, first));
        Assert.Equal(1, asked.Generation);
        Assert.Equal(first, asked.Revoked);
        Assert.Empty(asked.Assigned);
        MemberAnswer moved = group.Beat(asked);
        Assert.Equal(2, moved.Generation);
        Assert.Equal(second, moved.Assigned);
    }

    [Fact]
    public void A_static_member_that_comes_back_takes_its_own_place_without_a_rebalance()
    {
        var group = new GroupHarness();
        group.Topics.Grow("t", 4);
        MemberAnswer other = group.Join(GroupHarness.Request("t"));
        MemberAnswer old = group.Join(GroupHarness.Request("t") with { InstanceId = "i" });
        other = group.Beat(group.Hold(other));
        old = group.Beat(old);
        Assert.Equal((2, 2), (other.Assigned.Length, old.Assigned.Length));
        MemberAnswer back = group.Join(GroupHarness.Request("t") with { InstanceId = "i" });
        Assert.NotEqual(old.Id, back.Id);
        Assert.Equal(old.Generation, back.Generation);
        Assert.Equal(old.Assigned, back.Assigned);
        Assert.Equal(GroupStatus.Stable, group.State.Status);
        Assert.Equal(other.Generation, group.Beat(other).Generation);

        // Its former self is told why, with and without its instance id, also after a restart.
        group.Checkpoint();
        group.Recover();
        Assert.Equal(ErrorCode.FencedInstance, group.TryBeat(old.Id, old.Generation, old.Assigned).Error?.Code);
        Assert.Equal(ErrorCode.FencedInstance, group.TryBeat(old.Id, old.Generation, old.Assigned, instance: "i").Error?.Code);
        Assert.Equal(ErrorCode.FencedInstance, group.Commit(new OffsetCommit(old.Assigned[0], 1), old.Id, old.Generation));
        Assert.Equal(ErrorCode.FencedInstance, group.TryJoin(GroupHarness.Request("t") with { InstanceId = "i", MemberId = old.Id }).Error?.Code);
        Assert.Equal(ErrorCode.FencedInstance, group.Leave(old.Id));
        Assert.True(group.Beat(back).IsSettled);
    }

    [Fact]
    public void A_static_member_that_wants_other_topics_is_a_rebalance()
    {
        var group = new GroupHarness();
        group.Topics.Grow("t", 2);
        PartitionRef[] other = group.Topics.Grow("u", 2);
        group.Join(GroupHarness.Request("t") with { InstanceId = "i" });
        MemberAnswer back = group.Join(GroupHarness.Request("u") with { InstanceId = "i" });
        Assert.Equal(2, back.Generation);
        Assert.Equal(other, back.Assigned);
    }

    [Fact]
    public void What_a_member_is_not_can_t_come_back()
    {
        var group = new GroupHarness();
        MemberAnswer one = group.Join(GroupHarness.Request("t"));
        Assert.Equal(ErrorCode.UnknownMember, group.TryJoin(GroupHarness.Request("t") with { MemberId = group.Mint() }).Error?.Code);
        Assert.Equal(ErrorCode.UnknownMember, group.TryJoin(GroupHarness.Request("t") with { MemberId = one.Id, InstanceId = "i" }).Error?.Code);
        MemberAnswer fixedOne = group.Join(GroupHarness.Request("t") with { InstanceId = "i" });
        Assert.Equal("instanceId", group.TryJoin(GroupHarness.Request("t") with { MemberId = fixedOne.Id }).Error?.Field);
    }

    [Fact]
    public void Protocol_and_strategy_are_the_first_member_s()
    {
        var group = new GroupHarness();
        MemberAnswer one = group.Join(GroupHarness.Eager("t"));
        Assert.Equal("protocol", Refusal(GroupHarness.Request("t") with { Protocol = GroupProtocol.Cooperative }));
        Assert.Equal("strategy", Refusal(GroupHarness.Request("t") with { Strategy = AssignmentStrategy.Sticky }));
        MemberAnswer two = group.Join(GroupHarness.Request("t"));
        Assert.Null(group.Leave(one.Id));
        Assert.Null(group.Leave(two.Id));
        group.Join(GroupHarness.Request("t") with { Protocol = GroupProtocol.Cooperative });
        Assert.Equal(GroupProtocol.Cooperative, group.State.Members.Protocol);

        string? Refusal(JoinRequest request)
        {
            BrokerError? error = group.TryJoin(request).Error;
            Assert.Equal(ErrorCode.GroupProtocolMismatch, error?.Code);
            return error?.Field;
        }
    }

    [Fact]
    public void A_request_out_of_its_limits_is_refused_by_name()
    {
        var group = new GroupHarness();
        JoinRequest good = GroupHarness.Request("t");
        Assert.Equal("topics", Field(good with { Topics = [] }));
        Assert.Equal("topics", Field(good with { Topics = [.. Enumerable.Repeat(FakeTopics.Name("t"), 1_001)] }));
        Assert.Equal("instanceId", Field(good with { InstanceId = "" }));
        Assert.Equal("instanceId", Field(good with { InstanceId = new string('i', 256) }));
        Assert.Equal("clientId", Field(good with { ClientId = new string('é', 128) }));
        Assert.Equal("clientHost", Field(good with { ClientHost = new string('c', 256) }));
        Assert.Equal("sessionSeconds", Field(good with { SessionSeconds = 5 }));
        Assert.Equal("sessionSeconds", Field(good with { SessionSeconds = 1_801 }));
        Assert.Equal("rebalanceSeconds", Field(good with { RebalanceSeconds = 0 }));
        Assert.Equal("protocol", Field(good with { Protocol = (GroupProtocol)9 }));
        Assert.Equal("strategy", Field(good with { Strategy = (AssignmentStrategy)9 }));
        Assert.Equal(0, group.State.Members.Count);

        string? Field(JoinRequest request)
        {
            BrokerError? error = group.TryJoin(request).Error;
            Assert.Equal(ErrorCode.InvalidValue, error?.Code);
            return error?.Field;
        }
    }

    [Fact]
    public void A_group_has_a_bound_of_members_and_of_partitions()
    {
        var group = new GroupHarness();
        group.Topics.Grow("large", GroupLimits.PartitionsPerGroupMax);
        group.Topics.Grow("t", 1);
        Assert.Equal(ErrorCode.TooManyPartitions, group.TryJoin(GroupHarness.Request("large", "t")).Error?.Code);
        for (int i = 0; i < GroupLimits.MembersPerGroupMax; i++) group.Join(GroupHarness.Request("t"));
        Assert.Equal(ErrorCode.TooManyMembers, group.TryJoin(GroupHarness.Request("t")).Error?.Code);
        Assert.Equal(ErrorCode.TooManyMembers, group.TryJoin(GroupHarness.Request("t") with { InstanceId = "i" }).Error?.Code);
        // They are silent for too long, and there is room.
        group.Advance(10);
        Assert.True(group.TryJoin(GroupHarness.Request("t")).IsOk);
        Assert.Equal(1, group.State.Members.Count);
    }

    [Fact]
    public void A_thousand_members_of_ten_thousand_partitions_join_in_time_and_settle_in_two_rounds()
    {
        const int Members = 1_000;
        var group = new GroupHarness();
        for (int i = 0; i < 10; i++) group.Topics.Grow($"t{i}", 1_000);
        JoinRequest request = GroupHarness.Request([.. Enumerable.Range(0, 10).Select(i => $"t{i}")]);
        var answers = new MemberAnswer[Members];
        long start = TimeProvider.System.GetTimestamp();
        for (int i = 0; i < Members; i++) answers[i] = group.Join(request);
        for (int round = 0; round < 2; round++)
        {
            for (int i = 0; i < Members; i++) answers[i] = GroupHarness.Ok(group.TryBeat(answers[i].Id, answers[i].Generation, answers[i].Assigned));
        }

        // About 4 ms a join, the assignment and its entry of 26 KB with it (two cores); the bound leaves room for a machine that does much else.
        TimeSpan elapsed = TimeProvider.System.GetElapsedTime(start);
        Assert.True(elapsed < TimeSpan.FromSeconds(60), $"{elapsed}");
        Assert.True(group.JournalBytes < Members * 40_000L, $"{group.JournalBytes}");
        for (int i = 0; i < Members; i++) answers[i] = group.Beat(answers[i]);
        Assert.Equal(GroupStatus.Stable, group.State.Status);
        Assert.All(answers, answer => Assert.Equal(10, answer.Assigned.Length));
    }
}
