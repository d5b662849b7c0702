using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Tests.Topics;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Tests.Catalog;

/// <summary>Topics in a document of definitions; <see cref="ApplyDefinitionsTests"/> has what is true of every document.</summary>
public sealed class ApplyTopicDefinitionsTests
{
    private static readonly TopicDefinition Plain = new();

    [Fact]
    public async Task A_document_creates_and_changes_both_kinds_in_one_and_survives_a_kill()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        TopicKey old = await broker.CreateTopic("old", Plain with { Partitions = 2 });
        await broker.Publish(old, 1, "kept");
        QueueDefinitionEntry queue = new(BrokerHarness.Key("old"), new QueueDefinition());

        AppliedDefinitions applied = await Apply(broker, [queue], Entry("new", Plain with { RetentionSeconds = null }), Entry("old", Plain with { Partitions = 5, TombstoneSeconds = 7 }));

        Assert.True(applied.IsApplied);
        Assert.Equal(
            [(ResourceKind.Queue, "old", true, ""), (ResourceKind.Topic, "new", true, "retentionSeconds"), (ResourceKind.Topic, "old", false, "partitions,tombstoneSeconds")],
            applied.Changes.Select(change => (change.Key.Kind, change.Key.Name, change.IsCreated, string.Join(',', change.Fields))));
        CatalogDefinitions before = await Definitions(broker);
        Assert.Equal((applied.Version, 1), (before.Version, before.Document.Queues.Count));
        Assert.Equal(["new", "old"], before.Document.Topics.Select(entry => entry.Key.Name.Value));
        broker.Kill();
        CatalogDefinitions after = await Definitions(broker);
        Assert.Equal(before.Version, after.Version);
        Assert.Equal(before.Document.Topics, after.Document.Topics);
        Assert.Equal("kept", Assert.Single(await broker.Fetch(old, 1)).Value);
        await broker.Publish(old, 4, "five");
        AppliedDefinitions again = await Apply(broker, [.. after.Document.Queues], [.. after.Document.Topics]);
        Assert.Equal((3, 0, after.Version), (again.Unchanged, again.Changes.Count, again.Version));
    }

    [Fact]
    public async Task One_bad_entry_of_either_kind_refuses_all_and_every_bad_one_is_named()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        await broker.CreateTopic("old", Plain with { Partitions = 3 });
        CatalogDefinitions before = await Definitions(broker);

        AppliedDefinitions refused = await Apply(
            broker,
            [new QueueDefinitionEntry(BrokerHarness.Key("q"), new QueueDefinition { LeaseSeconds = -1 })],
            Entry("good", Plain),
            Entry("old", Plain with { Partitions = 2 }),
            Entry("good", Plain),
            new TopicDefinitionEntry(new TopicKey(AccountId.Default, NamespaceName.Default, default), Plain),
            Entry("wide", Plain with { Partitions = 0 }),
            Entry("q", Plain));

        Assert.False(refused.IsApplied);
        Assert.Equal(
            [
                (ResourceKind.Queue, 0, ErrorCode.InvalidValue, "leaseSeconds"),
                (ResourceKind.Topic, 1, ErrorCode.Immutable, "partitions"),
                (ResourceKind.Topic, 2, ErrorCode.InvalidValue, "name"),
                (ResourceKind.Topic, 3, ErrorCode.InvalidName, "name"),
                (ResourceKind.Topic, 4, ErrorCode.InvalidValue, "partitions"),
            ],
            refused.Refusals.Select(refusal => (refusal.Kind, refusal.Entry, refusal.Error.Code, refusal.Error.Field!)));
        CatalogDefinitions after = await Definitions(broker);
        Assert.Equal((before.Version, 0, 1), (after.Version, after.Document.Queues.Count, after.Document.Topics.Count));
    }

    [Fact]
    public async Task A_dry_run_tells_the_same_and_changes_nothing()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        await broker.CreateTopic("old");
        var document = new DefinitionsDocument { Topics = [Entry("old", Plain with { Partitions = 2 }), Entry("new", Plain)] };

        AppliedDefinitions dry = (await broker.Broker.Definitions.ApplyAsync(document, default, dryRun: true, default)).Value;

        Assert.False(dry.IsApplied);
        Assert.Single((await Definitions(broker)).Document.Topics);
        Assert.Equal(dry.Changes, (await broker.Broker.Definitions.ApplyAsync(document, default, dryRun: false, default)).Value.Changes);
        Assert.Equal(2, (await Definitions(broker)).Document.Topics.Count);
    }

    [Fact]
    public void A_server_has_so_many_partitions_those_of_the_document_included()
    {
        TopicDefinitionEntry[] most = [.. Enumerable.Range(0, TopicLimits.PartitionsOfServerMax / TopicLimits.PartitionsMax).Select(i => Entry($"t{i}", Plain with { Partitions = TopicLimits.PartitionsMax }))];
        Assert.True(Judge(most).IsSound);
        EntryRefusal refusal = Assert.Single(Judge([.. most, Entry("more", Plain)]).ToAnswer(isApplied: true, 0).Refusals);
        Assert.Equal((ResourceKind.Topic, most.Length, ErrorCode.TooManyPartitions), (refusal.Kind, refusal.Entry, refusal.Error.Code));

        static DefinitionsPlan Judge(TopicDefinitionEntry[] entries) =>
            new ProposedDefinitions(new DefinitionsDocument { Topics = entries }).Judge(new QueueDirectory(), 0, new TopicDirectory(), new SubscriptionDirectory());
    }

    [Fact]
    public async Task Both_kinds_count_towards_the_most_that_a_document_has()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        var document = new DefinitionsDocument
        {
            Queues = [.. Enumerable.Range(0, CatalogLimits.DefinitionsMax).Select(i => new QueueDefinitionEntry(BrokerHarness.Key($"q{i:00000}"), new QueueDefinition()))],
        };
        Assert.Equal(
            ErrorCode.DefinitionsTooLarge, (await broker.Broker.Definitions.ApplyAsync(document with { Topics = [Entry("t", Plain)] }, default, dryRun: true, default)).Error?.Code);
        Assert.True((await broker.Broker.Definitions.ApplyAsync(document, default, dryRun: false, default)).Value.IsApplied);
        Assert.Equal(CatalogLimits.DefinitionsMax, (await Definitions(broker)).Document.Count);
        await broker.CreateTopic("t");
        Assert.Equal(ErrorCode.DefinitionsTooLarge, (await broker.Broker.Definitions.GetAsync(AccountId.Default, default)).Error?.Code);
    }

    [Fact]
    public async Task What_a_document_of_topics_takes_is_no_less_than_what_it_appends_also_where_they_grow_often()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        TopicKey grown = await broker.CreateTopic("grown");
        await broker.CreateTopic("between");
        for (int partitions = 2; partitions <= 40; partitions++)
        {
            int next = partitions;
            Assert.True((await broker.Broker.Topics.PatchAsync(grown, definition => definition with { Partitions = next }, default, default)).IsOk);
            Assert.True((await broker.Broker.Topics.PatchAsync(TopicCalls.Topic("between"), definition => definition with { Partitions = next }, default, default)).IsOk);
        }

        Assert.True((await Apply(broker, [], Entry("grown", Plain with { Partitions = 41 }), Entry("between", Plain with { Partitions = 41, TombstoneSeconds = 1 }))).IsApplied);
        broker.Kill();
        Assert.Equal(41, (await broker.Broker.Topics.GetAsync(grown, default)).Value.Definition.Partitions);
    }

    private static TopicDefinitionEntry Entry(string name, TopicDefinition? definition) => new(TopicCalls.Topic(name), definition);

    private static async Task<AppliedDefinitions> Apply(BrokerHarness broker, QueueDefinitionEntry[] queues, params TopicDefinitionEntry[] topics)
    {
        Result<AppliedDefinitions> applied = await broker.Broker.Definitions.ApplyAsync(
            new DefinitionsDocument { Queues = queues, Topics = topics }, default, dryRun: false, default);
        Assert.True(applied.IsOk, applied.Error?.Detail);
        return applied.Value;
    }

    private static async Task<CatalogDefinitions> Definitions(BrokerHarness broker) => (await broker.Broker.Definitions.GetAsync(AccountId.Default, default)).Value;
}
