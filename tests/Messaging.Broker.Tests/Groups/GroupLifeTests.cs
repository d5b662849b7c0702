using Messaging.Broker.Groups;
using Messaging.Broker.Groups.Assignment;
using Messaging.Broker.Names;
using Messaging.Broker.Tests.Topics;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Tests.Groups;

public sealed class GroupLifeTests
{
    private static readonly GroupKey Group = GroupCalls.Group();

    [Fact]
    public async Task A_description_says_who_has_what()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic(definition: new TopicDefinition { Partitions = 2 });
        var request = new JoinRequest { Topics = [topic.Name], InstanceId = "one", ClientId = "app", ClientHost = "10.0.0.1", Strategy = AssignmentStrategy.Range };
        Membership member = await harness.Join(Group, request);

        GroupDescription described = GroupCalls.Good(await harness.Broker.Groups.DescribeAsync(Group, default));

        Assert.Equal((Group, GroupStatus.Stable, member.Generation), (described.Key, described.Status, described.Generation));
        Assert.Equal((GroupProtocol.Cooperative, AssignmentStrategy.Range), (described.Protocol, described.Strategy));
        MemberDescription told = Assert.Single(described.Members);
        Assert.Equal((member.Id, "one", "app", "10.0.0.1"), (told.Id, told.InstanceId, told.ClientId, told.ClientHost));
        Assert.Equal([new TopicPartition(topic.Name, 0), new TopicPartition(topic.Name, 1)], told.Assigned);
        Assert.Equal(harness.NowMs + 45_000, told.SessionEndsAt.ToUnixTimeMilliseconds());
        Assert.Equal([0, 1], described.Offsets.Select(offset => offset.Partition));
        Assert.All(described.Offsets, offset => Assert.Null(offset.Offset));
    }

    [Fact]
    public async Task Groups_are_listed_in_the_order_of_their_names_page_by_page()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        await harness.Publish(topic, 0, "a");
        foreach (string name in (string[])["b", "a", "c", "x"]) Assert.Null(await harness.Commit(GroupCalls.Group(name), topic, 0, 1));
        await harness.Restart();

        GroupPage first = GroupCalls.Good(await harness.Broker.Groups.ListAsync(AccountId.Default, NamespaceName.Default, null, 3, null, default));
        GroupPage second = GroupCalls.Good(await harness.Broker.Groups.ListAsync(AccountId.Default, NamespaceName.Default, null, 3, first.NextPageToken, default));

        Assert.Equal(["a", "b", "c", "x"], first.Groups.Concat(second.Groups).Select(group => group.Key.Name.Value));
        Assert.All(first.Groups, group => Assert.Equal((GroupStatus.Empty, 0, 1), (group.Status, group.Members, group.Offsets)));
        Assert.Null(second.NextPageToken);
    }

    [Fact]
    public async Task A_group_that_is_used_is_not_deleted_and_one_that_is_not_is_gone_for_good()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        await harness.Publish(topic, 0, "a");
        Membership member = await harness.Join(Group, topic);
        Assert.Equal(ErrorCode.GroupNotEmpty, (await harness.Broker.Groups.DeleteAsync(Group, default)).Error?.Code);
        Assert.Null(await harness.Leave(Group, member));
        Taken taken = await harness.Take(Group, topic);
        Assert.Equal(ErrorCode.GroupNotEmpty, (await harness.Broker.Groups.DeleteAsync(Group, default)).Error?.Code);
        Assert.True((await harness.Broker.Groups.ReleaseAsync(Group, taken.Token!, default)).IsOk);

        Assert.True((await harness.Broker.Groups.DeleteAsync(Group, default)).IsOk);

        Assert.Equal(ErrorCode.GroupNotFound, (await harness.Broker.Groups.DeleteAsync(Group, default)).Error?.Code);
        harness.Kill();
        Assert.Equal(ErrorCode.GroupNotFound, (await harness.Broker.Groups.DescribeAsync(Group, default)).Error?.Code);
        Assert.Equal(ErrorCode.GroupNotFound, await harness.Commit(Group, taken.Token));
        // Another one of its name has nothing to do with it.
        Assert.Equal(["0:a"], (await harness.Take(Group, topic)).Values);
        Assert.Equal(ErrorCode.CommitTokenInvalid, await harness.Commit(Group, taken.Token));
    }

    [Fact]
    public async Task A_group_of_which_nothing_is_left_is_dropped_after_a_while()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        Assert.Null(await harness.Leave(Group, await harness.Join(Group, topic)));
        await harness.Broker.TickAsync();
        Assert.Equal(GroupStatus.Dead, GroupCalls.Good(await harness.Broker.Groups.DescribeAsync(Group, default)).Status);

        harness.Advance(GroupLimits.DeadGroupSeconds + 1);
        await harness.Broker.TickAsync();

        Assert.Equal(ErrorCode.GroupNotFound, (await harness.Broker.Groups.DescribeAsync(Group, default)).Error?.Code);
    }

    [Fact]
    public async Task A_static_member_is_sent_away_by_its_name()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        Membership member = await harness.Join(Group, topic, "one");

        Assert.True((await harness.Broker.Groups.RemoveInstanceAsync(Group, "one", default)).IsOk);

        Assert.Equal(ErrorCode.UnknownMember, await harness.BeatError(Group, member.Id, member.Generation));
        Assert.Equal(ErrorCode.UnknownMember, (await harness.Broker.Groups.RemoveInstanceAsync(Group, "one", default)).Error?.Code);
    }

    [Fact]
    public async Task A_reset_of_the_server_drops_groups_whoever_uses_them()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        Membership member = await harness.Join(Group, topic);

        Assert.True((await harness.Broker.Definitions.ResetAsync(default)).IsOk);

        Assert.Equal(ErrorCode.GroupNotFound, await harness.BeatError(Group, member.Id, member.Generation));
        harness.Kill();
        Assert.Equal(ErrorCode.GroupNotFound, (await harness.Broker.Groups.DescribeAsync(Group, default)).Error?.Code);
    }
}
