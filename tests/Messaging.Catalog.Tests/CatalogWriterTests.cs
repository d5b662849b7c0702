using System.Collections.Concurrent;
using Messaging.Broker;
using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;
using Messaging.TestKit;

namespace Messaging.Catalog.Tests;

/// <summary>The writer and the catch-up against the plain model of a truth, which fails by a seed.</summary>
public sealed class CatalogWriterTests
{
    private const int Callers = 8;
    private const int Names = 10;

    [Fact]
    public async Task Whatever_fails_the_mirror_becomes_the_truth_again_and_nothing_answered_is_lost()
    {
        for (int seed = 1; seed <= 20; seed++) await RunAsync(seed);
    }

    [Fact]
    public async Task A_change_of_many_is_made_as_a_whole_or_not_at_all()
    {
        var truth = new MemoryCatalog();
        await using CatalogHarness broker = await CatalogHarness.StartAsync(truth, new ManualTimeProvider());
        await broker.PutAsync("c");
        long version = truth.Head!.Version;
        Result<ChangedDefinition[]> refused = await ChangeAsync(broker, Put("a"), Put("b") with { Precondition = new Precondition { MustExist = true } }, new QueueChange(CatalogHarness.Key("c"), null, default));
        Assert.Equal(ErrorCode.PreconditionFailed, refused.Error?.Code);
        Assert.Equal((version, 1), (truth.Head.Version, truth.Rows.Length));

        Result<ChangedDefinition[]> done = await ChangeAsync(broker, Put("a"), Put("b"), new QueueChange(CatalogHarness.Key("c"), null, default));
        Assert.Equal([true, true, null], done.Value.Select(changed => changed.Queue?.Created));
        Assert.Equal(["a", "b"], await broker.NamesAsync());
        Assert.Equal(version + 3, truth.Head.Version);
        Assert.True((await ChangeAsync(broker)).IsOk);
        await broker.KillAndStartAsync();
        Assert.Equal(["a", "b"], await broker.NamesAsync());
    }

    [Fact]
    public async Task A_change_of_all_definitions_sees_those_before_it_and_none_beside_it()
    {
        await using CatalogHarness broker = await CatalogHarness.StartAsync(new MemoryCatalog(), new ManualTimeProvider());
        var changes = Enumerable.Range(0, 100).Select(i => Task.Run(async () => i % 10 != 0
            ? (await broker.Broker.Queues.PutAsync(CatalogHarness.Key($"q{i}"), new QueueDefinition(), default)).Error
            : (await broker.Broker.CatalogWriter!.ChangeAsync(
                new CatalogChange([], draft =>
                {
                    if (draft.QueueCount != broker.NamesAsync().GetAwaiter().GetResult().Length) return new BrokerError(ErrorCode.PreconditionFailed, "Something was beside it.");
                    draft.Put(CatalogHarness.Key($"q{i}"), null, new QueueDefinition());
                    return null;
                })
                { IsAlone = true },
                default)).Error));
        Assert.All(await Task.WhenAll(changes), Assert.Null);
        Assert.Equal(100, (await broker.NamesAsync()).Length);
    }

    [Fact]
    public async Task A_change_larger_than_a_frame_is_refused_and_harms_nobody()
    {
        await using CatalogHarness broker = await CatalogHarness.StartAsync(new MemoryCatalog(), new ManualTimeProvider());
        var large = new QueueDefinition { Tags = Enumerable.Range(0, 50).ToDictionary(i => $"{i}", _ => new string('€', 256)) };
        QueueChange[] changes = [.. Enumerable.Range(0, 100).Select(i => new QueueChange(CatalogHarness.Key($"q{i}"), _ => large, default))];
        Assert.Equal(ErrorCode.BatchTooLarge, (await ChangeAsync(broker, changes)).Error?.Code);
        Assert.True((await ChangeAsync(broker, changes[..50])).IsOk);
        Assert.Equal(50, (await broker.NamesAsync()).Length);
    }

    [Fact]
    public async Task Changes_wait_up_to_a_bound_may_leave_and_go_together()
    {
        var truth = new MemoryCatalog();
        await using CatalogHarness broker = await CatalogHarness.StartAsync(truth, new ManualTimeProvider());
        truth.Hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var leaving = new CancellationTokenSource();
        var waiting = new List<Task<BrokerError?>> { broker.TryPutAsync("first") };
        await truth.IsHeld;
        Task<Result<PutQueueResult>> left = broker.Broker.Queues.PutAsync(CatalogHarness.Key("left"), new QueueDefinition(), leaving.Token).AsTask();
        for (int i = 1; i < CatalogLimits.CatalogChangesWaitingMax; i++) waiting.Add(broker.TryPutAsync($"q{i}"));
        Assert.Equal(ErrorCode.Overloaded, (await broker.TryPutAsync("more"))!.Code);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);

        truth.Hold.SetResult();
        Assert.All(await Task.WhenAll(waiting), Assert.Null);
        Assert.Equal(waiting.Count, truth.Rows.Length);
        Assert.Null(await broker.GetAsync("left"));
        Assert.Equal(1 + (CatalogLimits.CatalogChangesWaitingMax / CatalogLimits.CatalogBatchMax), truth.Writes);
    }

    [Fact]
    public async Task Changes_that_look_at_other_queues_are_decided_one_after_the_other()
    {
        const int count = 20;
        var truth = new MemoryCatalog();
        await using CatalogHarness broker = await CatalogHarness.StartAsync(truth, new ManualTimeProvider());
        await broker.PutAsync("dead");
        truth.Hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<BrokerError?> first = broker.TryPutAsync("first");
        await truth.IsHeld;
        var withDeadLetter = new QueueDefinition { DeadLetter = new DeadLetterDefinition { Queue = CatalogHarness.Key("dead").Name, MaxReceives = 3 } };
        // As a rule of dead-letter queues would: the deletion has to see whoever names the queue.
        var delete = new CatalogChange([ResourceKey.Of(CatalogHarness.Key("dead"))], draft =>
        {
            if (truth.Rows.OfType<CatalogRow.OfQueue>().Any(row => row.Definition.DeadLetter is not null)) return new BrokerError(ErrorCode.PreconditionFailed, "In use.");
            return draft.Decide(new QueueChange(CatalogHarness.Key("dead"), null, default));
        });
        Task<Result<ChangedDefinition[]>>[] changes =
        [
            .. Enumerable.Range(0, count).Select(i => ChangeAsync(broker, new QueueChange(CatalogHarness.Key($"q{i}"), _ => withDeadLetter, default))),
            broker.Broker.CatalogWriter!.ChangeAsync(delete, default).AsTask(),
        ];
        truth.Hold.SetResult();
        Assert.Null(await first);
        Result<ChangedDefinition[]>[] done = await Task.WhenAll(changes);
        Assert.All(done[..count], put => Assert.True(put.IsOk));
        Assert.Equal(ErrorCode.PreconditionFailed, done[count].Error?.Code);
        Assert.Equal(2 + count, truth.Writes);
    }

    [Fact]
    public async Task A_queue_of_the_other_type_in_another_history_stays_with_its_messages()
    {
        var truth = new MemoryCatalog();
        await using CatalogHarness broker = await CatalogHarness.StartAsync(truth, new ManualTimeProvider());
        await broker.PutAsync("q", new QueueDefinition { LeaseSeconds = 7 });
        await broker.SendAsync("q", "m");
        truth.Put(((CatalogRow.OfQueue)truth.Rows[0]) with { Definition = new QueueDefinition { Type = QueueType.Fifo } });
        truth.Head = truth.Head! with { ClusterId = Guid.Empty };
        await broker.RestartAsync(CatalogChoice.Postgres);
        Assert.Equal(["m"], await broker.ReceiveAsync("q"));
        Assert.Equal(new QueueDefinition { LeaseSeconds = 7 }, ((CatalogRow.OfQueue)Assert.Single(truth.Rows)).Definition);
        Assert.Equal(truth.Head.Version, (await broker.GetAsync("q"))!.Version);
    }

    [Fact]
    public async Task A_topic_of_fewer_partitions_in_another_history_keeps_those_that_it_has_and_takes_all_else()
    {
        var truth = new MemoryCatalog();
        await using CatalogHarness broker = await CatalogHarness.StartAsync(truth, new ManualTimeProvider());
        await broker.PutTopicAsync("t", new TopicDefinition { Partitions = 3 });
        await broker.PublishAsync("t", "r", partition: 2);
        truth.Put(((CatalogRow.OfTopic)truth.Rows[0]) with { Definition = new TopicDefinition { Partitions = 2, TombstoneSeconds = 7 } });
        truth.Head = truth.Head! with { ClusterId = Guid.Empty };
        await broker.RestartAsync(CatalogChoice.Postgres);
        var expected = new TopicDefinition { Partitions = 3, TombstoneSeconds = 7 };
        Assert.Equal(expected, (await broker.GetTopicAsync("t"))!.Definition);
        Assert.Equal(expected, ((CatalogRow.OfTopic)Assert.Single(truth.Rows)).Definition);
        Assert.Equal(["r"], await broker.FetchAsync("t", 2));
        Assert.Equal(truth.Head.Version, (await broker.GetTopicAsync("t"))!.Version);
        await broker.KillAndStartAsync();
        Assert.Equal(["r"], await broker.FetchAsync("t", 2));
    }

    [Fact]
    public async Task A_topic_of_the_other_type_in_another_history_stays_with_its_records()
    {
        var truth = new MemoryCatalog();
        await using CatalogHarness broker = await CatalogHarness.StartAsync(truth, new ManualTimeProvider());
        await broker.PutTopicAsync("t", new TopicDefinition { TombstoneSeconds = 7 });
        await broker.PublishAsync("t", "r");
        truth.Put(((CatalogRow.OfTopic)truth.Rows[0]) with { Definition = new TopicDefinition { Type = TopicType.Fifo, Partitions = 9 } });
        truth.Head = truth.Head! with { ClusterId = Guid.Empty };
        await broker.RestartAsync(CatalogChoice.Postgres);
        Assert.Equal(["r"], await broker.FetchAsync("t"));
        Assert.Equal(new TopicDefinition { TombstoneSeconds = 7 }, ((CatalogRow.OfTopic)Assert.Single(truth.Rows)).Definition);
    }

    private static async Task RunAsync(int seed)
    {
        var time = new ManualTimeProvider();
        var truth = new MemoryCatalog(new Random(seed));
        await using CatalogHarness broker = await CatalogHarness.StartAsync(truth, time);
        var answered = new ConcurrentQueue<Answered>();
        var deleted = new ConcurrentDictionary<ResourceKey, bool>();
        for (int round = 0; round < 4; round++)
        {
            truth.FaultsPerHundred = 20;
            Task calls = Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(() => CallAsync(broker, new Random((((seed * 10) + round) * 100) + caller), answered, deleted))));
            await PumpAsync(broker, time, () => calls.IsCompleted);
            await calls;
            if (round == 2) await broker.KillAndStartAsync();
            truth.FaultsPerHundred = 0;
            await PumpAsync(broker, time, () => broker.Broker.CatalogStatus == CatalogStatus.Available);
            await AssertSameAsync(seed, broker, truth, answered, deleted);
        }
    }

    private static async Task PumpAsync(CatalogHarness broker, ManualTimeProvider time, Func<bool> ends)
    {
        while (!ends())
        {
            if (broker.Broker.CatalogStatus != CatalogStatus.Available) time.Advance(CatalogWriter.ReturnPause);
            await Task.Yield();
        }
    }

    private static async Task CallAsync(CatalogHarness broker, Random random, ConcurrentQueue<Answered> answered, ConcurrentDictionary<ResourceKey, bool> deleted)
    {
        for (int i = 0; i < 20; i++)
        {
            string name = $"n{random.Next(Names)}";
            BrokerError? error = random.Next(4) switch { 0 => await CallQueueAsync(name), 1 => await CallTopicAsync(name), _ => await CallSubscriptionAsync(name) };
            Assert.True(
                error?.Code is null or ErrorCode.QueueNotFound or ErrorCode.TopicNotFound or ErrorCode.SubscriptionNotFound or ErrorCode.TargetInUse or ErrorCode.Immutable
                    or ErrorCode.CatalogUnavailable, $"{error?.Code}");
            if (error?.Code == ErrorCode.CatalogUnavailable) await Task.Yield();
        }

        async Task<BrokerError?> CallQueueAsync(string name)
        {
            QueueKey key = CatalogHarness.Key(name);
            if (random.Next(4) == 0)
            {
                deleted[ResourceKey.Of(key)] = true;
                return (await broker.Broker.Queues.DeleteAsync(key, default)).Error;
            }

            Result<PutQueueResult> put = await broker.Broker.Queues.PutAsync(key, new QueueDefinition { LeaseSeconds = random.Next(1_000) }, default);
            if (put.IsOk) answered.Enqueue(Answered.Of(put.Value.Queue));
            return put.Error;
        }

        async Task<BrokerError?> CallTopicAsync(string name)
        {
            TopicKey key = CatalogTopics.Key(name);
            if (random.Next(4) == 0)
            {
                deleted[ResourceKey.Of(key)] = true;
                return (await broker.Broker.Topics.DeleteAsync(key, default, default)).Error;
            }

            var definition = new TopicDefinition { Partitions = random.Next(1, 4), TombstoneSeconds = random.Next(1_000) };
            Result<PutTopicResult> put = await broker.Broker.Topics.PutAsync(key, definition, default, default);
            if (put.IsOk) answered.Enqueue(Answered.Of(put.Value.Topic));
            return put.Error;
        }

        async Task<BrokerError?> CallSubscriptionAsync(string name)
        {
            SubscriptionKey key = CatalogSubscriptions.Key(name, $"n{random.Next(Names)}");
            if (random.Next(4) == 0)
            {
                deleted[ResourceKey.Of(key)] = true;
                return (await broker.Broker.Subscriptions.DeleteAsync(key, default, default)).Error;
            }

            SubscriptionDefinition definition = CatalogSubscriptions.To($"n{random.Next(Names)}") with { Raw = random.Next(2) == 0 };
            Result<PutSubscriptionResult> put = await broker.Broker.Subscriptions.PutAsync(key, definition, default, default);
            if (put.IsOk) answered.Enqueue(Answered.Of(put.Value.Subscription));
            return put.Error;
        }
    }

    private static async Task AssertSameAsync(int seed, CatalogHarness broker, MemoryCatalog truth, IEnumerable<Answered> answered, ConcurrentDictionary<ResourceKey, bool> deleted)
    {
        var mirror = new Dictionary<ResourceKey, Answered>();
        foreach (string name in await broker.NamesAsync()) mirror.Add(ResourceKey.Of(CatalogHarness.Key(name)), Answered.Of((await broker.GetAsync(name))!));
        foreach (string name in await broker.TopicNamesAsync()) mirror.Add(ResourceKey.Of(CatalogTopics.Key(name)), Answered.Of((await broker.GetTopicAsync(name))!));
        foreach (string topic in await broker.TopicNamesAsync())
        {
            foreach (string name in await broker.SubscriptionNamesAsync(topic))
            {
                mirror.Add(ResourceKey.Of(CatalogSubscriptions.Key(name, topic)), Answered.Of((await broker.GetSubscriptionAsync(name, topic))!));
            }
        }

        Answered[] rows = [.. truth.Rows.Where(row => !row.IsDeleting).Select(Answered.Of)];
        Assert.True(rows.Select(row => row.Key).ToHashSet().SetEquals(mirror.Keys), $"seed {seed}: others");
        Assert.All(rows, row => Assert.Equal(row, mirror[row.Key]));
        foreach (Answered put in answered)
        {
            if (mirror.TryGetValue(put.Key, out Answered? now)) Assert.True(now.Version > put.Version || now == put, $"seed {seed}: the {put.Key} lost {put.Version}");
            else Assert.True(deleted.ContainsKey(put.Key) || (put.Key.Topic is { } of && deleted.ContainsKey(ResourceKey.Of(CatalogTopics.Key(of)))), $"seed {seed}: the {put.Key} is gone");
        }

        var targets = new HashSet<(TopicKey, SubscriptionTarget)>();
        Assert.All(truth.Rows.OfType<CatalogRow.OfSubscription>().Where(row => !row.IsDeleting), row =>
        {
            Assert.True(mirror.ContainsKey(ResourceKey.Of(row.Subscription.Topic)), $"seed {seed}: the {row.Key} has no topic");
            Assert.True(targets.Add((row.Subscription.Topic, row.Definition.Target)), $"seed {seed}: the {row.Key} shares its target");
        });
    }

    private static QueueChange Put(string name) => new(CatalogHarness.Key(name), _ => new QueueDefinition(), default);

    private static async Task<Result<ChangedDefinition[]>> ChangeAsync(CatalogHarness broker, params QueueChange[] changes) =>
        await broker.Broker.CatalogWriter!.ChangeAsync(
            new CatalogChange([.. changes.Select(change => ResourceKey.Of(change.Key))], draft => changes.Select(draft.Decide).FirstOrDefault(refusal => refusal is not null)), default);

    /// <summary>A definition of any kind at a version, as somebody was told of it. A value.</summary>
    private sealed record Answered(ResourceKey Key, long Version, object Definition)
    {
        public static Answered Of(QueueDescription queue) => new(ResourceKey.Of(queue.Key), queue.Version, queue.Definition);

        public static Answered Of(TopicDescription topic) => new(ResourceKey.Of(topic.Key), topic.Version, topic.Definition);

        public static Answered Of(SubscriptionDescription subscription) => new(ResourceKey.Of(subscription.Key), subscription.Version, subscription.Definition);

        public static Answered Of(CatalogRow row) => new(row.Key, row.Version, row switch
        {
            CatalogRow.OfQueue queue => queue.Definition,
            CatalogRow.OfTopic topic => topic.Definition,
            _ => ((CatalogRow.OfSubscription)row).Definition,
        });
    }
}
