using Messaging.Broker;
using Messaging.Broker.Catalog;
using Messaging.Broker.Filters;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;
using Messaging.TestKit;

namespace Messaging.Catalog.Tests.Conformance;

/// <summary>What every catalog does with subscriptions, whichever keeps the truth: one suite over both.</summary>
[Collection(PostgresGroup.Name)]
public sealed class SubscriptionConformanceTests(SharedPostgres postgres)
{
    private static readonly SubscriptionDefinition Odd = CatalogSubscriptions.To("q/ü'") with
    {
        Filter = new SubscriptionFilter(FilterScope.Body, "{ \"b\" : [1.0, 1e2, \"\\u0000'\"],\n \"c\": [{ \"exists\" : false }] }"),
        Raw = false,
        DeadLetter = CatalogHarness.Key("dead").Name,
        StartAt = SubscriptionStart.At(1_790_000_000_123),
        Tags = new Dictionary<string, string> { ["team"] = "größe", ["empty"] = "", ["quote\"'\\"] = "\u0001\n" },
        Annotations = new Dictionary<string, string> { ["a.b"] = "{}" },
    };

    [Theory, Embedded, InPostgres]
    public async Task A_definition_survives_a_kill_and_a_restart(CatalogKind kind)
    {
        await using CatalogHarness broker = await StartAsync(kind, "q/ü'", "dead");
        SubscriptionDescription before = await broker.SubscribeAsync("s/ü'", Odd);
        Assert.Equal(Odd, before.Definition);
        await broker.KillAndStartAsync();
        Assert.Equal(before, await broker.GetSubscriptionAsync("s/ü'"));
        await broker.RestartAsync();
        Assert.Equal(before, await broker.GetSubscriptionAsync("s/ü'"));
        SubscriptionDescription after = await broker.SubscribeAsync("s/ü'", Odd with { Filter = null });
        Assert.True(after.Version > before.Version);
        Assert.Equal(before.CreatedAt, after.CreatedAt);
        AppliedDefinitions again = (await broker.Broker.Definitions.ApplyAsync(
            (await broker.Broker.Definitions.GetAsync(AccountId.Default, default)).Value.Document, default, dryRun: false, default)).Value;
        Assert.Equal((4, 0), (again.Unchanged, again.Changes.Count));
    }

    [Theory, Embedded, InPostgres]
    public async Task Preconditions_and_rules_are_judged(CatalogKind kind)
    {
        await using CatalogHarness broker = await StartAsync(kind, "q", "r");
        await broker.PutAsync("fifo", new QueueDefinition { Type = QueueType.Fifo });
        long version = (await broker.SubscribeAsync("s", CatalogSubscriptions.To("q"))).Version;
        Assert.Equal(ErrorCode.PreconditionFailed, await PutAsync("s", new Precondition { MustNotExist = true }));
        Assert.Equal(ErrorCode.PreconditionFailed, await PutAsync("s", new Precondition { Versions = [version + 1] }));
        Assert.Equal(ErrorCode.PreconditionFailed, await PutAsync("none", new Precondition { MustExist = true }));
        Assert.Null(await PutAsync("s", new Precondition { Versions = [version] }));
        Assert.Equal((ErrorCode.QueueNotFound, "target.queue"), await broker.TrySubscribeAsync("n", CatalogSubscriptions.To("none")));
        Assert.Equal((ErrorCode.InvalidValue, "target.queue"), await broker.TrySubscribeAsync("n", CatalogSubscriptions.To("fifo")));
        Assert.Equal((ErrorCode.TargetInUse, "target"), await broker.TrySubscribeAsync("n", CatalogSubscriptions.To("q")));
        Assert.Equal((ErrorCode.Immutable, "startAt"), await broker.TrySubscribeAsync("s", CatalogSubscriptions.To("q") with { StartAt = SubscriptionStart.Earliest }));
        Assert.Equal((ErrorCode.TopicNotFound, null), await broker.TrySubscribeAsync("n", CatalogSubscriptions.To("r"), "none"));
        await broker.DeleteAsync("q");
        Assert.Null(await PutAsync("s", default));
        await broker.SubscribeAsync("s", CatalogSubscriptions.To("r"));
        await broker.UnsubscribeAsync("s");
        Assert.Equal(ErrorCode.SubscriptionNotFound, (await broker.Broker.Subscriptions.DeleteAsync(CatalogSubscriptions.Key("s"), default, default)).Error?.Code);
        await broker.KillAndStartAsync();
        Assert.Empty(await broker.SubscriptionNamesAsync());

        async Task<ErrorCode?> PutAsync(string name, Precondition precondition) =>
            (await broker.Broker.Subscriptions.PutAsync(CatalogSubscriptions.Key(name), CatalogSubscriptions.To("q"), precondition, default)).Error?.Code;
    }

    [Theory, Embedded, InPostgres]
    public async Task A_topics_end_is_that_of_its_subscriptions_also_when_it_is_made_again(CatalogKind kind)
    {
        await using CatalogHarness broker = await StartAsync(kind, "q", "r");
        await broker.PutTopicAsync("other");
        await broker.SubscribeAsync("s", CatalogSubscriptions.To("q"));
        await broker.SubscribeAsync("r", CatalogSubscriptions.To("r"));
        await broker.SubscribeAsync("s", CatalogSubscriptions.To("q"), "other");
        await broker.DeleteTopicAsync("t");
        await broker.KillAndStartAsync();
        Assert.Null(await broker.GetSubscriptionAsync("s"));
        await broker.PutTopicAsync("t");
        Assert.Empty(await broker.SubscriptionNamesAsync());
        await broker.SubscribeAsync("s", CatalogSubscriptions.To("r"));
        await broker.RestartAsync();
        Assert.Equal(["s"], await broker.SubscriptionNamesAsync());
        Assert.Equal(["s"], await broker.SubscriptionNamesAsync("other"));
    }

    [Theory, Embedded, InPostgres]
    public async Task A_pause_is_state_of_the_log_and_no_change_of_a_definition(CatalogKind kind)
    {
        await using CatalogHarness broker = await StartAsync(kind, "q");
        SubscriptionDescription before = await broker.SubscribeAsync("s", CatalogSubscriptions.To("q"));
        Assert.Equal(before with { Paused = true }, (await broker.Broker.Subscriptions.PauseAsync(before.Key, true, default)).Value);
        await broker.KillAndStartAsync();
        Assert.Equal(before with { Paused = true }, await broker.GetSubscriptionAsync("s"));
        Assert.True((await broker.SubscribeAsync("s", CatalogSubscriptions.To("q") with { Raw = false })).Paused);
        await broker.RestartAsync();
        Assert.True((await broker.GetSubscriptionAsync("s"))!.Paused);
    }

    [Theory, Embedded, InPostgres]
    public async Task A_document_of_all_kinds_is_one_change(CatalogKind kind)
    {
        await using CatalogHarness broker = await StartAsync(kind);
        var document = new DefinitionsDocument
        {
            Subscriptions = [new SubscriptionDefinitionEntry(CatalogSubscriptions.Key("s", "new"), CatalogSubscriptions.To("new"))],
            Topics = [new TopicDefinitionEntry(CatalogTopics.Key("new"), new TopicDefinition())],
            Queues = [new QueueDefinitionEntry(CatalogHarness.Key("new"), new QueueDefinition())],
        };
        AppliedDefinitions applied = (await broker.Broker.Definitions.ApplyAsync(document, default, dryRun: false, default)).Value;
        Assert.Equal((true, 3), (applied.IsApplied, applied.Changes.Count));
        await broker.KillAndStartAsync();
        Assert.Equal(["s"], await broker.SubscriptionNamesAsync("new"));
        Assert.Equal(new ResetCounts(1, 2, 1), (await broker.Broker.Definitions.ResetAsync(default)).Value);
        await broker.KillAndStartAsync();
        await broker.PutTopicAsync("new");
        Assert.Empty(await broker.SubscriptionNamesAsync("new"));
    }

    [Theory, Embedded, InPostgres]
    public async Task A_list_is_in_ordinal_order(CatalogKind kind)
    {
        string[] names = ["b", "B", "a", "ab", "ä", "ac", "a/é", "z"];
        await using CatalogHarness broker = await StartAsync(kind, names);
        foreach (string name in names) await broker.SubscribeAsync(name, CatalogSubscriptions.To(name));
        Assert.Equal(names.Order(StringComparer.Ordinal), await broker.SubscriptionNamesAsync(pageSize: 3));
        await broker.RestartAsync();
        Assert.Equal(names.Order(StringComparer.Ordinal), await broker.SubscriptionNamesAsync());
    }

    [Theory, Embedded, InPostgres]
    public async Task Random_changes_by_many_are_what_a_start_finds(CatalogKind kind)
    {
        await using CatalogHarness broker = await StartAsync(kind, "q0", "q1", "q2", "q3");
        for (int round = 0; round < 4; round++)
        {
            int seed = round;
            await Task.WhenAll(Enumerable.Range(0, 8).Select(caller => Task.Run(() => ChangeAsync(broker, new Random((seed * 100) + caller)))));
            string[] before = await AllAsync(broker);
            if (round % 2 == 0) await broker.KillAndStartAsync();
            else await broker.RestartAsync();
            Assert.Equal(before, await AllAsync(broker));
        }
    }

    private static async Task<string[]> AllAsync(CatalogHarness broker)
    {
        var all = new List<string>();
        foreach (string topic in await broker.TopicNamesAsync())
        {
            all.Add(topic);
            var targets = new HashSet<SubscriptionTarget>();
            foreach (string name in await broker.SubscriptionNamesAsync(topic))
            {
                SubscriptionDescription found = (await broker.GetSubscriptionAsync(name, topic))!;
                Assert.True(targets.Add(found.Definition.Target), $"{found.Key} shares its target");
                all.Add($"{found.Key} {found.Version} {found.CreatedAt:O} {found.Definition.Target} {found.Definition.Raw}");
            }
        }

        return [.. all];
    }

    private static async Task ChangeAsync(CatalogHarness broker, Random random)
    {
        for (int i = 0; i < 30; i++)
        {
            string topic = $"t{random.Next(3)}";
            SubscriptionKey key = CatalogSubscriptions.Key($"s{random.Next(4)}", topic);
            ErrorCode? code = random.Next(8) switch
            {
                0 => (await broker.Broker.Topics.DeleteAsync(key.Topic, default, default)).Error?.Code,
                1 or 2 => (await broker.Broker.Topics.PutAsync(key.Topic, new TopicDefinition(), default, default)).Error?.Code,
                3 => (await broker.Broker.Subscriptions.DeleteAsync(key, default, default)).Error?.Code,
                4 => (await broker.Broker.Subscriptions.PatchAsync(key, definition => definition with { Raw = !definition.Raw }, default, default)).Error?.Code,
                _ => (await broker.TrySubscribeAsync(key.Name.Value, CatalogSubscriptions.To($"q{random.Next(4)}"), topic)).Item1,
            };
            Assert.True(code is null or ErrorCode.TopicNotFound or ErrorCode.SubscriptionNotFound or ErrorCode.TargetInUse, $"{code}");
        }
    }

    private async Task<CatalogHarness> StartAsync(CatalogKind kind, params string[] queues)
    {
        CatalogHarness broker = await CatalogHarness.StartAsync(kind == CatalogKind.Embedded ? null : await postgres.Instance.CreateDatabaseAsync());
        await broker.PutTopicAsync("t");
        foreach (string queue in queues) await broker.PutAsync(queue);
        return broker;
    }
}
