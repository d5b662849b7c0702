using Messaging.Broker;
using Messaging.Broker.Catalog;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Topics;
using Messaging.TestKit;

namespace Messaging.Catalog.Tests.Conformance;

/// <summary>What every catalog does, whichever keeps the truth: one suite over both.</summary>
[Collection(PostgresGroup.Name)]
public sealed class CatalogConformanceTests(SharedPostgres postgres)
{
    private static readonly QueueDefinition Odd = new()
    {
        LeaseSeconds = 7,
        DelaySeconds = 8,
        RetentionSeconds = 900,
        ReceiveWaitSeconds = 10,
        MaxMessageBytes = 2_048,
        Tags = new Dictionary<string, string> { ["team"] = "größe", ["empty"] = "", ["quote\"'\\"] = "\u0001\n" },
    };

    [Theory, Embedded, InPostgres]
    public async Task A_definition_survives_a_kill_and_a_restart(CatalogKind kind)
    {
        await using CatalogHarness broker = await StartAsync(kind);
        QueueDescription before = await broker.PutAsync("q/ü'", Odd);
        Assert.Equal(Odd, before.Definition);
        await broker.KillAndStartAsync();
        Assert.Equal(before, await broker.GetAsync("q/ü'"));
        await broker.RestartAsync();
        Assert.Equal(before, await broker.GetAsync("q/ü'"));
        QueueDescription after = await broker.PutAsync("q/ü'", Odd with { LeaseSeconds = 9 });
        Assert.True(after.Version > before.Version);
        Assert.Equal(before.CreatedAt, after.CreatedAt);
    }

    [Theory, Embedded, InPostgres]
    public async Task Put_creates_then_replaces_and_keeps_the_messages(CatalogKind kind)
    {
        var time = new ManualTimeProvider();
        await using CatalogHarness broker = await StartAsync(kind, time);
        PutQueueResult created = (await broker.Broker.Queues.PutAsync(CatalogHarness.Key("q"), new QueueDefinition(), default)).Value;
        Assert.True(created.Created);
        await broker.SendAsync("q", "kept");
        time.Advance(TimeSpan.FromSeconds(5));
        PutQueueResult replaced = (await broker.Broker.Queues.PutAsync(CatalogHarness.Key("q"), Odd with { DelaySeconds = 0 }, default)).Value;
        Assert.False(replaced.Created);
        Assert.True(replaced.Queue.Version > created.Queue.Version);
        Assert.Equal(created.Queue.CreatedAt, replaced.Queue.CreatedAt);
        Assert.Equal(created.Queue.CreatedAt.AddSeconds(5), replaced.Queue.ModifiedAt);
        Assert.Equal(["kept"], await broker.ReceiveAsync("q"));
    }

    [Theory, Embedded, InPostgres]
    public async Task A_patch_changes_what_it_names(CatalogKind kind)
    {
        await using CatalogHarness broker = await StartAsync(kind);
        await broker.PutAsync("q", Odd);
        QueuePatch patch = definition => definition with { LeaseSeconds = 9, Tags = new Dictionary<string, string> { ["empty"] = "", ["new"] = "x" } };
        QueueDescription patched = (await broker.Broker.Queues.PatchAsync(CatalogHarness.Key("q"), patch, default, default)).Value.Queue;
        Assert.Equal((9, 2, "x"), (patched.Definition.LeaseSeconds, patched.Definition.Tags.Count, patched.Definition.Tags["new"]));
        await broker.KillAndStartAsync();
        Assert.Equal(patched, await broker.GetAsync("q"));
        Assert.Equal(ErrorCode.QueueNotFound, (await broker.Broker.Queues.PatchAsync(CatalogHarness.Key("none"), patch, default, default)).Error?.Code);
    }

    [Theory, Embedded, InPostgres]
    public async Task Preconditions_and_rules_are_judged(CatalogKind kind)
    {
        await using CatalogHarness broker = await StartAsync(kind);
        QueueDescription queue = await broker.PutAsync("q");
        Assert.Equal(ErrorCode.PreconditionFailed, await PutAsync("q", new Precondition { MustNotExist = true }));
        Assert.Equal(ErrorCode.PreconditionFailed, await PutAsync("q", new Precondition { Versions = [queue.Version + 1] }));
        Assert.Equal(ErrorCode.PreconditionFailed, await PutAsync("none", new Precondition { MustExist = true }));
        Assert.Null(await PutAsync("q", new Precondition { Versions = [queue.Version] }));
        Assert.Equal(ErrorCode.PreconditionFailed, await PutAsync("q", new Precondition { Versions = [queue.Version] }));
        Assert.Equal(ErrorCode.InvalidValue, (await broker.Broker.Queues.PutAsync(CatalogHarness.Key("q"), new QueueDefinition { LeaseSeconds = -1 }, default)).Error?.Code);
        Assert.Equal(ErrorCode.PreconditionFailed, (await broker.Broker.Queues.DeleteAsync(CatalogHarness.Key("q"), new Precondition { Versions = [queue.Version] }, default)).Error?.Code);
        Assert.Equal(ErrorCode.QueueNotFound, (await broker.Broker.Queues.DeleteAsync(CatalogHarness.Key("none"), default)).Error?.Code);

        async Task<ErrorCode?> PutAsync(string name, Precondition precondition) =>
            (await broker.Broker.Queues.PutAsync(CatalogHarness.Key(name), new QueueDefinition(), precondition, default)).Error?.Code;
    }

    [Theory, Embedded, InPostgres]
    public async Task A_deleted_queue_is_gone_with_its_messages_also_when_it_is_made_again(CatalogKind kind)
    {
        await using CatalogHarness broker = await StartAsync(kind);
        await broker.PutAsync("q");
        await broker.SendAsync("q", "dead");
        await broker.DeleteAsync("q");
        Assert.Null(await broker.GetAsync("q"));
        await broker.KillAndStartAsync();
        Assert.Null(await broker.GetAsync("q"));
        await broker.PutAsync("q");
        Assert.Empty(await broker.ReceiveAsync("q"));
        await broker.RestartAsync();
        Assert.Empty(await broker.ReceiveAsync("q"));
    }

    [Theory, Embedded, InPostgres]
    public async Task A_dead_letter_queue_that_is_deleted_in_use_stays_named_and_is_it_again_when_it_is_made_again(CatalogKind kind)
    {
        await using CatalogHarness broker = await StartAsync(kind);
        QueueKey dead = CatalogHarness.Key("dead");
        await broker.PutAsync("dead");
        QueueDescription queue = await broker.PutAsync("q", new QueueDefinition { DeadLetter = new DeadLetterDefinition { Queue = dead.Name, MaxReceives = 1 } });
        await broker.SendAsync("q", "a");
        Assert.Equal(ErrorCode.QueueInUse, (await broker.Broker.Queues.DeleteAsync(dead, default)).Error?.Code);
        Assert.True((await broker.Broker.Queues.DeleteAsync(dead, default, evenIfInUse: true, default)).IsOk);
        for (int count = 1; count <= 2; count++) Assert.Equal(count, await ReceiveAsync());
        await broker.KillAndStartAsync();
        Assert.Equal(queue with { Counts = new QueueCounts(1, 0, 0) }, await broker.GetAsync("q"));
        Assert.Equal(3, await ReceiveAsync());
        Assert.True((await broker.Broker.Queues.PatchAsync(queue.Key, Lease(7), default, default)).IsOk);

        await broker.PutAsync("dead");
        await broker.RestartAsync();
        Assert.Equal(0, await ReceiveAsync());
        await broker.Broker.MoveAsync();
        Assert.Equal((0, 1), ((await broker.GetAsync("q"))!.Counts.Ready, (await broker.GetAsync("dead"))!.Counts.Ready));

        // The receive count of the next message; 0 without one.
        async Task<int> ReceiveAsync()
        {
            using ReceivedMessages received = (await broker.Broker.Queues.ReceiveAsync(queue.Key, new ReceiveRequest(1, 0, 0), default)).Value;
            return received.Count == 0 ? 0 : received[0].ReceiveCount;
        }
    }

    [Theory, Embedded, InPostgres]
    public async Task A_reset_leaves_nothing_and_what_comes_afterwards_is_new(CatalogKind kind)
    {
        await using CatalogHarness broker = await StartAsync(kind);
        await broker.PutAsync("dead");
        var withDeadLetter = new QueueDefinition { DeadLetter = new DeadLetterDefinition { Queue = CatalogHarness.Key("dead").Name, MaxReceives = 1 } };
        for (int i = 0; i < CatalogLimits.ResetBatchMax; i++) await broker.PutAsync($"q{i}", withDeadLetter);
        await broker.SendAsync("q0", "a");
        foreach (string wide in (string[])["wide", "wider"]) await broker.PutTopicAsync(wide, new TopicDefinition { Partitions = TopicLimits.PartitionsMax });
        await broker.PutTopicAsync("t");
        await broker.PublishAsync("t", "r");
        Assert.Equal(new ResetCounts(CatalogLimits.ResetBatchMax + 1, 3), (await broker.Broker.Definitions.ResetAsync(default)).Value);
        Assert.Empty(await broker.NamesAsync());
        await broker.PutAsync("q0");
        await broker.KillAndStartAsync();
        Assert.Equal(["q0"], await broker.NamesAsync());
        Assert.Empty(await broker.TopicNamesAsync());
        Assert.Empty(await broker.ReceiveAsync("q0"));
        await broker.PutTopicAsync("t");
        Assert.Empty(await broker.FetchAsync("t"));
    }

    [Theory, Embedded, InPostgres]
    public async Task A_list_is_in_ordinal_order(CatalogKind kind)
    {
        await using CatalogHarness broker = await StartAsync(kind);
        string[] names = ["b", "B", "a", "ab", "abc", "ä", "ac", "a/é", "a0", "z"];
        foreach (string name in names) await broker.PutAsync(name);
        Assert.True((await broker.Broker.Queues.PutAsync(CatalogHarness.Key("a", "other"), new QueueDefinition(), default)).IsOk);
        Assert.Equal(names.Order(StringComparer.Ordinal), await broker.NamesAsync(3));
        await broker.RestartAsync();
        Assert.Equal(names.Order(StringComparer.Ordinal), await broker.NamesAsync());
    }

    [Theory, Embedded, InPostgres]
    public async Task Of_many_at_once_that_must_create_one_queue_one_does(CatalogKind kind)
    {
        await using CatalogHarness broker = await StartAsync(kind);
        Result<PutQueueResult>[] puts = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(async () =>
            await broker.Broker.Queues.PutAsync(CatalogHarness.Key($"q{i % 2}"), new QueueDefinition { LeaseSeconds = i }, new Precondition { MustNotExist = true }, default))));
        Assert.Equal(2, puts.Count(put => put.IsOk));
        Assert.All(puts.Where(put => !put.IsOk), put => Assert.Equal(ErrorCode.PreconditionFailed, put.Error!.Code));
    }

    [Theory, Embedded, InPostgres]
    public async Task No_update_is_lost_between_callers_that_compare_versions(CatalogKind kind)
    {
        const int callers = 8;
        const int each = 10;
        await using CatalogHarness broker = await StartAsync(kind);
        await broker.PutAsync("q", new QueueDefinition { LeaseSeconds = 0 });
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            for (int done = 0; done < each;)
            {
                QueueDescription now = (await broker.GetAsync("q"))!;
                QueueDefinition more = now.Definition with { LeaseSeconds = now.Definition.LeaseSeconds + 1 };
                if ((await broker.Broker.Queues.PutAsync(CatalogHarness.Key("q"), more, new Precondition { Versions = [now.Version] }, default)).IsOk) done++;
            }
        })));
        await broker.KillAndStartAsync();
        Assert.Equal(callers * each, (await broker.GetAsync("q"))!.Definition.LeaseSeconds);
    }

    [Theory, Embedded, InPostgres]
    public async Task Random_changes_by_many_are_what_a_start_finds(CatalogKind kind)
    {
        await using CatalogHarness broker = await StartAsync(kind);
        for (int round = 0; round < 3; round++)
        {
            int seed = round;
            await Task.WhenAll(Enumerable.Range(0, 16).Select(caller => Task.Run(() => ChangeAsync(broker, new Random((seed * 100) + caller)))));
            var before = new List<QueueDescription?>();
            foreach (string name in await broker.NamesAsync()) before.Add(await broker.GetAsync(name));
            if (round % 2 == 0) await broker.KillAndStartAsync();
            else await broker.RestartAsync();
            var after = new List<QueueDescription?>();
            foreach (string name in await broker.NamesAsync()) after.Add(await broker.GetAsync(name));
            Assert.Equal(before, after);
        }
    }

    [Theory, Embedded, InPostgres]
    public async Task A_call_that_was_cancelled_before_changes_nothing(CatalogKind kind)
    {
        await using CatalogHarness broker = await StartAsync(kind);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await broker.Broker.Queues.PutAsync(CatalogHarness.Key("q"), new QueueDefinition(), new CancellationToken(canceled: true)));
        Assert.Null(await broker.GetAsync("q"));
    }

    [Theory, Embedded, InPostgres]
    public async Task The_largest_definition_is_kept(CatalogKind kind)
    {
        await using CatalogHarness broker = await StartAsync(kind);
        var tags = Enumerable.Range(0, BrokerLimits.TagsMax).ToDictionary(i => $"{i:00}" + new string('€', 126), _ => new string('€', 256));
        string name = new('n', 255);
        var annotations = new Dictionary<string, string> { ["aws.Policy"] = new('€', 16_384), ["b"] = new('€', 16_373) };
        await broker.PutAsync(name, new QueueDefinition { Tags = tags, Annotations = annotations });
        await broker.KillAndStartAsync();
        Assert.Equal(tags, (await broker.GetAsync(name))!.Definition.Tags);
        Assert.Equal(annotations, (await broker.GetAsync(name))!.Definition.Annotations);
    }

    private static async Task ChangeAsync(CatalogHarness broker, Random random)
    {
        for (int i = 0; i < 20; i++)
        {
            QueueKey key = CatalogHarness.Key($"q{random.Next(12)}");
            ErrorCode? code = random.Next(3) switch
            {
                0 => (await broker.Broker.Queues.DeleteAsync(key, default)).Error?.Code,
                1 => (await broker.Broker.Queues.PatchAsync(key, Lease(random.Next(100)), default, default)).Error?.Code,
                _ => (await broker.Broker.Queues.PutAsync(key, new QueueDefinition { LeaseSeconds = random.Next(100) }, default)).Error?.Code,
            };
            Assert.True(code is null or ErrorCode.QueueNotFound, $"{code}");
        }
    }

    private static QueuePatch Lease(int seconds) => definition => definition with { LeaseSeconds = seconds };

    private async Task<CatalogHarness> StartAsync(CatalogKind kind, TimeProvider? time = null) =>
        await CatalogHarness.StartAsync(kind == CatalogKind.Embedded ? null : await postgres.Instance.CreateDatabaseAsync(), time: time);
}
