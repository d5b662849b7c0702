using Messaging.Broker.Catalog;
using Messaging.Broker.Filters;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Tests.Topics;

namespace Messaging.Broker.Tests.Subscriptions;

public sealed class SubscriptionDefinitionsTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_subscription_outlives_a_stop_and_a_crash(bool kill)
    {
        await using BrokerHarness harness = await WithTopic("q", "dead");
        SubscriptionDefinition definition = SubscriptionCalls.To("q") with
        {
            Filter = new SubscriptionFilter(FilterScope.Body, """{ "a": ["ü", null] }"""), Raw = false, DeadLetter = BrokerHarness.Key("dead").Name,
            StartAt = SubscriptionStart.At(1_234), Tags = new Dictionary<string, string> { ["a"] = "b" }, Annotations = new Dictionary<string, string> { ["sns.x"] = "y" },
        };
        SubscriptionDescription before = await harness.Subscribe("s", definition);
        long number = harness.NumberOf("s");

        if (kill) harness.Kill();
        else await harness.Restart();

        SubscriptionDescription after = (await harness.GetSubscription("s"))!;
        Assert.Equal(before, after);
        Assert.Equal(definition, after.Definition);
        Assert.Equal(number, harness.NumberOf("s"));
        Assert.True(harness.Broker.SubscriptionDirectory.TryGet(number, out LiveSubscription? live));
        Assert.Equal(SubscriptionCalls.Subscription("s"), live.Key);
        Assert.Equal(1, TopicCount(harness));
    }

    [Fact]
    public async Task Put_creates_then_replaces_and_patch_changes_what_it_names()
    {
        await using BrokerHarness harness = await WithTopic("q", "other");
        PutSubscriptionResult created = (await harness.Broker.Subscriptions.PutAsync(SubscriptionCalls.Subscription("s"), SubscriptionCalls.To("q"), default, default)).Value;
        Assert.True(created.Created);
        long number = harness.NumberOf("s");
        harness.Advance(5);
        PutSubscriptionResult replaced = (await harness.Broker.Subscriptions.PutAsync(
            SubscriptionCalls.Subscription("s"), SubscriptionCalls.To("other") with { Raw = false }, default, default)).Value;
        Assert.False(replaced.Created);
        Assert.True(replaced.Subscription.Version > created.Subscription.Version);
        Assert.Equal(created.Subscription.CreatedAt, replaced.Subscription.CreatedAt);
        Assert.Equal(created.Subscription.CreatedAt.AddSeconds(5), replaced.Subscription.ModifiedAt);
        PutSubscriptionResult patched = (await harness.Broker.Subscriptions.PatchAsync(SubscriptionCalls.Subscription("s"), definition => definition with { Raw = true }, default, default)).Value;
        Assert.Equal(SubscriptionCalls.To("other"), patched.Subscription.Definition);
        Assert.Equal(number, harness.NumberOf("s"));
        // Its target before is free again.
        await harness.Subscribe("t", SubscriptionCalls.To("q"));
    }

    [Fact]
    public async Task A_subscription_of_a_deleted_ones_name_has_another_number()
    {
        await using BrokerHarness harness = await WithTopic("q");
        await harness.Subscribe("s", SubscriptionCalls.To("q"));
        long first = harness.NumberOf("s");
        await harness.Broker.Subscriptions.PauseAsync(SubscriptionCalls.Subscription("s"), true, default);

        Assert.True((await Delete(harness, "s", default)).IsOk);
        Assert.Equal(ErrorCode.SubscriptionNotFound, (await Delete(harness, "s", default)).Error!.Code);
        Assert.Null(await harness.GetSubscription("s"));
        Assert.False(harness.Broker.SubscriptionDirectory.TryGet(first, out _));
        await harness.Subscribe("s", SubscriptionCalls.To("q"));
        harness.Kill();

        Assert.True(harness.NumberOf("s") > first);
        Assert.False((await harness.GetSubscription("s"))!.Paused);
        Assert.Equal(1, TopicCount(harness));
    }

    [Fact]
    public async Task A_precondition_guards_against_lost_updates()
    {
        await using BrokerHarness harness = await WithTopic("q");
        long version = (await harness.Subscribe("s", SubscriptionCalls.To("q"))).Version;
        SubscriptionKey key = SubscriptionCalls.Subscription("s");

        Result<PutSubscriptionResult> created = await harness.Broker.Subscriptions.PutAsync(key, SubscriptionCalls.To("q"), new Precondition { MustNotExist = true }, default);
        Result<PutSubscriptionResult> changed = await harness.Broker.Subscriptions.PutAsync(
            key, SubscriptionCalls.To("q") with { Raw = false }, new Precondition { Versions = [version] }, default);
        Result<bool> deleted = await Delete(harness, "s", new Precondition { Versions = [version] });
        Result<PutSubscriptionResult> missing = await harness.Broker.Subscriptions.PutAsync(
            SubscriptionCalls.Subscription("none"), SubscriptionCalls.To("q"), new Precondition { MustExist = true }, default);

        Assert.Equal(ErrorCode.PreconditionFailed, created.Error!.Code);
        Assert.True(changed.IsOk);
        Assert.Equal(ErrorCode.PreconditionFailed, deleted.Error!.Code);
        Assert.Equal(ErrorCode.PreconditionFailed, missing.Error!.Code);
    }

    [Fact]
    public async Task Lists_are_pages_in_the_order_of_names_of_one_topic()
    {
        await using BrokerHarness harness = await WithTopic();
        await harness.CreateTopic("other");
        string[] names = ["b", "B", "a", "ab", "ä", "ac", "a/é", "z"];
        foreach (string name in names)
        {
            await harness.Create("q" + name);
            await harness.Subscribe(name, SubscriptionCalls.To("q" + name));
        }

        await harness.Subscribe("aa", SubscriptionCalls.To("qa"), "other");
        Assert.Equal(names.Order(StringComparer.Ordinal), await harness.ListSubscriptions(pageSize: 3));
        Assert.Equal(names.Where(name => name.StartsWith('a')).Order(StringComparer.Ordinal), await harness.ListSubscriptions("a", 2));
        Assert.Empty(await harness.ListSubscriptions("zz"));
        Assert.Equal(["aa"], await harness.ListSubscriptions(topic: "other"));
        Result<SubscriptionPage> none = await harness.Broker.Subscriptions.ListAsync(TopicCalls.Topic("none"), null, 10, null, default);
        Assert.Equal(ErrorCode.TopicNotFound, none.Error!.Code);
        Result<SubscriptionPage> wrong = await harness.Broker.Subscriptions.ListAsync(TopicCalls.Topic("t"), null, 10, "!", default);
        Assert.Equal("pageToken", wrong.Error!.Field);
    }

    [Fact]
    public async Task A_page_of_large_definitions_ends_early_and_the_list_goes_on()
    {
        await using BrokerHarness harness = await WithTopic();
        var filter = new SubscriptionFilter(FilterScope.Attributes, $$"""{"a":["{{new string('v', FilterLimits.Native.BytesMax - 10)}}"]}""");
        int fitting = BrokerLimits.ListPageCharactersMax / FilterLimits.Native.BytesMax;
        for (int i = 0; i < fitting + 2; i++)
        {
            await harness.Create($"q{i}");
            await harness.Subscribe($"s{i:000}", SubscriptionCalls.To($"q{i}") with { Filter = filter });
        }

        SubscriptionPage first = (await harness.Broker.Subscriptions.ListAsync(TopicCalls.Topic("t"), null, 1_000, null, default)).Value;
        Assert.Equal(fitting, first.Subscriptions.Count);
        Assert.Equal(fitting + 2, (await harness.ListSubscriptions(pageSize: 1_000)).Distinct().Count());
        harness.Kill();
        Assert.Equal(filter, (await harness.GetSubscription("s000"))!.Definition.Filter);
    }

    [Fact]
    public async Task A_topics_end_is_that_of_its_subscriptions_and_of_no_others()
    {
        await using BrokerHarness harness = await WithTopic("q", "r");
        await harness.CreateTopic("other");
        await harness.Subscribe("s", SubscriptionCalls.To("q"));
        await harness.Subscribe("r", SubscriptionCalls.To("r"));
        await harness.Subscribe("s", SubscriptionCalls.To("q"), "other");
        long number = harness.NumberOf("s");
        Assert.True(harness.Broker.SubscriptionDirectory.TryGet(number, out LiveSubscription? gone));

        Assert.True((await harness.Broker.Topics.DeleteAsync(TopicCalls.Topic("t"), default, default)).IsOk);
        Assert.True(gone.Deleted);
        Assert.Equal(ErrorCode.TopicNotFound, (await harness.Broker.Subscriptions.GetAsync(SubscriptionCalls.Subscription("s"), default)).Error!.Code);
        Assert.Equal(ErrorCode.TopicNotFound, (await Delete(harness, "s", default)).Error!.Code);
        await harness.CreateTopic();
        Assert.Equal(ErrorCode.SubscriptionNotFound, (await harness.Broker.Subscriptions.GetAsync(SubscriptionCalls.Subscription("s"), default)).Error!.Code);
        harness.Kill();
        Assert.Empty(await harness.ListSubscriptions());
        Assert.Equal(["s"], await harness.ListSubscriptions(topic: "other"));
        await harness.Restart();
        Assert.Empty(await harness.ListSubscriptions());
        Assert.Equal(1, harness.Broker.SubscriptionDirectory.Count);
        await harness.Subscribe("s", SubscriptionCalls.To("q"));
        Assert.True(harness.NumberOf("s") > number);
    }

    [Fact]
    public async Task A_queue_may_go_and_its_subscriptions_stay_and_can_be_changed()
    {
        await using BrokerHarness harness = await WithTopic("q", "dead");
        await harness.Subscribe("s", SubscriptionCalls.To("q") with { DeadLetter = BrokerHarness.Key("dead").Name });
        Assert.True((await harness.Broker.Queues.DeleteAsync(BrokerHarness.Key("q"), default)).IsOk);
        Assert.True((await harness.Broker.Queues.DeleteAsync(BrokerHarness.Key("dead"), default)).IsOk);
        harness.Kill();

        Result<PutSubscriptionResult> patched = await harness.Broker.Subscriptions.PatchAsync(
            SubscriptionCalls.Subscription("s"), definition => definition with { Raw = false }, default, default);

        Assert.True(patched.IsOk, patched.Error?.Detail);
        Assert.Equal((ErrorCode.QueueNotFound, "target.queue"), await harness.SubscribeError("t", SubscriptionCalls.To("q")));
    }

    [Fact]
    public async Task Racing_creations_and_the_topics_deletions_leave_no_subscription_without_a_topic()
    {
        await using BrokerHarness harness = await WithTopic();
        const int callers = 4;
        for (int i = 0; i < callers; i++) await harness.Create($"q{i}");
        Task deleting = Task.Run(async () =>
        {
            for (int i = 0; i < 50; i++)
            {
                await harness.Broker.Topics.DeleteAsync(TopicCalls.Topic("t"), default, default);
                await harness.CreateTopic();
            }
        });
        Task[] subscribing = [.. Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            for (int i = 0; i < 100; i++)
            {
                (ErrorCode? code, _) = await harness.SubscribeError($"s{caller}", SubscriptionCalls.To($"q{caller}"));
                Assert.True(code is null or ErrorCode.TopicNotFound, $"{code}");
            }
        }))];
        await Task.WhenAll([deleting, .. subscribing]);

        List<string> before = await harness.ListSubscriptions();
        Assert.Equal(before.Count, harness.Broker.SubscriptionDirectory.Count);
        Assert.Equal(before.Count, TopicCount(harness));
        harness.Kill();
        Assert.Equal(before, await harness.ListSubscriptions());
        await harness.Restart();
        Assert.Equal(before, await harness.ListSubscriptions());
        Assert.Equal(before.Count, harness.Broker.SubscriptionDirectory.Count);
    }

    [Fact]
    public async Task A_hundred_thousand_of_one_topic_are_made_listed_kept_and_gone_at_once()
    {
        const int count = 100_000;
        await using BrokerHarness harness = await WithTopic();
        for (int first = 0; first < count; first += CatalogLimits.DefinitionsMax)
        {
            QueueDefinitionEntry[] queues = [.. Enumerable.Range(first, CatalogLimits.DefinitionsMax).Select(i => new QueueDefinitionEntry(BrokerHarness.Key($"q{i}"), new QueueDefinition()))];
            Assert.True((await harness.Broker.Definitions.ApplyAsync(new DefinitionsDocument { Queues = queues }, default, dryRun: false, default)).Value.IsApplied);
        }

        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 200 }, async (i, _) => await harness.Subscribe($"s{i}", SubscriptionCalls.To($"q{i}")));
        Assert.Equal(count, TopicCount(harness));
        string[] expected = [.. Enumerable.Range(0, count).Select(i => $"s{i}").Order(StringComparer.Ordinal)];
        Assert.Equal(expected, await harness.ListSubscriptions(pageSize: 1_000));
        Assert.Equal((ErrorCode.TargetInUse, "target"), await harness.SubscribeError("one more", SubscriptionCalls.To("q77777")));

        await harness.Restart();
        Assert.Equal(expected, await harness.ListSubscriptions(pageSize: 1_000));
        Assert.True((await harness.Broker.Topics.DeleteAsync(TopicCalls.Topic("t"), default, default)).IsOk);
        harness.Kill();
        Assert.Equal(0, harness.Broker.SubscriptionDirectory.Count);
    }

    private static ValueTask<Result<bool>> Delete(BrokerHarness harness, string name, Precondition precondition) =>
        harness.Broker.Subscriptions.DeleteAsync(SubscriptionCalls.Subscription(name), precondition, default);

    private static int TopicCount(BrokerHarness harness)
    {
        Assert.Null(harness.Broker.TopicHost.Find(TopicCalls.Topic("t"), out Messaging.Broker.Topics.LiveTopic topic));
        return topic.Subscriptions.Count;
    }

    private static async Task<BrokerHarness> WithTopic(params string[] queues)
    {
        BrokerHarness harness = BrokerHarness.Start();
        await harness.CreateTopic();
        foreach (string queue in queues) await harness.Create(queue);
        return harness;
    }
}
