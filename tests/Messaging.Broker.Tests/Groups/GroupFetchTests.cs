using Messaging.Broker.Groups;
using Messaging.Broker.Names;
using Messaging.Broker.Producers;
using Messaging.Broker.Tests.Producers;
using Messaging.Broker.Tests.Topics;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Tests.Groups;

public sealed class GroupFetchTests
{
    private static readonly GroupKey Group = GroupCalls.Group();

    [Fact]
    public async Task The_first_call_of_a_group_is_answered_with_the_oldest_records()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        await harness.Publish(topic, 0, "a", "b");

        Taken taken = await harness.Take(Group, topic);

        Assert.Equal(["0:a", "0:b"], taken.Values);
        Assert.Null(await harness.Commit(Group, taken.Token));
        Assert.Equal(2, await harness.Committed(Group, topic));
        Assert.Empty((await harness.Take(Group, topic)).Values);
    }

    [Fact]
    public async Task What_is_synced_between_the_look_and_the_answer_of_a_quiet_fetch_waits_for_the_next_look()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        var topics = new GroupTopics(harness.Broker.TopicHost.Topics, topic.Account, topic.Namespace);
        var call = new TakeCall(GroupCalls.Ask(topic));
        var change = new GroupChange(new GroupState(1), harness.NowMs);

        Assert.True(call.IsQuiet(change.State, topics, harness.NowMs));
        await harness.Publish(topic, 0, "a");
        Assert.Empty(GroupCalls.Good(call.Decide(change, topics)).Leases);
        Assert.Equal(0, change.Count);

        Assert.False(call.IsQuiet(change.State, topics, harness.NowMs));
        Assert.Single(GroupCalls.Good(call.Decide(change, topics)).Leases);
        Assert.NotEqual(0, change.Count);
    }

    [Fact]
    public async Task Two_fetches_never_have_a_record_both()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic(definition: new TopicDefinition { Partitions = 2 });
        await harness.Publish(topic, 0, "a", "b");
        await harness.Publish(topic, 1, "c", "d");

        Taken one = await harness.Take(Group, topic, max: 2);
        Taken two = await harness.Take(Group, topic, max: 2);

        Assert.Equal(["0:a", "0:b", "1:c", "1:d"], one.Values.Concat(two.Values).Order());
        Assert.Empty((await harness.Take(Group, topic)).Values);
    }

    [Fact]
    public async Task Two_groups_know_nothing_of_each_other()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        await harness.Publish(topic, 0, "a");
        GroupKey other = GroupCalls.Group("other");

        Taken one = await harness.Take(Group, topic);
        Taken two = await harness.Take(other, topic);

        Assert.Equal(one.Values, two.Values);
        Assert.Null(await harness.Commit(Group, one.Token));
        Assert.Null(await harness.Committed(other, topic));
        Assert.Equal(ErrorCode.CommitTokenInvalid, await harness.Commit(other, one.Token));
        Assert.Null(await harness.Commit(other, two.Token));
    }

    [Fact]
    public async Task A_fetch_has_no_more_records_than_it_asked_for_and_the_next_goes_on_behind_them()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        // One batch: the fetch ends inside of it.
        await harness.Publish(topic, 0, "a", "b", "c", "d", "e");

        Taken first = await harness.Take(Group, topic, max: 2);
        Assert.Equal(["0:a", "0:b"], first.Values);
        Assert.Null(await harness.Commit(Group, first.Token));
        Taken second = await harness.Take(Group, topic, max: 2);
        Assert.Equal(["0:c", "0:d"], second.Values);
        Assert.Null(await harness.Commit(Group, second.Token));
        Assert.Equal(["0:e"], (await harness.Take(Group, topic, max: 2)).Values);
    }

    [Fact]
    public async Task What_was_not_told_is_not_committed()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        await harness.Publish(topic, 0, "a", "b", "c");
        CommitToken? token;
        using (GroupRecords records = GroupCalls.Good(await harness.Broker.Groups.FetchAsync(Group, GroupCalls.Ask(topic), default)))
        {
            records.Reached(0, 1, error: null);
            token = records.Token();
        }

        Assert.Null(await harness.Commit(Group, token));

        Assert.Equal(["0:b", "0:c"], (await harness.Take(Group, topic)).Values);
    }

    [Fact]
    public async Task What_is_not_committed_in_time_is_fetched_again_and_its_token_is_refused()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        await harness.Publish(topic, 0, "a");
        Taken lost = await harness.Take(Group, topic, lease: 10);
        harness.Advance(9);
        Assert.Empty((await harness.Take(Group, topic)).Values);

        harness.Advance(2);
        Taken again = await harness.Take(Group, topic);

        Assert.Equal(["0:a"], again.Values);
        Assert.Equal(ErrorCode.LeaseExpired, await harness.Commit(Group, lost.Token));
        Assert.Null(await harness.Commit(Group, again.Token));
        // The same once more, whose answer was lost.
        Assert.Null(await harness.Commit(Group, again.Token));
    }

    [Fact]
    public async Task A_lease_outlives_the_server_and_so_does_its_token()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        await harness.Publish(topic, 0, "a");
        Taken taken = await harness.Take(Group, topic);

        harness.Kill();
        Assert.Empty((await harness.Take(Group, topic)).Values);
        await harness.Restart();
        Assert.Empty((await harness.Take(Group, topic)).Values);

        Assert.Null(await harness.Commit(Group, taken.Token));
        Assert.Equal(1, await harness.Committed(Group, topic));
    }

    [Fact]
    public async Task A_token_that_was_tampered_with_is_refused()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        await harness.Publish(topic, 0, "a");
        Taken taken = await harness.Take(Group, topic);
        char[] text = taken.Token!.ToString().ToCharArray();
        text[40] = text[40] == 'A' ? 'B' : 'A';

        Assert.True(CommitToken.TryParse(new string(text), out CommitToken? forged));

        Assert.Equal(ErrorCode.CommitTokenInvalid, await harness.Commit(Group, forged));
        Assert.Null(await harness.Commit(Group, taken.Token));
    }

    [Fact]
    public async Task What_is_given_back_is_there_at_once()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        await harness.Publish(topic, 0, "a");
        Taken taken = await harness.Take(Group, topic);

        Assert.True((await harness.Broker.Groups.ReleaseAsync(Group, taken.Token!, default)).IsOk);

        Assert.Equal(["0:a"], (await harness.Take(Group, topic)).Values);
    }

    [Fact]
    public async Task A_fetch_waits_for_a_record_of_any_of_its_partitions()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic(definition: new TopicDefinition { Partitions = 3 });
        Task<Taken> waiting = harness.Take(Group, topic, wait: 20);
        Assert.False(waiting.IsCompleted);

        await harness.Publish(topic, 2, "a");

        Assert.Equal(["2:a"], (await waiting).Values);
    }

    [Fact]
    public async Task A_fetch_waits_for_a_lease_that_ends()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        await harness.Publish(topic, 0, "a");
        await harness.Take(Group, topic, lease: 5);
        Task<Taken> waiting = harness.Take(Group, topic, wait: 20);
        Assert.False(waiting.IsCompleted);

        harness.Advance(6);

        Assert.Equal(["0:a"], (await waiting).Values);
    }

    [Fact]
    public async Task A_fetch_waits_for_a_commit_that_leaves_more_to_read()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        await harness.Publish(topic, 0, "a", "b");
        Taken taken = await harness.Take(Group, topic, max: 1);
        Task<Taken> waiting = harness.Take(Group, topic, wait: 20);
        Assert.False(waiting.IsCompleted);

        Assert.Null(await harness.Commit(Group, taken.Token));

        Assert.Equal(["0:b"], (await waiting).Values);
    }

    [Fact]
    public async Task A_wait_in_vain_is_answered_with_nothing_and_without_a_token()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        Task<Taken> waiting = harness.Take(Group, topic, wait: 3);
        Assert.False(waiting.IsCompleted);

        harness.Advance(4);

        Taken taken = await waiting;
        Assert.Empty(taken.Values);
        Assert.Null(taken.Token);
        // It wrote nothing: there is no group yet.
        Assert.Equal(ErrorCode.GroupNotFound, (await harness.Broker.Groups.DescribeAsync(Group, default)).Error?.Code);
    }

    [Fact]
    public async Task A_stop_and_a_caller_that_leaves_end_the_wait()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        using var leaves = new CancellationTokenSource();
        Task<Result<GroupRecords>> left = harness.Broker.Groups.FetchAsync(Group, GroupCalls.Ask(topic, wait: 20), leaves.Token).AsTask();
        Task<Result<GroupRecords>> stopped = harness.Broker.Groups.FetchAsync(Group, GroupCalls.Ask(topic, wait: 20), default).AsTask();

        await leaves.CancelAsync();
        Assert.Equal(0, GroupCalls.Good(await left).Count);
        harness.Broker.BeginStop();
        Assert.Equal(0, GroupCalls.Good(await stopped).Count);
    }

    [Fact]
    public async Task A_group_that_starts_at_the_latest_misses_what_was_there_and_nothing_since()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        await harness.Publish(topic, 0, "old");

        Assert.Empty((await harness.Take(Group, GroupCalls.Ask(topic, startsAtLatest: true))).Values);
        await harness.Publish(topic, 0, "new");

        Assert.Equal(["0:new"], (await harness.Take(Group, GroupCalls.Ask(topic, startsAtLatest: true))).Values);
    }

    [Fact]
    public async Task Records_of_a_transaction_come_when_it_is_committed_and_those_of_an_aborted_one_never()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        ProducerIdentity producer = await harness.Init("p");
        await harness.Begin(producer);
        await harness.PublishIn(topic, producer, "gone");
        Assert.Empty((await harness.Take(Group, topic)).Values);
        producer = await harness.End(producer, isCommit: false);
        Assert.Empty((await harness.Take(Group, topic)).Values);
        // What nobody may see is passed over, markers as well.
        Assert.Equal(2, await harness.Committed(Group, topic));

        await harness.Begin(producer);
        await harness.PublishIn(topic, producer, "kept");
        GroupFetchRequest uncommitted = GroupCalls.Ask(topic) with { Isolation = Isolation.ReadUncommitted };
        Assert.Equal(["0:kept"], (await harness.Take(GroupCalls.Group("all"), uncommitted)).Values.Where(value => value == "0:kept"));
        Task<Taken> waiting = harness.Take(Group, topic, wait: 20);
        Assert.False(waiting.IsCompleted);
        await harness.End(producer, isCommit: true);
        Assert.Equal(["0:kept"], (await waiting).Values);
    }

    [Fact]
    public async Task A_committed_offset_below_what_is_there_goes_on_with_the_oldest_record()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        await harness.Publish(topic, 0, "a");
        Assert.Null(await harness.Commit(Group, (await harness.Take(Group, topic)).Token));
        await harness.Publish(topic, 0, "b", "c");
        Assert.True((await harness.Broker.Topics.DeleteRecordsAsync(topic, 0, 2, default)).IsOk);

        Assert.Equal(["0:c"], (await harness.Take(Group, topic)).Values);
    }

    [Fact]
    public async Task Partitions_that_have_no_room_in_the_answer_are_there_for_the_next_fetch()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic(definition: new TopicDefinition { Partitions = 2 });
        await harness.Publish(topic, 0, "a");
        await harness.Publish(topic, 1, "b");
        GroupFetchRequest little = GroupCalls.Ask(topic) with { BytesMax = 1 };

        Assert.Equal(["0:a"], (await harness.Take(Group, little)).Values);
        Assert.Equal(["1:b"], (await harness.Take(Group, little)).Values);
        Assert.Empty((await harness.Take(Group, little)).Values);
    }

    [Fact]
    public async Task Members_and_fetches_by_lease_keep_out_of_each_others_way()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        await harness.Publish(topic, 0, "a");
        Taken taken = await harness.Take(Group, topic);

        Membership member = await harness.Join(Group, topic);
        Assert.Empty(member.Assigned);
        Assert.Equal(ErrorCode.GroupHasMembers, await harness.TakeError(Group, GroupCalls.Ask(topic)));
        Assert.Null(await harness.Commit(Group, taken.Token));
        Assert.Equal([0], GroupCalls.Numbers(await harness.Beat(Group, member)));
        Assert.Null(await harness.Leave(Group, member));
        Assert.Null(await harness.TakeError(Group, GroupCalls.Ask(topic)));
    }

    [Fact]
    public async Task What_a_fetch_can_not_be_is_refused()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        GroupFetchRequest good = GroupCalls.Ask(topic);

        Assert.Equal(ErrorCode.TopicNotFound, await harness.TakeError(Group, GroupCalls.Ask(TopicCalls.Topic("none"), wait: 1)));
        Assert.Equal(ErrorCode.InvalidValue, await harness.TakeError(Group, good with { Topics = [] }));
        Assert.Equal(ErrorCode.InvalidValue, await harness.TakeError(Group, good with { Topics = [topic.Name, topic.Name] }));
        Assert.Equal(ErrorCode.InvalidValue, await harness.TakeError(Group, good with { RecordsMax = 0 }));
        Assert.Equal(ErrorCode.InvalidValue, await harness.TakeError(Group, good with { BytesMax = 0 }));
        Assert.Equal(ErrorCode.InvalidValue, await harness.TakeError(Group, good with { LeaseSeconds = 0 }));
        Assert.Equal(ErrorCode.InvalidValue, await harness.TakeError(Group, good with { Wait = TimeSpan.FromSeconds(21) }));
        Assert.Equal(ErrorCode.InvalidName, await harness.TakeError(default, good));
    }

    [Fact]
    public async Task A_topic_that_is_deleted_ends_the_wait()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        Task<ErrorCode?> waiting = harness.TakeError(Group, GroupCalls.Ask(topic, wait: 20));
        Assert.False(waiting.IsCompleted);

        Assert.True((await harness.Broker.Topics.DeleteAsync(topic, default, default)).IsOk);

        Assert.Equal(ErrorCode.TopicNotFound, await waiting);
    }
}
