using Messaging.Broker;
using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Broker.Topics;
using Messaging.TestKit;

namespace Messaging.Catalog.Tests.Conformance;

/// <summary>What every catalog does with topics, whichever keeps the truth: one suite over both.</summary>
[Collection(PostgresGroup.Name)]
public sealed class TopicConformanceTests(SharedPostgres postgres)
{
    private static readonly TopicDefinition Odd = new()
    {
        Partitions = 3,
        RetentionSeconds = null,
        RetentionBytes = 5_000_000_000,
        Cleanup = TopicCleanup.Both,
        MinCompactionLagSeconds = 3,
        TombstoneSeconds = 4,
        MaxMessageBytes = 2_048,
        Timestamps = TopicTimestamps.Append,
        Tags = new Dictionary<string, string> { ["team"] = "größe", ["empty"] = "", ["quote\"'\\"] = "\u0001\n" },
        Annotations = new Dictionary<string, string> { ["a.b"] = "{}" },
    };

    [Theory, Embedded, InPostgres]
    public async Task A_definition_survives_a_kill_and_a_restart(CatalogKind kind)
    {
        await using CatalogHarness broker = await StartAsync(kind);
        TopicDescription before = await broker.PutTopicAsync("t/ü'", Odd);
        Assert.Equal(Odd, before.Definition);
        await broker.KillAndStartAsync();
        Assert.Equal(before, await broker.GetTopicAsync("t/ü'"));
        await broker.RestartAsync();
        Assert.Equal(before, await broker.GetTopicAsync("t/ü'"));
        TopicDescription after = await broker.PutTopicAsync("t/ü'", Odd with { TombstoneSeconds = 9 });
        Assert.True(after.Version > before.Version);
        Assert.Equal((before.CreatedAt, before.Id), (after.CreatedAt, after.Id));
    }

    [Theory, Embedded, InPostgres]
    public async Task Put_creates_then_replaces_and_keeps_the_records(CatalogKind kind)
    {
        var time = new ManualTimeProvider();
        await using CatalogHarness broker = await StartAsync(kind, time);
        PutTopicResult created = (await broker.Broker.Topics.PutAsync(CatalogTopics.Key("t"), new TopicDefinition(), default, default)).Value;
        Assert.True(created.Created);
        await broker.PublishAsync("t", "kept");
        time.Advance(TimeSpan.FromSeconds(5));
        PutTopicResult replaced = (await broker.Broker.Topics.PutAsync(CatalogTopics.Key("t"), Odd, default, default)).Value;
        Assert.False(replaced.Created);
        Assert.True(replaced.Topic.Version > created.Topic.Version);
        Assert.Equal(created.Topic.CreatedAt, replaced.Topic.CreatedAt);
        Assert.Equal(created.Topic.CreatedAt.AddSeconds(5), replaced.Topic.ModifiedAt);
        Assert.Equal(["kept"], await broker.FetchAsync("t"));
    }

    [Theory, Embedded, InPostgres]
    public async Task Partitions_only_grow_and_records_stay_where_they_are(CatalogKind kind)
    {
        await using CatalogHarness broker = await StartAsync(kind);
        await broker.PutTopicAsync("t", new TopicDefinition { Partitions = 2 });
        await broker.PublishAsync("t", "one", partition: 1);
        TopicDescription grown = (await broker.Broker.Topics.PatchAsync(CatalogTopics.Key("t"), Partitions(5), default, default)).Value.Topic;
        BrokerError shrunk = (await broker.Broker.Topics.PatchAsync(CatalogTopics.Key("t"), Partitions(4), default, default)).Error!;
        Assert.Equal((ErrorCode.Immutable, "partitions"), (shrunk.Code, shrunk.Field));
        await broker.PublishAsync("t", "five", partition: 4);
        await broker.KillAndStartAsync();
        Assert.Equal(grown, await broker.GetTopicAsync("t"));
        Assert.Equal(["one"], await broker.FetchAsync("t", 1));
        Assert.Equal(["five"], await broker.FetchAsync("t", 4));
        Assert.Equal(ErrorCode.TopicNotFound, (await broker.Broker.Topics.PatchAsync(CatalogTopics.Key("none"), Partitions(5), default, default)).Error?.Code);
    }

    [Theory, Embedded, InPostgres]
    public async Task Preconditions_and_rules_are_judged(CatalogKind kind)
    {
        await using CatalogHarness broker = await StartAsync(kind);
        TopicDescription topic = await broker.PutTopicAsync("t");
        Assert.Equal(ErrorCode.PreconditionFailed, await PutAsync("t", new Precondition { MustNotExist = true }));
        Assert.Equal(ErrorCode.PreconditionFailed, await PutAsync("t", new Precondition { Versions = [topic.Version + 1] }));
        Assert.Equal(ErrorCode.PreconditionFailed, await PutAsync("none", new Precondition { MustExist = true }));
        Assert.Null(await PutAsync("t", new Precondition { Versions = [topic.Version] }));
        Assert.Equal(ErrorCode.PreconditionFailed, await PutAsync("t", new Precondition { Versions = [topic.Version] }));
        Assert.Equal(ErrorCode.InvalidValue, (await broker.Broker.Topics.PutAsync(CatalogTopics.Key("t"), new TopicDefinition { Partitions = 0 }, default, default)).Error?.Code);
        Assert.Equal(ErrorCode.PreconditionFailed, await DeleteAsync("t", new Precondition { Versions = [topic.Version] }));
        Assert.Equal(ErrorCode.TopicNotFound, await DeleteAsync("none", default));

        async Task<ErrorCode?> PutAsync(string name, Precondition precondition) =>
            (await broker.Broker.Topics.PutAsync(CatalogTopics.Key(name), new TopicDefinition(), precondition, default)).Error?.Code;

        async Task<ErrorCode?> DeleteAsync(string name, Precondition precondition) =>
            (await broker.Broker.Topics.DeleteAsync(CatalogTopics.Key(name), precondition, default)).Error?.Code;
    }

    [Theory, Embedded, InPostgres]
    public async Task A_deleted_topic_is_gone_with_its_records_also_when_it_is_made_again(CatalogKind kind)
    {
        await using CatalogHarness broker = await StartAsync(kind);
        TopicDescription first = await broker.PutTopicAsync("t", new TopicDefinition { Partitions = 2 });
        await broker.PublishAsync("t", "dead", partition: 1);
        await broker.DeleteTopicAsync("t");
        Assert.Null(await broker.GetTopicAsync("t"));
        await broker.KillAndStartAsync();
        Assert.Null(await broker.GetTopicAsync("t"));
        TopicDescription second = await broker.PutTopicAsync("t", new TopicDefinition { Partitions = 2 });
        Assert.NotEqual(first.Id, second.Id);
        Assert.Empty(await broker.FetchAsync("t", 1));
        await broker.RestartAsync();
        Assert.Empty(await broker.FetchAsync("t", 1));
    }

    [Theory, Embedded, InPostgres]
    public async Task A_queue_and_a_topic_may_have_one_name_and_share_the_version(CatalogKind kind)
    {
        await using CatalogHarness broker = await StartAsync(kind);
        long queue = (await broker.PutAsync("same")).Version;
        long topic = (await broker.PutTopicAsync("same")).Version;
        Assert.Equal(queue + 1, topic);
        await broker.SendAsync("same", "m");
        await broker.PublishAsync("same", "r");
        await broker.DeleteAsync("same");
        await broker.KillAndStartAsync();
        Assert.Null(await broker.GetAsync("same"));
        Assert.Equal(["r"], await broker.FetchAsync("same"));
        await broker.PutAsync("same");
        await broker.DeleteTopicAsync("same");
        await broker.RestartAsync();
        Assert.NotNull(await broker.GetAsync("same"));
        Assert.Null(await broker.GetTopicAsync("same"));
    }

    [Theory, Embedded, InPostgres]
    public async Task A_list_is_in_ordinal_order(CatalogKind kind)
    {
        await using CatalogHarness broker = await StartAsync(kind);
        string[] names = ["b", "B", "a", "ab", "ä", "ac", "a/é", "z"];
        foreach (string name in names) await broker.PutTopicAsync(name);
        await broker.PutAsync("queue");
        Assert.Equal(names.Order(StringComparer.Ordinal), await broker.TopicNamesAsync(3));
        await broker.RestartAsync();
        Assert.Equal(names.Order(StringComparer.Ordinal), await broker.TopicNamesAsync());
    }

    [Theory, Embedded, InPostgres]
    public async Task Of_many_at_once_that_must_create_one_topic_one_does(CatalogKind kind)
    {
        await using CatalogHarness broker = await StartAsync(kind);
        Result<PutTopicResult>[] puts = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => Task.Run(async () =>
            await broker.Broker.Topics.PutAsync(CatalogTopics.Key($"t{i % 2}"), new TopicDefinition { Partitions = 1 + i }, new Precondition { MustNotExist = true }, default))));
        Assert.Equal(2, puts.Count(put => put.IsOk));
        Assert.All(puts.Where(put => !put.IsOk), put => Assert.Equal(ErrorCode.PreconditionFailed, put.Error!.Code));
    }

    [Theory, Embedded, InPostgres]
    public async Task Random_changes_by_many_are_what_a_start_finds(CatalogKind kind)
    {
        await using CatalogHarness broker = await StartAsync(kind);
        for (int round = 0; round < 3; round++)
        {
            int seed = round;
            await Task.WhenAll(Enumerable.Range(0, 8).Select(caller => Task.Run(() => ChangeAsync(broker, new Random((seed * 100) + caller)))));
            TopicDescription?[] before = await AllAsync(broker);
            if (round % 2 == 0) await broker.KillAndStartAsync();
            else await broker.RestartAsync();
            Assert.Equal(before, await AllAsync(broker));
        }
    }

    [Theory, Embedded, InPostgres]
    public async Task The_widest_topic_is_kept(CatalogKind kind)
    {
        await using CatalogHarness broker = await StartAsync(kind);
        await broker.PutTopicAsync("wide", new TopicDefinition { Partitions = TopicLimits.PartitionsMax });
        await broker.PublishAsync("wide", "last", TopicLimits.PartitionsMax - 1);
        await broker.RestartAsync();
        Assert.Equal(["last"], await broker.FetchAsync("wide", TopicLimits.PartitionsMax - 1));
        await broker.DeleteTopicAsync("wide");
        await broker.KillAndStartAsync();
        Assert.Empty(await broker.TopicNamesAsync());
    }

    private static TopicPatch Partitions(int partitions) => definition => definition with { Partitions = partitions };

    private static async Task<TopicDescription?[]> AllAsync(CatalogHarness broker)
    {
        var all = new List<TopicDescription?>();
        foreach (string name in await broker.TopicNamesAsync()) all.Add(await broker.GetTopicAsync(name));
        return [.. all];
    }

    private static async Task ChangeAsync(CatalogHarness broker, Random random)
    {
        for (int i = 0; i < 20; i++)
        {
            TopicKey key = CatalogTopics.Key($"t{random.Next(12)}");
            ErrorCode? code = random.Next(4) switch
            {
                0 => (await broker.Broker.Topics.DeleteAsync(key, default, default)).Error?.Code,
                1 => (await broker.Broker.Topics.PatchAsync(key, Partitions(random.Next(1, 10)), default, default)).Error?.Code,
                2 => (await broker.TryPutAsync(key.Name.Value))?.Code,
                _ => (await broker.Broker.Topics.PutAsync(key, new TopicDefinition { Partitions = random.Next(1, 10) }, default, default)).Error?.Code,
            };
            Assert.True(code is null or ErrorCode.TopicNotFound or ErrorCode.Immutable, $"{code}");
        }
    }

    private async Task<CatalogHarness> StartAsync(CatalogKind kind, TimeProvider? time = null) =>
        await CatalogHarness.StartAsync(kind == CatalogKind.Embedded ? null : await postgres.Instance.CreateDatabaseAsync(), time: time);
}
