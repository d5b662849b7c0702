using System.Collections.Concurrent;
using Messaging.Broker;
using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
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
            ? (await broker.Broker.PutQueueAsync(CatalogHarness.Key($"q{i}"), new QueueDefinition(), default)).Error
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
        Task<Result<PutQueueResult>> left = broker.Broker.PutQueueAsync(CatalogHarness.Key("left"), new QueueDefinition(), leaving.Token).AsTask();
        for (int i = 1; i < BrokerLimits.CatalogChangesWaitingMax; i++) waiting.Add(broker.TryPutAsync($"q{i}"));
        Assert.Equal(ErrorCode.Overloaded, (await broker.TryPutAsync("more"))!.Code);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);

        truth.Hold.SetResult();
        Assert.All(await Task.WhenAll(waiting), Assert.Null);
        Assert.Equal(waiting.Count, truth.Rows.Length);
        Assert.Null(await broker.GetAsync("left"));
        Assert.Equal(1 + (BrokerLimits.CatalogChangesWaitingMax / BrokerLimits.CatalogBatchMax), truth.Writes);
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

    private static async Task RunAsync(int seed)
    {
        var time = new ManualTimeProvider();
        var truth = new MemoryCatalog(new Random(seed));
        await using CatalogHarness broker = await CatalogHarness.StartAsync(truth, time);
        var answered = new ConcurrentQueue<QueueDescription>();
        var deleted = new ConcurrentDictionary<QueueKey, bool>();
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

    private static async Task CallAsync(CatalogHarness broker, Random random, ConcurrentQueue<QueueDescription> answered, ConcurrentDictionary<QueueKey, bool> deleted)
    {
        for (int i = 0; i < 20; i++)
        {
            QueueKey key = CatalogHarness.Key($"q{random.Next(Names)}");
            ErrorCode? code;
            if (random.Next(4) == 0)
            {
                deleted[key] = true;
                code = (await broker.Broker.DeleteQueueAsync(key, default)).Error?.Code;
            }
            else
            {
                Result<PutQueueResult> put = await broker.Broker.PutQueueAsync(key, new QueueDefinition { LeaseSeconds = random.Next(1_000) }, default);
                if (put.IsOk) answered.Enqueue(put.Value.Queue);
                code = put.Error?.Code;
            }

            Assert.True(code is null or ErrorCode.QueueNotFound or ErrorCode.CatalogUnavailable, $"{code}");
            if (code == ErrorCode.CatalogUnavailable) await Task.Yield();
        }
    }

    private static async Task AssertSameAsync(int seed, CatalogHarness broker, MemoryCatalog truth, IEnumerable<QueueDescription> answered, ConcurrentDictionary<QueueKey, bool> deleted)
    {
        var mirror = new Dictionary<QueueKey, QueueDescription>();
        foreach (string name in await broker.NamesAsync()) mirror.Add(CatalogHarness.Key(name), (await broker.GetAsync(name))!);
        var rows = truth.Rows.OfType<CatalogRow.OfQueue>().Where(row => !row.IsDeleting).ToDictionary(row => row.Queue);
        Assert.True(rows.Keys.ToHashSet().SetEquals(mirror.Keys), $"seed {seed}: other queues");
        Assert.All(rows.Values, row => Assert.Equal((row.Version, row.Definition), (mirror[row.Queue].Version, mirror[row.Queue].Definition)));
        foreach (QueueDescription put in answered)
        {
            if (mirror.TryGetValue(put.Key, out QueueDescription? now)) Assert.True(now.Version > put.Version || now.Definition == put.Definition, $"seed {seed}: {put.Key} lost {put.Version}");
            else Assert.True(deleted.ContainsKey(put.Key), $"seed {seed}: {put.Key} is gone");
        }
    }

    private static QueueChange Put(string name) => new(CatalogHarness.Key(name), _ => new QueueDefinition(), default);

    private static async Task<Result<ChangedDefinition[]>> ChangeAsync(CatalogHarness broker, params QueueChange[] changes) =>
        await broker.Broker.CatalogWriter!.ChangeAsync(
            new CatalogChange([.. changes.Select(change => ResourceKey.Of(change.Key))], draft => changes.Select(draft.Decide).FirstOrDefault(refusal => refusal is not null)), default);
}
