using Messaging.Broker.Groups;
using Messaging.Broker.Names;
using Messaging.Broker.Tests.Topics;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Tests.Groups;

public sealed class GroupOffsetsTests
{
    private static readonly GroupKey Group = GroupCalls.Group();

    [Fact]
    public async Task Offsets_with_their_metadata_survive_a_restart_and_a_crash()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        await harness.Publish(topic, 0, "a", "b", "c", "d", "e");
        var commit = new OffsetsCommit([new OffsetEntry(topic.Name, 0, 5, 3, "so far")]);
        Assert.All(GroupCalls.Good(await harness.Broker.Groups.CommitAsync(Group, commit, default)), Assert.Null);

        for (int pass = 0; pass < 3; pass++)
        {
            CommittedOffset offset = Assert.Single(GroupCalls.Good(await harness.Broker.Groups.GetOffsetsAsync(Group, null, default)));
            Assert.Equal((5L, 3, "so far"), (offset.Offset, offset.LeaderEpoch, offset.Metadata));
            if (pass == 0) harness.Kill();
            else await harness.Restart();
        }
    }

    [Fact]
    public async Task Each_entry_of_a_commit_has_its_own_outcome()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        await harness.Publish(topic, 0, "a", "b");
        var commit = new OffsetsCommit(
        [
            new OffsetEntry(TopicCalls.Topic("none").Name, 0, 1), new OffsetEntry(topic.Name, 0, 2), new OffsetEntry(topic.Name, 9, 3), new OffsetEntry(topic.Name, 0, -1),
            new OffsetEntry(topic.Name, 0, 3),
        ]);

        BrokerError?[] outcomes = GroupCalls.Good(await harness.Broker.Groups.CommitAsync(Group, commit, default));

        Assert.Equal([ErrorCode.TopicNotFound, null, ErrorCode.PartitionNotFound, ErrorCode.InvalidValue, ErrorCode.OffsetOutOfRange], outcomes.Select(outcome => outcome?.Code));
        Assert.Equal(("offsets[2].partition", "offsets[4].offset"), (outcomes[2]!.Field, outcomes[4]!.Field));
        Assert.Equal(2, await harness.Committed(Group, topic));
    }

    [Fact]
    public async Task Deleted_offsets_stay_deleted_and_the_others_stay()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic(definition: new TopicDefinition { Partitions = 3 });
        OffsetEntry[] entries = [.. Enumerable.Range(0, 3).Select(partition => new OffsetEntry(topic.Name, partition, 0))];
        Assert.True((await harness.Broker.Groups.PutOffsetsAsync(Group, entries, default)).IsOk);

        Assert.True((await harness.Broker.Groups.DeleteOffsetsAsync(Group, topic.Name, 1, default)).IsOk);
        for (int pass = 0; pass < 3; pass++)
        {
            Assert.Equal([0, 2], GroupCalls.Good(await harness.Broker.Groups.GetOffsetsAsync(Group, null, default)).Select(offset => offset.Partition));
            if (pass == 0) harness.Kill();
            else await harness.Restart();
        }

        Assert.Equal(ErrorCode.TopicNotFound, (await harness.Broker.Groups.DeleteOffsetsAsync(Group, TopicCalls.Topic("none").Name, null, default)).Error?.Code);
        Assert.True((await harness.Broker.Groups.DeleteOffsetsAsync(Group, topic.Name, null, default)).IsOk);
        Assert.Empty(GroupCalls.Good(await harness.Broker.Groups.GetOffsetsAsync(Group, null, default)));
    }

    [Fact]
    public async Task A_group_reads_all_again_after_a_reset()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic(definition: new TopicDefinition { Partitions = 2 });
        await harness.Publish(topic, 0, "a");
        await harness.Publish(topic, 1, "b");
        Assert.Null(await harness.Commit(Group, (await harness.Take(Group, topic)).Token));
        Assert.Empty((await harness.Take(Group, topic)).Values);

        Assert.Null(await harness.Reset(Group, FetchRequest.Earliest));

        Assert.Equal(["0:a", "1:b"], (await harness.Take(Group, topic)).Values.Order());
    }

    [Fact]
    public async Task A_reset_goes_to_a_time_or_to_the_end_of_one_partition_or_of_all()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic(definition: new TopicDefinition { Partitions = 2 });
        for (int partition = 0; partition < 2; partition++)
        {
            OutgoingRecord[] records = [TopicCalls.Record("a", partition: partition, timestampMs: 1_000), TopicCalls.Record("b", partition: partition, timestampMs: 2_000)];
            await harness.Publish(topic, records);
        }

        Assert.Null(await harness.Reset(Group, 1_500, new ResetTarget(topic.Name)));
        Assert.Equal([1L, 1L], [await harness.Committed(Group, topic, 0), await harness.Committed(Group, topic, 1)]);
        Assert.Null(await harness.Reset(Group, FetchRequest.Latest, new ResetTarget(topic.Name, 1)));
        Assert.Equal([1L, 2L], [await harness.Committed(Group, topic, 0), await harness.Committed(Group, topic, 1)]);

        Assert.True((await harness.Broker.Groups.PutOffsetsAsync(Group, [new OffsetEntry(topic.Name, 0, 0)], default)).IsOk);
        Assert.Equal(["0:a", "0:b"], (await harness.Take(Group, topic)).Values);
    }

    [Fact]
    public async Task A_reset_is_refused_where_members_have_the_partitions_and_ends_leases_where_nobody_has()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        await harness.Publish(topic, 0, "a");
        Membership member = await harness.Join(Group, topic);
        Assert.Equal(ErrorCode.GroupHasMembers, await harness.Reset(Group, FetchRequest.Earliest, new ResetTarget(topic.Name)));
        Assert.Null(await harness.Leave(Group, member));
        Taken taken = await harness.Take(Group, topic);

        Assert.Null(await harness.Reset(Group, FetchRequest.Earliest, new ResetTarget(topic.Name)));

        Assert.Equal(["0:a"], (await harness.Take(Group, topic)).Values);
        Assert.Equal(ErrorCode.LeaseExpired, await harness.Commit(Group, taken.Token));
    }

    [Fact]
    public async Task Offsets_of_nobody_are_refused_while_the_group_has_members()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        await harness.Publish(topic, 0, "a", "b");
        Membership member = await harness.Join(Group, topic);

        Assert.Equal(ErrorCode.UnknownMember, await harness.Commit(Group, topic, 0, 1));
        Assert.Null(await harness.Commit(Group, topic, 0, 1, member));
        Assert.Null(await harness.Leave(Group, member));
        Assert.Null(await harness.Commit(Group, topic, 0, 2));
    }

    [Fact]
    public async Task The_lag_is_what_is_there_and_not_committed()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic(definition: new TopicDefinition { Partitions = 2 });
        await harness.Publish(topic, 0, "a", "b", "c", "d");
        await harness.Publish(topic, 1, "e");
        Membership member = await harness.Join(Group, topic);
        Assert.Equal([4L, 1L], await Lags(harness));

        Assert.Null(await harness.Commit(Group, topic, 0, 1, member));
        Assert.Equal([3L, 1L], await Lags(harness));

        // Records that are gone are no lag.
        Assert.True((await harness.Broker.Topics.DeleteRecordsAsync(topic, 0, 3, default)).IsOk);
        Assert.Equal([1L, 1L], await Lags(harness));
    }

    [Fact]
    public async Task The_offsets_of_a_deleted_topic_go_and_a_new_one_of_its_name_is_read_from_its_beginning()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        await harness.Publish(topic, 0, "a");
        Assert.Null(await harness.Commit(Group, (await harness.Take(Group, topic)).Token));
        Assert.True((await harness.Broker.Topics.DeleteAsync(topic, default, default)).IsOk);

        Assert.Empty(GroupCalls.Good(await harness.Broker.Groups.GetOffsetsAsync(Group, null, default)));
        await harness.CreateTopic();
        await harness.Publish(topic, 0, "new");

        Assert.Equal(["0:new"], (await harness.Take(Group, topic)).Values);
    }

    [Fact]
    public async Task Offsets_are_forgotten_a_week_after_the_last_member_and_the_group_with_them()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        await harness.Publish(topic, 0, "a");
        Assert.Null(await harness.Commit(Group, topic, 0, 1));
        harness.Advance(604_000);
        await harness.Broker.TickAsync();
        Assert.Equal(1, await harness.Committed(Group, topic));

        harness.Advance(1_000);
        await harness.Broker.TickAsync();

        Assert.Equal(ErrorCode.GroupNotFound, (await harness.Broker.Groups.GetOffsetsAsync(Group, null, default)).Error?.Code);
        harness.Kill();
        Assert.Equal(ErrorCode.GroupNotFound, (await harness.Broker.Groups.GetOffsetsAsync(Group, null, default)).Error?.Code);
    }

    [Fact]
    public async Task Too_few_and_too_many_offsets_are_refused()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        OffsetEntry[] many = [.. Enumerable.Repeat(new OffsetEntry(topic.Name, 0, 1), GroupLimits.OffsetsPerCallMax + 1)];

        Assert.Equal(ErrorCode.BatchEmpty, (await harness.Broker.Groups.CommitAsync(Group, new OffsetsCommit([]), default)).Error?.Code);
        Assert.Equal(ErrorCode.BatchTooLarge, (await harness.Broker.Groups.CommitAsync(Group, new OffsetsCommit(many), default)).Error?.Code);
        Assert.Equal(ErrorCode.BatchTooLarge, (await harness.Broker.Groups.PutOffsetsAsync(Group, many, default)).Error?.Code);
        Assert.Equal(ErrorCode.GroupNotFound, await harness.Reset(Group, FetchRequest.Earliest));
    }

    private static async Task<IEnumerable<long>> Lags(BrokerHarness harness) =>
        GroupCalls.Good(await harness.Broker.Groups.DescribeAsync(Group, default)).Offsets.Select(offset => offset.Lag);
}
