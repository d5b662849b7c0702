using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Tests.Topics;

public sealed class TopicDefinitionsTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_topic_outlives_a_stop_and_a_crash(bool kill)
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        var definition = new TopicDefinition
        {
            Partitions = 7, RetentionSeconds = null, RetentionBytes = 5_000_000_000, Cleanup = TopicCleanup.Both, MinCompactionLagSeconds = 3, TombstoneSeconds = 4,
            MaxMessageBytes = 2_048, Timestamps = TopicTimestamps.Append, Tags = new Dictionary<string, string> { ["a"] = "b" },
        };
        TopicKey topic = await harness.CreateTopic("orders", definition);
        TopicDescription before = (await harness.Broker.Topics.GetAsync(topic, default)).Value;

        if (kill) harness.Kill();
        else await harness.Restart();

        TopicDescription after = (await harness.Broker.Topics.GetAsync(topic, default)).Value;
        Assert.Equal(before, after);
        Assert.Equal(definition, after.Definition);
    }

    [Fact]
    public async Task Partitions_only_grow_and_records_stay_where_they_are()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic("t", new TopicDefinition { Partitions = 2 });
        await harness.Publish(topic, 1, "one");

        Result<PutTopicResult> grown = await harness.Broker.Topics.PatchAsync(topic, definition => definition with { Partitions = 5 }, default, default);
        Result<PutTopicResult> shrunk = await harness.Broker.Topics.PatchAsync(topic, definition => definition with { Partitions = 4 }, default, default);

        Assert.Equal(5, grown.Value.Topic.Definition.Partitions);
        Assert.Equal((ErrorCode.Immutable, "partitions"), (shrunk.Error!.Code, shrunk.Error.Field));
        await harness.Publish(topic, 4, "five");
        harness.Kill();
        Assert.Equal("one", Assert.Single(await harness.Fetch(topic, 1)).Value);
        Assert.Equal("five", Assert.Single(await harness.Fetch(topic, 4)).Value);
        await harness.Restart();
        Assert.Equal("five", Assert.Single(await harness.Fetch(topic, 4)).Value);
    }

    [Fact]
    public async Task A_topic_of_a_deleted_ones_name_has_another_id_and_none_of_its_records()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        Guid first = (await harness.Broker.Topics.GetAsync(topic, default)).Value.Id;
        await harness.Publish(topic, 0, "gone");

        Assert.True((await harness.Broker.Topics.DeleteAsync(topic, default, default)).IsOk);
        Assert.Equal(ErrorCode.TopicNotFound, (await harness.Broker.Topics.GetAsync(topic, default)).Error!.Code);
        await harness.CreateTopic();

        Assert.NotEqual(first, (await harness.Broker.Topics.GetAsync(topic, default)).Value.Id);
        Assert.Empty(await harness.Fetch(topic));
        harness.Kill();
        Assert.NotEqual(first, (await harness.Broker.Topics.GetAsync(topic, default)).Value.Id);
        Assert.Empty(await harness.Fetch(topic));
    }

    [Fact]
    public async Task A_precondition_guards_against_lost_updates()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        long version = (await harness.Broker.Topics.GetAsync(topic, default)).Value.Version;

        Result<PutTopicResult> created = await harness.Broker.Topics.PutAsync(topic, new TopicDefinition(), new Precondition { MustNotExist = true }, default);
        Result<PutTopicResult> changed = await harness.Broker.Topics.PutAsync(topic, new TopicDefinition { Partitions = 2 }, new Precondition { Versions = [version] }, default);
        Result<bool> deleted = await harness.Broker.Topics.DeleteAsync(topic, new Precondition { Versions = [version] }, default);

        Assert.Equal(ErrorCode.PreconditionFailed, created.Error!.Code);
        Assert.True(changed.IsOk);
        Assert.Equal(ErrorCode.PreconditionFailed, deleted.Error!.Code);
    }

    [Fact]
    public async Task Lists_are_pages_in_the_order_of_names()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        foreach (string name in new[] { "b", "a", "ab", "c" }) await harness.CreateTopic(name);

        TopicPage first = (await harness.Broker.Topics.ListAsync(AccountId.Default, NamespaceName.Default, null, 3, null, default)).Value;
        TopicPage second = (await harness.Broker.Topics.ListAsync(AccountId.Default, NamespaceName.Default, null, 3, first.NextPageToken, default)).Value;
        TopicPage prefixed = (await harness.Broker.Topics.ListAsync(AccountId.Default, NamespaceName.Default, "a", 3, null, default)).Value;

        Assert.Equal(["a", "ab", "b"], first.Topics.Select(topic => topic.Key.Name.Value));
        Assert.Equal(["c"], second.Topics.Select(topic => topic.Key.Name.Value));
        Assert.Null(second.NextPageToken);
        Assert.Equal(["a", "ab"], prefixed.Topics.Select(topic => topic.Key.Name.Value));
    }

    [Theory]
    [InlineData("partitions", 0)]
    [InlineData("partitions", TopicLimits.PartitionsMax + 1)]
    [InlineData("retentionSeconds", -1)]
    [InlineData("maxMessageBytes", 1_023)]
    [InlineData("tombstoneSeconds", -1)]
    public async Task A_definition_out_of_range_is_refused_by_its_field(string field, int value)
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicDefinition definition = field switch
        {
            "partitions" => new TopicDefinition { Partitions = value },
            "retentionSeconds" => new TopicDefinition { RetentionSeconds = value },
            "maxMessageBytes" => new TopicDefinition { MaxMessageBytes = value },
            _ => new TopicDefinition { TombstoneSeconds = value },
        };

        Result<PutTopicResult> put = await harness.Broker.Topics.PutAsync(TopicCalls.Topic("t"), definition, default, default);

        Assert.Equal((ErrorCode.InvalidValue, field), (put.Error!.Code, put.Error.Field));
    }

    [Fact]
    public async Task Ten_thousand_partitions_are_one_topic()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic("wide", new TopicDefinition { Partitions = TopicLimits.PartitionsMax });
        await harness.Publish(topic, TopicLimits.PartitionsMax - 1, "last");

        await harness.Restart();

        Assert.Equal("last", Assert.Single(await harness.Fetch(topic, TopicLimits.PartitionsMax - 1)).Value);
        Assert.True((await harness.Broker.Topics.DeleteAsync(topic, default, default)).IsOk);
    }
}
