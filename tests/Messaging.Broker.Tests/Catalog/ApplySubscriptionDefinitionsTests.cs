using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Tests.Subscriptions;
using Messaging.Broker.Tests.Topics;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Tests.Catalog;

/// <summary>Subscriptions in a document of definitions; <see cref="ApplyDefinitionsTests"/> has what is true of every document.</summary>
public sealed class ApplySubscriptionDefinitionsTests
{
    [Fact]
    public async Task A_document_creates_subscriptions_with_their_topics_and_queues_in_one_and_survives_a_kill()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        await broker.CreateTopic("old");
        await broker.Create("q");
        await broker.Subscribe("s", SubscriptionCalls.To("q"), "old");
        DefinitionsDocument document = Document(
            ["new"], ["t"], Entry("b", SubscriptionCalls.To("new"), "old"), Entry("a", SubscriptionCalls.To("new") with { DeadLetter = BrokerHarness.Key("q").Name }),
            Entry("s", SubscriptionCalls.To("q") with { Raw = false }, "old"));

        AppliedDefinitions dry = (await broker.Broker.Definitions.ApplyAsync(document, default, dryRun: true, default)).Value;
        Assert.Empty(await broker.ListSubscriptions(prefix: "b", topic: "old"));
        AppliedDefinitions applied = await Apply(broker, document);

        Assert.True(applied.IsApplied);
        Assert.Equal(
            ["queue new True ", "topic t True ", "subscription old/b True target", "subscription t/a True target,deadLetter", "subscription old/s False raw"],
            applied.Changes.Select(Text));
        Assert.Equal(applied.Changes.Select(Text), dry.Changes.Select(Text));
        CatalogDefinitions before = await Definitions(broker);
        Assert.Equal(["old/b", "old/s", "t/a"], before.Document.Subscriptions.Select(entry => $"{entry.Key.Topic.Name}/{entry.Key.Name}"));
        broker.Kill();
        CatalogDefinitions after = await Definitions(broker);
        Assert.Equal((before.Version, applied.Version), (after.Version, after.Version));
        Assert.Equal(before.Document.Subscriptions, after.Document.Subscriptions);
        AppliedDefinitions again = await Apply(broker, after.Document);
        Assert.Equal((7, 0, after.Version), (again.Unchanged, again.Changes.Count, again.Version));
    }

    [Fact]
    public async Task Every_bad_entry_is_named_and_nothing_is_applied()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        await broker.CreateTopic();
        foreach (string queue in (string[])["q", "r"]) await broker.Create(queue);
        await broker.Create("fifo", new QueueDefinition { Type = QueueType.Fifo });
        await broker.Subscribe("held", SubscriptionCalls.To("q"));
        long version = (await Definitions(broker)).Version;

        AppliedDefinitions refused = await Apply(broker, Document(
            [], [],
            Entry("good", SubscriptionCalls.To("r")),
            Entry("good", SubscriptionCalls.To("r")),
            Entry("same", SubscriptionCalls.To("r")),
            Entry("taken", SubscriptionCalls.To("q")),
            Entry("lost", SubscriptionCalls.To("none")),
            Entry("fifo", SubscriptionCalls.To("fifo")),
            Entry("homeless", SubscriptionCalls.To("r"), "none"),
            Entry("held", SubscriptionCalls.To("q") with { StartAt = SubscriptionStart.Earliest }),
            Entry("aimless", new SubscriptionDefinition()),
            new SubscriptionDefinitionEntry(SubscriptionCalls.Subscription("x") with { Name = default }, SubscriptionCalls.To("r")),
            new SubscriptionDefinitionEntry(new SubscriptionKey(TopicCalls.Topic("t") with { Name = default }, SubscriptionCalls.Subscription("x").Name), SubscriptionCalls.To("r"))));

        Assert.Equal(
            [
                "1 InvalidValue name", "2 TargetInUse target", "3 TargetInUse target", "4 QueueNotFound target.queue", "5 InvalidValue target.queue", "6 TopicNotFound topic",
                "7 Immutable startAt", "8 InvalidValue target", "9 InvalidName name", "10 InvalidName topic",
            ],
            refused.Refusals.Select(refusal => $"{refusal.Entry} {refusal.Error.Code} {refusal.Error.Field}"));
        Assert.All(refused.Refusals, refusal => Assert.Equal(ResourceKind.Subscription, refusal.Kind));
        Assert.Equal(version, (await Definitions(broker)).Version);
        Assert.Equal(["held"], await broker.ListSubscriptions());
    }

    [Fact]
    public async Task A_document_may_exchange_the_targets_of_subscriptions()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        await broker.CreateTopic();
        foreach (string name in (string[])["a", "b"])
        {
            await broker.Create(name);
            await broker.Subscribe(name, SubscriptionCalls.To(name));
        }

        Assert.True((await Apply(broker, Document([], [], Entry("a", SubscriptionCalls.To("b")), Entry("b", SubscriptionCalls.To("a"))))).IsApplied);

        broker.Kill();
        Assert.Equal(SubscriptionCalls.To("b"), (await broker.GetSubscription("a"))!.Definition);
        Assert.Equal((ErrorCode.TargetInUse, "target"), await broker.SubscribeError("c", SubscriptionCalls.To("a")));
    }

    [Fact]
    public async Task All_kinds_count_towards_the_most_that_a_document_has()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        await broker.CreateTopic();
        const int count = (CatalogLimits.DefinitionsMax - 1) / 2;
        string[] queues = [.. Enumerable.Range(0, count).Select(i => $"q{i}")];
        DefinitionsDocument document = Document(queues, [], [.. queues.Select(queue => Entry("s" + queue, SubscriptionCalls.To(queue)))]);
        Assert.True((await Apply(broker, document)).IsApplied);
        Assert.Equal(CatalogLimits.DefinitionsMax - 1, (await Definitions(broker)).Document.Count);
        await broker.CreateTopic("u");
        await broker.CreateTopic("v");
        Assert.Equal(ErrorCode.DefinitionsTooLarge, (await broker.Broker.Definitions.GetAsync(AccountId.Default, default)).Error?.Code);
    }

    private static string Text(DefinitionChange change) =>
        $"{change.Key.Kind.ToString().ToLowerInvariant()} {(change.Key.Topic is { } topic ? topic + "/" : "")}{change.Key.Name} {change.IsCreated} {string.Join(',', change.Fields)}";

    private static SubscriptionDefinitionEntry Entry(string name, SubscriptionDefinition? definition, string topic = "t") => new(SubscriptionCalls.Subscription(name, topic), definition);

    private static DefinitionsDocument Document(string[] queues, string[] topics, params SubscriptionDefinitionEntry[] subscriptions) => new()
    {
        Queues = [.. queues.Select(name => new QueueDefinitionEntry(BrokerHarness.Key(name), new QueueDefinition()))],
        Topics = [.. topics.Select(name => new TopicDefinitionEntry(TopicCalls.Topic(name), new TopicDefinition()))],
        Subscriptions = subscriptions,
    };

    private static async Task<AppliedDefinitions> Apply(BrokerHarness broker, DefinitionsDocument document)
    {
        Result<AppliedDefinitions> applied = await broker.Broker.Definitions.ApplyAsync(document, default, dryRun: false, default);
        Assert.True(applied.IsOk, applied.Error?.Detail);
        return applied.Value;
    }

    private static async Task<CatalogDefinitions> Definitions(BrokerHarness broker) => (await broker.Broker.Definitions.GetAsync(AccountId.Default, default)).Value;
}
