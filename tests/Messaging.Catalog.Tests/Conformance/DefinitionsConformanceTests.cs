using Messaging.Broker;
using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Topics;

namespace Messaging.Catalog.Tests.Conformance;

/// <summary>Definitions as one document, over every catalog.</summary>
[Collection(PostgresGroup.Name)]
public sealed class DefinitionsConformanceTests(SharedPostgres postgres)
{
    private static readonly QueueDefinition Plain = new();

    [Theory, Embedded, InPostgres]
    public async Task A_document_is_applied_as_a_whole_and_survives_a_kill(CatalogKind kind)
    {
        await using CatalogHarness broker = await StartAsync(kind);
        QueueDescription same = await broker.PutAsync("same");
        await broker.PutAsync("old");

        AppliedDefinitions applied = await ApplyAsync(broker, Entry("new", Plain), Entry("same", Plain), Entry("old", Plain with { LeaseSeconds = 7 }));

        Assert.Equal((true, 1, 2), (applied.IsApplied, applied.Unchanged, applied.Changes.Count));
        CatalogDefinitions read = await ReadAsync(broker);
        Assert.Equal(applied.Version, read.Version);
        Assert.Equal([Entry("new", Plain), Entry("old", Plain with { LeaseSeconds = 7 }), Entry("same", Plain)], read.Document.Queues);
        await broker.KillAndStartAsync();
        CatalogDefinitions after = await ReadAsync(broker);
        Assert.Equal(read.Document.Queues, after.Document.Queues);
        Assert.Equal(same, await broker.GetAsync("same"));
        AppliedDefinitions again = await ApplyAsync(broker, [.. after.Document.Queues]);
        Assert.Equal((true, 3, after.Version), (again.IsApplied, again.Unchanged, again.Version));
    }

    [Theory, Embedded, InPostgres]
    public async Task One_bad_entry_or_a_dry_run_changes_nothing(CatalogKind kind)
    {
        await using CatalogHarness broker = await StartAsync(kind);
        await broker.PutAsync("old");
        CatalogDefinitions before = await ReadAsync(broker);

        AppliedDefinitions refused = await ApplyAsync(broker, Entry("new", Plain), Entry("old", Plain with { Type = QueueType.Fifo }), Entry("new", Plain));
        AppliedDefinitions dry = (await broker.Broker.Definitions.ApplyAsync(new DefinitionsDocument { Queues = [Entry("new", Plain)] }, default, dryRun: true, default)).Value;

        Assert.Equal([(1, ErrorCode.Immutable), (2, ErrorCode.InvalidValue)], refused.Refusals.Select(refusal => (refusal.Entry, refusal.Error.Code)));
        Assert.Equal((false, false, 1), (refused.IsApplied, dry.IsApplied, dry.Changes.Count));
        CatalogDefinitions after = await ReadAsync(broker);
        Assert.Equal(before.Version, after.Version);
        Assert.Equal(before.Document.Queues, after.Document.Queues);
    }

    [Theory, Embedded, InPostgres]
    public async Task Of_many_who_apply_what_they_have_read_one_does(CatalogKind kind)
    {
        await using CatalogHarness broker = await StartAsync(kind);
        for (int round = 0; round < 5; round++)
        {
            var seen = new Precondition { Versions = [(await ReadAsync(broker)).Version] };
            Result<AppliedDefinitions>[] results = await Task.WhenAll(Enumerable.Range(1, 8).Select(racer => Task.Run(async () =>
                await broker.Broker.Definitions.ApplyAsync(new DefinitionsDocument { Queues = [Entry("q", Plain with { LeaseSeconds = (round * 8) + racer }), Entry($"of{racer}", Plain)] }, seen, dryRun: false, default))));
            Assert.Single(results, result => result.IsOk);
            Assert.All(results.Where(result => !result.IsOk), result => Assert.Equal(ErrorCode.PreconditionFailed, result.Error!.Code));
        }
    }

    [Theory, Embedded, InPostgres]
    public async Task The_largest_number_of_definitions_is_applied_at_once(CatalogKind kind)
    {
        await using CatalogHarness broker = await StartAsync(kind);
        QueueDefinitionEntry[] most = [.. Enumerable.Range(0, CatalogLimits.DefinitionsMax).Select(i => Entry($"q{i:00000}", Plain with { LeaseSeconds = i % 7 }))];

        Assert.Equal(CatalogLimits.DefinitionsMax, (await ApplyAsync(broker, most)).Changes.Count);
        Assert.Equal(most, (await ReadAsync(broker)).Document.Queues);
    }

    [Theory, Embedded, InPostgres]
    public async Task Queues_and_topics_of_one_document_are_applied_in_one(CatalogKind kind)
    {
        await using CatalogHarness broker = await StartAsync(kind);
        await broker.PutTopicAsync("old", new TopicDefinition { Partitions = 2 });
        await broker.PublishAsync("old", "kept", partition: 1);
        long version = (await ReadAsync(broker)).Version;
        var document = new DefinitionsDocument
        {
            Queues = [Entry("old", Plain)],
            Topics = [Entry("new", new TopicDefinition { RetentionSeconds = null }), Entry("old", new TopicDefinition { Partitions = 4 })],
        };

        DefinitionsDocument wrong = document with { Topics = [.. document.Topics, Entry("bad", new TopicDefinition { Partitions = 0 })] };
        EntryRefusal refusal = Assert.Single((await broker.Broker.Definitions.ApplyAsync(wrong, default, dryRun: false, default)).Value.Refusals);
        Assert.Equal((ResourceKind.Topic, 2, "partitions"), (refusal.Kind, refusal.Entry, refusal.Error.Field));
        Assert.Equal(version, (await ReadAsync(broker)).Version);

        AppliedDefinitions applied = (await broker.Broker.Definitions.ApplyAsync(document, default, dryRun: false, default)).Value;
        Assert.Equal((true, 3, version + 3), (applied.IsApplied, applied.Changes.Count, applied.Version));
        await broker.KillAndStartAsync();
        CatalogDefinitions after = await ReadAsync(broker);
        Assert.Equal(document.Queues, after.Document.Queues);
        Assert.Equal(document.Topics, after.Document.Topics);
        Assert.Equal(["kept"], await broker.FetchAsync("old", 1));
        Assert.Equal(3, (await broker.Broker.Definitions.ApplyAsync(after.Document, default, dryRun: false, default)).Value.Unchanged);
    }

    private static TopicDefinitionEntry Entry(string name, TopicDefinition definition) => new(CatalogTopics.Key(name), definition);

    private static QueueDefinitionEntry Entry(string name, QueueDefinition definition) => new(CatalogHarness.Key(name), definition);

    private static async Task<CatalogDefinitions> ReadAsync(CatalogHarness broker) => (await broker.Broker.Definitions.GetAsync(AccountId.Default, default)).Value;

    private static async Task<AppliedDefinitions> ApplyAsync(CatalogHarness broker, params QueueDefinitionEntry[] entries)
    {
        Result<AppliedDefinitions> applied = await broker.Broker.Definitions.ApplyAsync(new DefinitionsDocument { Queues = entries }, default, dryRun: false, default);
        Assert.True(applied.IsOk, applied.Error?.Detail);
        return applied.Value;
    }

    private async Task<CatalogHarness> StartAsync(CatalogKind kind) =>
        await CatalogHarness.StartAsync(kind == CatalogKind.Embedded ? null : await postgres.Instance.CreateDatabaseAsync());
}
