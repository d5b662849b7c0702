using Messaging.Broker.Groups;
using Messaging.Broker.Names;
using Messaging.Broker.Tests.Topics;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Tests.Groups;

public sealed class RebalanceTests
{
    private static readonly GroupKey Group = GroupCalls.Group();
    private static readonly TopicDefinition FourPartitions = new() { Partitions = 4 };

    [Fact]
    public async Task A_lone_member_has_every_partition_with_its_join()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic(definition: FourPartitions);

        Membership member = await harness.Join(Group, topic);

        Assert.Equal([0, 1, 2, 3], GroupCalls.Numbers(member));
        Assert.Empty(member.Revoked);
        Assert.True(member.IsSettled);
        Assert.Equal(45, member.SessionSeconds);
    }

    [Fact]
    public async Task A_second_member_gets_what_the_first_gives_up_and_nothing_before()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic(definition: FourPartitions);
        Membership first = await harness.Join(Group, topic);

        Membership second = await harness.Join(Group, topic);
        Assert.Empty(second.Assigned);
        Membership asked = GroupCalls.Good(await harness.Broker.Groups.HeartbeatAsync(Group, new HeartbeatRequest(first.Id, first.Generation), default));
        Assert.Equal(2, asked.Revoked.Count);
        // It still has them: it has not said that it gave them up.
        Assert.Empty((await harness.Beat(Group, second)).Assigned);

        Membership[] settled = await harness.Settle(Group, asked, second);
        Assert.Equal([0, 1, 2, 3], settled.SelectMany(GroupCalls.Numbers).Order());
        Assert.All(settled, member => Assert.Equal(2, member.Assigned.Count));
    }

    [Fact]
    public async Task What_a_member_leaves_is_its_neighbours_with_the_next_heartbeat()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic(definition: FourPartitions);
        Membership[] members = await harness.Settle(Group, await harness.Join(Group, topic), await harness.Join(Group, topic));

        Assert.Null(await harness.Leave(Group, members[0]));

        Assert.Equal([0, 1, 2, 3], GroupCalls.Numbers((await harness.Settle(Group, members[1]))[0]));
        Assert.Equal(ErrorCode.UnknownMember, await harness.BeatError(Group, members[0].Id, members[0].Generation));
    }

    [Fact]
    public async Task A_member_that_crashes_is_over_with_its_session_and_its_neighbour_goes_on_from_what_was_committed()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic(definition: new TopicDefinition { Partitions = 2 });
        for (int partition = 0; partition < 2; partition++) await harness.Publish(topic, partition, "a", "b", "c");
        Membership[] members = await harness.Settle(Group, await harness.Join(Group, topic), await harness.Join(Group, topic));
        int lost = GroupCalls.Numbers(members[0])[0];
        Assert.Null(await harness.Commit(Group, topic, lost, 2, members[0]));

        for (int i = 0; i < 5; i++)
        {
            harness.Advance(10);
            members[1] = await harness.Beat(Group, members[1]);
        }

        members[1] = (await harness.Settle(Group, members[1]))[0];
        Assert.Equal([0, 1], GroupCalls.Numbers(members[1]));
        Assert.Equal(2, await harness.Committed(Group, topic, lost));
        Assert.Equal(["c"], (await harness.Fetch(topic, lost, 2)).Select(record => record.Value));
        Assert.Equal(ErrorCode.UnknownMember, await harness.Commit(Group, topic, lost, 3, members[0]));
    }

    [Fact]
    public async Task Members_that_nobody_hears_of_are_over_by_the_heartbeat_alone()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        await harness.Join(Group, topic);

        harness.Advance(50);
        await harness.Broker.TickAsync();

        Assert.Empty(GroupCalls.Good(await harness.Broker.Groups.DescribeAsync(Group, default)).Members);
    }

    [Fact]
    public async Task A_static_member_that_restarts_has_what_it_had_and_nobody_rebalances()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic(definition: FourPartitions);
        Membership[] members = await harness.Settle(Group, await harness.Join(Group, topic, "one"), await harness.Join(Group, topic, "two"));

        Membership again = await harness.Join(Group, topic, "one");

        Assert.NotEqual(members[0].Id, again.Id);
        Assert.Equal(members[0].Assigned, again.Assigned);
        Assert.Equal(members[0].Generation, again.Generation);
        Assert.Equal(members[1].Generation, (await harness.Beat(Group, members[1])).Generation);
        Assert.Equal(ErrorCode.FencedInstance, await harness.BeatError(Group, members[0].Id, members[0].Generation, "one"));
    }

    [Fact]
    public async Task A_restart_of_the_server_rebalances_nobody()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic(definition: FourPartitions);
        Membership[] members = await harness.Settle(Group, await harness.Join(Group, topic), await harness.Join(Group, topic));
        harness.Advance(40);

        for (int pass = 0; pass < 2; pass++)
        {
            if (pass == 0) await harness.Restart();
            else harness.Kill();
            await harness.Broker.TickAsync();
            // Sessions begin anew: nobody could be heard of meanwhile.
            harness.Advance(20);
            for (int i = 0; i < 2; i++)
            {
                Membership told = await harness.Beat(Group, members[i]);
                Assert.Equal(members[i].Generation, told.Generation);
                Assert.Equal(members[i].Assigned, told.Assigned);
            }
        }
    }

    [Fact]
    public async Task A_stale_generation_is_fenced()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic(definition: FourPartitions);
        Membership first = await harness.Join(Group, topic);
        await harness.Settle(Group, first, await harness.Join(Group, topic));

        Assert.Equal(ErrorCode.StaleGeneration, await harness.Commit(Group, topic, 0, 1, first));
        Assert.Equal(ErrorCode.StaleGeneration, await harness.BeatError(Group, first.Id, 99));
    }

    [Fact]
    public async Task A_heartbeat_that_changes_nothing_writes_nothing()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic(definition: FourPartitions);
        Membership member = (await harness.Settle(Group, await harness.Join(Group, topic)))[0];
        await harness.FillDisk();
        harness.Broker.Engine.StopAdmitting();

        Assert.Equal(member, await harness.Beat(Group, member) with { Assigned = member.Assigned, Revoked = member.Revoked });

        harness.Disk.CapacityBytes = long.MaxValue;
    }

    [Fact]
    public async Task Partitions_that_a_topic_gets_are_shared_out()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic(definition: new TopicDefinition { Partitions = 1 });
        Membership member = await harness.Join(Group, topic);

        await harness.CreateTopic(definition: FourPartitions);

        Assert.Equal([0, 1, 2, 3], GroupCalls.Numbers((await harness.Settle(Group, member))[0]));
    }

    [Fact]
    public async Task A_topic_that_comes_after_its_members_is_shared_out_though_the_server_dies_in_between()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        Membership member = await harness.Join(Group, TopicCalls.Topic("late"));
        Assert.Empty(member.Assigned);
        await harness.CreateTopic("late", FourPartitions);

        harness.Kill();

        Assert.Equal([0, 1, 2, 3], GroupCalls.Numbers((await harness.Settle(Group, member))[0]));
    }

    [Fact]
    public async Task A_deleted_topic_is_taken_from_its_members_and_the_next_of_its_name_is_shared_out_anew()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic(definition: FourPartitions);
        Membership member = await harness.Join(Group, topic);
        Assert.Null(await harness.Commit(Group, topic, 0, 0, member));
        Assert.True((await harness.Broker.Topics.DeleteAsync(topic, default, default)).IsOk);

        // Without a word of what it has: what is no more can't be named.
        Membership told = GroupCalls.Good(await harness.Broker.Groups.HeartbeatAsync(Group, new HeartbeatRequest(member.Id, member.Generation), default));
        Assert.Empty(told.Assigned);
        Assert.Empty(told.Revoked);

        await harness.CreateTopic(definition: FourPartitions);
        Assert.Equal([0, 1, 2, 3], GroupCalls.Numbers((await harness.Settle(Group, told))[0]));
        Assert.Null(await harness.Committed(Group, topic));
    }

    [Fact]
    public async Task An_eager_group_gives_everything_up_before_it_shares_out()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic(definition: FourPartitions);
        var request = new JoinRequest { Topics = [topic.Name], Protocol = GroupProtocol.Eager };
        Membership first = await harness.Join(Group, request);
        Membership second = await harness.Join(Group, request);
        Assert.Empty(second.Assigned);

        Membership asked = GroupCalls.Good(await harness.Broker.Groups.HeartbeatAsync(Group, new HeartbeatRequest(first.Id, first.Generation), default));
        Assert.Equal(4, asked.Revoked.Count);

        Membership[] settled = await harness.Settle(Group, asked, second);
        Assert.Equal([0, 1, 2, 3], settled.SelectMany(GroupCalls.Numbers).Order());
    }

    [Fact]
    public async Task A_refused_join_makes_no_group()
    {
        await using BrokerHarness harness = BrokerHarness.Start();

        Result<Membership> refused = await harness.Broker.Groups.JoinAsync(Group, new JoinRequest(), [], default);

        Assert.Equal(ErrorCode.InvalidValue, refused.Error?.Code);
        Assert.Equal(ErrorCode.GroupNotFound, (await harness.Broker.Groups.DescribeAsync(Group, default)).Error?.Code);
    }
}
