using System.Collections.Concurrent;
using Messaging.Broker;
using Messaging.Broker.Catalog;
using Messaging.Broker.Queues;
using Messaging.TestKit;
using Messaging.TestKit.Postgres;

namespace Messaging.Catalog.Tests;

/// <summary>Postgres goes and comes back under a running broker. An instance of its own, since others must not miss it.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    private PostgresInstance _postgres = null!;

    public async Task InitializeAsync()
    {
        if (Requirement.WhyNot("postgresql") is null) _postgres = await PostgresInstance.StartNewAsync();
    }

    public async Task DisposeAsync()
    {
        if (_postgres is not null) await _postgres.DisposeAsync();
    }

    [RequiresFact("postgresql")]
    public async Task Stopped_and_started_under_load_it_disturbs_nobody_but_definitions()
    {
        string connection = await _postgres.CreateDatabaseAsync();
        await using CatalogHarness broker = await CatalogHarness.StartAsync(connection);
        await broker.PutAsync("q", new QueueDefinition { LeaseSeconds = 600 });
        await broker.PutTopicAsync("t");
        using var load = new CancellationTokenSource();
        int sent = 0;
        Task<int> sending = Task.Run(async () =>
        {
            for (; !load.IsCancellationRequested; sent++) await broker.SendAsync("q", $"{sent}");
            return sent;
        });
        Task<int> receiving = Task.Run(async () =>
        {
            int received = 0;
            while (!load.IsCancellationRequested) received += (await broker.ReceiveAsync("q")).Length;
            return received;
        });

        await _postgres.StopAsync();
        int before = Volatile.Read(ref sent);
        BrokerError refusal = (await broker.TryPutAsync("new"))!;
        Assert.Equal(ErrorCode.CatalogUnavailable, refusal.Code);
        Assert.Equal(CatalogStatus.Unreachable, broker.Broker.CatalogStatus);
        Assert.Equal(ErrorCode.CatalogUnavailable, (await broker.Broker.Queues.DeleteAsync(CatalogHarness.Key("q"), default)).Error?.Code);
        Assert.Equal(ErrorCode.CatalogUnavailable, (await broker.TryPutTopicAsync("new"))!.Code);
        Assert.Equal(ErrorCode.CatalogUnavailable, (await broker.Broker.Topics.DeleteAsync(CatalogTopics.Key("t"), default, default)).Error?.Code);
        await broker.PublishAsync("t", "r");
        Assert.Equal(["r"], await broker.FetchAsync("t"));
        Assert.Equal(["q"], await broker.NamesAsync());
        Assert.True(Volatile.Read(ref sent) > before, "Nothing was sent meanwhile.");

        await _postgres.StartAsync();
        await broker.WaitForAsync(CatalogStatus.Available);
        await broker.PutAsync("new");
        await load.CancelAsync();
        Assert.True(await sending > 0 && await receiving > 0);
        Assert.Equal("new,q", await NamesInAsync(connection));
    }

    [RequiresFact("postgresql")]
    public async Task A_crash_among_many_changes_leaves_both_sides_the_same()
    {
        string connection = await _postgres.CreateDatabaseAsync();
        await using CatalogHarness broker = await CatalogHarness.StartAsync(connection);
        var made = new ConcurrentQueue<string>();
        for (int round = 0; round < 2; round++)
        {
            using var load = new CancellationTokenSource();
            Task[] callers = [.. Enumerable.Range(0, 8).Select(caller => Task.Run(async () =>
            {
                for (int i = 0; !load.IsCancellationRequested; i++)
                {
                    string name = $"q{round}-{caller}-{i}";
                    BrokerError? refusal = i % 2 == 0 ? await broker.TryPutAsync(name) : await broker.TryPutTopicAsync(name);
                    if (refusal is null) made.Enqueue(name);
                    else Assert.Equal(ErrorCode.CatalogUnavailable, refusal.Code);
                    if (refusal is not null) await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
                }
            }))];
            while (made.Count < (round + 1) * 200) await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
            await _postgres.CrashAsync();
            await _postgres.StartAsync();
            await broker.WaitForAsync(CatalogStatus.Available);
            await load.CancelAsync();
            await Task.WhenAll(callers);
            if (round == 1) await broker.KillAndStartAsync();
        }

        string[] queues = await broker.NamesAsync(BrokerLimits.ListPageSizeMax);
        string[] topics = await broker.TopicNamesAsync(BrokerLimits.ListPageSizeMax);
        Assert.Equal(string.Join(',', queues), await NamesInAsync(connection));
        Assert.Equal(string.Join(',', topics), await NamesInAsync(connection, "messaging_topic"));
        Assert.Empty(made.Except([.. queues, .. topics]));
    }

    [RequiresFact("postgresql")]
    public async Task Down_at_the_start_what_exists_is_served_and_definitions_come_back()
    {
        string connection = await _postgres.CreateDatabaseAsync();
        var disk = new SimDisk(seed: 1);
        await using (CatalogHarness first = await CatalogHarness.StartAsync(connection, disk))
        {
            await first.PutAsync("q");
            await first.SendAsync("q", "m");
        }

        await _postgres.StopAsync();
        await using CatalogHarness broker = await CatalogHarness.StartAsync(connection, disk);
        Assert.Equal(CatalogStatus.Unreachable, broker.Broker.CatalogStatus);
        Assert.Equal(["q"], await broker.NamesAsync());
        Assert.Equal(["m"], await broker.ReceiveAsync("q"));
        Assert.Equal(ErrorCode.CatalogUnavailable, (await broker.TryPutAsync("new"))!.Code);

        await _postgres.StartAsync();
        await broker.WaitForAsync(CatalogStatus.Available);
        await broker.PutAsync("new");
        Assert.Equal("new,q", await NamesInAsync(connection));
    }

    [RequiresFact("postgresql")]
    public async Task A_contradiction_that_shows_after_the_start_refuses_definitions_and_is_logged()
    {
        string connection = await _postgres.CreateDatabaseAsync();
        var disk = new SimDisk(seed: 1);
        await using (CatalogHarness first = await CatalogHarness.StartAsync(connection, disk)) await first.PutAsync("q");
        await PostgresInstance.ExecuteAsync(connection, "UPDATE messaging_catalog SET version = 0");
        await _postgres.StopAsync();
        var log = new RecordedLog();
        await using CatalogHarness broker = await CatalogHarness.StartAsync(connection, disk, loggers: log);
        await _postgres.StartAsync();
        await broker.WaitForAsync(CatalogStatus.Conflicting);
        Assert.Contains("is older than the data folder", (await broker.TryPutAsync("new"))!.Detail, StringComparison.Ordinal);
        Assert.Contains(log.Errors, line => line.Contains("is older than the data folder: version 0 against 1", StringComparison.Ordinal));
        await broker.SendAsync("q", "m");
    }

    [RequiresFact("postgresql")]
    public async Task A_backup_that_is_restored_under_a_running_broker_is_not_used()
    {
        string connection = await _postgres.CreateDatabaseAsync();
        await using CatalogHarness broker = await CatalogHarness.StartAsync(connection);
        await broker.PutAsync("q");
        await PostgresInstance.ExecuteAsync(connection, "UPDATE messaging_catalog SET version = 0");
        Assert.Contains("is older than the data folder", (await broker.TryPutAsync("new"))!.Detail, StringComparison.Ordinal);
        await PostgresInstance.ExecuteAsync(connection, "DELETE FROM messaging_catalog");
        await broker.RestartAsync(CatalogChoice.Mirror);
        await broker.PutAsync("new");
        Assert.Equal("new,q", await NamesInAsync(connection));
    }

    [RequiresFact("postgresql")]
    public async Task A_connection_cut_before_the_commit_is_tried_again()
    {
        string connection = await _postgres.CreateDatabaseAsync();
        await using var proxy = new CutProxy(_postgres.Port);
        await using CatalogHarness broker = await CatalogHarness.StartAsync(Through(proxy, connection));
        proxy.Mode = Cut.BeforeCommit;
        Assert.Equal(1, (await broker.PutAsync("q")).Version);
        Assert.Equal((1, 1L), (proxy.Cuts, await PostgresInstance.ExecuteAsync(connection, "SELECT version FROM messaging_catalog")));
    }

    [RequiresFact("postgresql")]
    public async Task A_commit_whose_answer_is_lost_is_found_to_have_happened_and_not_made_twice()
    {
        string connection = await _postgres.CreateDatabaseAsync();
        await using var proxy = new CutProxy(_postgres.Port);
        await using CatalogHarness broker = await CatalogHarness.StartAsync(Through(proxy, connection));
        proxy.Mode = Cut.AfterCommit;
        Result<PutQueueResult> put = await broker.Broker.Queues.PutAsync(CatalogHarness.Key("q"), new QueueDefinition(), new Precondition { MustNotExist = true }, default);
        Assert.True(put.IsOk, put.Error?.Detail);
        Assert.Equal((1L, true), (put.Value.Queue.Version, put.Value.Created));
        Assert.Equal((1, 1L), (proxy.Cuts, await PostgresInstance.ExecuteAsync(connection, "SELECT version FROM messaging_catalog")));
        Assert.Equal(2, (await broker.PutAsync("q")).Version);
    }

    [RequiresFact("postgresql")]
    public async Task A_commit_of_which_nobody_can_tell_is_found_when_Postgres_is_reached_again()
    {
        string connection = await _postgres.CreateDatabaseAsync();
        await using var proxy = new CutProxy(_postgres.Port);
        await using CatalogHarness broker = await CatalogHarness.StartAsync(Through(proxy, connection));
        await broker.PutAsync("gone");
        await broker.SendAsync("gone", "m");
        foreach (bool isKilled in (bool[])[false, true])
        {
            string name = $"q{isKilled}";
            (proxy.Then, proxy.Mode) = (Cut.Everything, Cut.AfterCommit);
            BrokerError refusal = (await broker.TryPutAsync(name))!;
            Assert.Equal(ErrorCode.CatalogUnavailable, refusal.Code);
            Assert.Contains("may have been made or not", refusal.Detail, StringComparison.Ordinal);
            Assert.Null(await broker.GetAsync(name));
            (proxy.Then, proxy.Mode) = (Cut.Nothing, Cut.Nothing);
            if (isKilled) await broker.KillAndStartAsync();
            await broker.WaitForAsync(CatalogStatus.Available);
            Assert.NotNull(await broker.GetAsync(name));
        }

        // A deletion too: its row says so, and the messages go.
        (proxy.Then, proxy.Mode) = (Cut.Everything, Cut.AfterCommit);
        Assert.Equal(ErrorCode.CatalogUnavailable, (await broker.Broker.Queues.DeleteAsync(CatalogHarness.Key("gone"), default)).Error?.Code);
        Assert.NotNull(await broker.GetAsync("gone"));
        await broker.KillAsync();
        (proxy.Then, proxy.Mode) = (Cut.Nothing, Cut.Nothing);
        await broker.StartAgainAsync();
        Assert.Equal(["qFalse", "qTrue"], await broker.NamesAsync());
        await broker.PutAsync("gone");
        Assert.Empty(await broker.ReceiveAsync("gone"));
        Assert.Equal("gone,qFalse,qTrue", await NamesInAsync(connection));
        Assert.Equal(3L, await PostgresInstance.ExecuteAsync(connection, "SELECT count(*) FROM messaging_queue"));
    }

    [RequiresFact("postgresql")]
    public async Task So_is_one_of_a_topic()
    {
        string connection = await _postgres.CreateDatabaseAsync();
        await using var proxy = new CutProxy(_postgres.Port);
        await using CatalogHarness broker = await CatalogHarness.StartAsync(Through(proxy, connection));
        await broker.PutTopicAsync("gone");
        await broker.PublishAsync("gone", "r");
        (proxy.Then, proxy.Mode) = (Cut.Everything, Cut.AfterCommit);
        Assert.Equal(ErrorCode.CatalogUnavailable, (await broker.TryPutTopicAsync("t"))!.Code);
        Assert.Null(await broker.GetTopicAsync("t"));
        (proxy.Then, proxy.Mode) = (Cut.Nothing, Cut.Nothing);
        await broker.WaitForAsync(CatalogStatus.Available);
        Assert.NotNull(await broker.GetTopicAsync("t"));

        (proxy.Then, proxy.Mode) = (Cut.Everything, Cut.AfterCommit);
        Assert.Equal(ErrorCode.CatalogUnavailable, (await broker.Broker.Topics.DeleteAsync(CatalogTopics.Key("gone"), default, default)).Error?.Code);
        Assert.Equal(["r"], await broker.FetchAsync("gone"));
        await broker.KillAsync();
        (proxy.Then, proxy.Mode) = (Cut.Nothing, Cut.Nothing);
        await broker.StartAgainAsync();
        Assert.Equal(["t"], await broker.TopicNamesAsync());
        await broker.PutTopicAsync("gone");
        Assert.Empty(await broker.FetchAsync("gone"));
        Assert.Equal("gone,t", await NamesInAsync(connection, "messaging_topic"));
    }

    [RequiresFact("postgresql")]
    public async Task A_network_that_swallows_everything_is_waited_for_within_bounds()
    {
        string connection = await _postgres.CreateDatabaseAsync();
        await using var proxy = new CutProxy(_postgres.Port);
        await using CatalogHarness broker = await CatalogHarness.StartAsync(Through(proxy, connection) + ";Command Timeout=1;Timeout=1");
        await broker.PutAsync("q");
        proxy.Mode = Cut.Stall;
        long start = TimeProvider.System.GetTimestamp();
        Assert.Equal(ErrorCode.CatalogUnavailable, (await broker.TryPutAsync("new"))!.Code);
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(20));
        proxy.Mode = Cut.Nothing;
        await broker.WaitForAsync(CatalogStatus.Available);
        await broker.PutAsync("new");
    }

    [RequiresFact("postgresql")]
    public async Task A_password_is_in_no_log_and_in_no_refusal()
    {
        string connection = await _postgres.CreateDatabaseAsync();
        var log = new RecordedLog();
        await using (CatalogHarness broker = await CatalogHarness.StartAsync(connection + ";Password=s3cret;Ssl Mode=Disable", loggers: log))
        {
            await broker.PutAsync("q");
            await _postgres.StopAsync();
            Assert.DoesNotContain("s3cret", (await broker.TryPutAsync("new"))!.Detail, StringComparison.Ordinal);
        }

        await using (CatalogHarness broker = await CatalogHarness.StartAsync(connection + ";Password=s3cret", loggers: log)) Assert.NotNull(await broker.TryPutAsync("new"));
        await _postgres.StartAsync();
        await using (CatalogHarness broker = await CatalogHarness.StartAsync(connection.Replace("Username=", "Username=nobody-", StringComparison.Ordinal) + ";Password=s3cret", loggers: log))
        {
            Assert.Equal(CatalogStatus.Unreachable, broker.Broker.CatalogStatus);
        }

        Assert.NotEmpty(log.Lines);
        Assert.All(log.Lines, line => Assert.DoesNotContain("s3cret", line, StringComparison.Ordinal));
    }

    private static string Through(CutProxy proxy, string connection) =>
        new Npgsql.NpgsqlConnectionStringBuilder(connection) { Port = proxy.Port }.ConnectionString;

    private static async Task<string?> NamesInAsync(string connection, string table = "messaging_queue") =>
        (string?)await PostgresInstance.ExecuteAsync(connection, $"SELECT string_agg(name, ',' ORDER BY name) FROM {table} WHERE state = 'active'");
}
