using Messaging.TestKit.Histories;
using Messaging.TestKit.Processes;
using Xunit.Abstractions;

namespace Messaging.Api.Tests.Faults;

/// <summary>SIGKILL of the real server under producers, transactions, pipelines and readers of a topic. What the kernel has is kept: recovery is proven here, syncs by the simulation.</summary>
public sealed class TopicKillTests(ITestOutputHelper output) : IDisposable
{
    private const string Topic = "killed";
    private const string Queue = "into-killed";
    private readonly TemporaryFolder _folder = new();
    private readonly TopicHistory _history = new();

    [Fact]
    public async Task Kills_under_load_keep_every_record_once_at_its_offset_and_every_transaction_whole()
    {
        int seed = Run.Seed();
        var random = new Random(seed);
        var load = new TopicLoad(Topic, Queue, _history, Run.Clock, seed);
        for (int round = FaultRounds.Of(3); round > 0; round--)
        {
            await using ServerProcess server = await StartAsync();
            await load.CreateAsync(server.Address);
            Task running = load.RunAsync(server.Address);
            await Run.UntilAnsweredAsync(_history, random.Next(100, 600), running);
            await server.KillHardAsync();
            await running;
        }

        await using ServerProcess last = await StartAsync();
        await load.FinishAsync(last.Address);
        await HoldsAsync(last);
        output.WriteLine($"seed {seed}: {_history.Answered} answers, {_history.Publishes.Count} records published, {_history.Publishes.Count(publish => publish.Outcome == Outcome.Unknown)} unknown, {_history.Ends.Count} ends of transactions, {_history.Pages.Count} pages");
        Assert.Contains(_history.Publishes, publish => publish.Outcome == Outcome.Unknown);
    }

    [Fact]
    public async Task Sequences_epochs_and_open_transactions_outlive_a_kill()
    {
        TopicRecord[] counted = [Record("counted-0", 0, 0), Record("counted-1", 1, 0)];
        ProducerName counting, finishing, failing;
        await using (ServerProcess server = await StartAsync())
        {
            using var setup = new TopicClient(server.Address, Topic);
            await setup.PutAsync(TopicLoad.Partitions);
            using var client = new RecordedTopic(server.Address, Topic, _history, Run.Clock);
            counting = (await client.InitAsync())!;
            finishing = (await client.InitAsync("finishing"))!;
            failing = (await client.InitAsync("failing"))!;
            await client.InitAsync("idle");
            await client.PublishAsync("counting", 0, counted, counting);
            foreach (ProducerName producer in new[] { finishing, failing })
            {
                await client.BeginAsync(producer);
                await client.PublishAsync($"{producer.Id}", 0, [Record($"{producer.Id}-0", 0), Record($"{producer.Id}-1", 1)], producer, isTransactional: true);
            }

            await server.KillHardAsync();
        }

        await using ServerProcess again = await StartAsync();
        using var after = new RecordedTopic(again.Address, Topic, _history, Run.Clock);
        await after.PublishAsync("counting", 0, counted, counting);
        await after.PublishAsync("counting", 2, [Record("counted-2", 0, 1)], counting);
        ProducerName younger = (await after.InitAsync("failing"))!;
        await after.InitAsync("idle");
        await after.PublishAsync($"{failing.Id}", 2, [Record("zombie", 2)], failing, isTransactional: true);
        Assert.Equal("producerFenced", after.Refused?.Code);
        await after.EndAsync(failing, isCommit: true);
        Assert.Equal("producerFenced", after.Refused?.Code);
        await after.PublishAsync($"{finishing.Id}", 2, [Record($"{finishing.Id}-2", 2)], finishing, isTransactional: true);
        ProducerName next = (await after.EndAsync(finishing, isCommit: true))!;
        Assert.Equal((finishing.Id, true), (next.Id, next.Epoch > finishing.Epoch));
        Assert.Equal((failing.Id, true), (younger.Id, younger.Epoch > failing.Epoch));
        await HoldsAsync(again);
    }

    public void Dispose() => _folder.Dispose();

    private static TopicRecord Record(string key, int partition, int? sequence = null) => new(key, TopicLoad.Body(key, new Random(1)), partition, sequence);

    private Task<ServerProcess> StartAsync() => ServerProcess.StartAsync(new ServerStart(_folder["data"]));

    // All promises are kept; every file is sound.
    private async Task HoldsAsync(ServerProcess server)
    {
        IReadOnlyList<PartitionContent> content = await TopicContent.ReadAsync(server.Address, Topic, TopicLoad.Partitions);
        await Run.StopsSoundAsync(server, _folder["data"]);
        Assert.Equal((0, 0), (_history.Faults, _history.Damages));
        IReadOnlyList<string> broken = TopicHistoryChecker.Check(_history, content);
        Assert.True(broken.Count == 0, $"{broken.Count} broken promises:\n{string.Join('\n', broken.Take(20))}");
    }
}
