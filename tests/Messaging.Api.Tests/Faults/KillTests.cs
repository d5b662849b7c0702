using Messaging.TestKit.Histories;
using Messaging.TestKit.Processes;
using Xunit.Abstractions;

namespace Messaging.Api.Tests.Faults;

/// <summary>SIGKILL of the real server. What the kernel has is kept, so that these prove recovery, not syncs: see the power cuts for those.</summary>
public sealed class KillTests(ITestOutputHelper output) : IDisposable
{
    private const string Queue = "killed";
    private readonly TemporaryFolder _folder = new();
    private readonly ClientHistory _history = new();

    [Fact]
    public async Task Kills_under_load_lose_nothing_and_invent_nothing()
    {
        int seed = Run.Seed();
        var random = new Random(seed);
        int rounds = FaultRounds.Of(4);
        for (int round = 0; round < rounds; round++)
        {
            await using ServerProcess server = await StartAsync();
            Task load = new QueueLoad(server.Address, Queue, _history, Run.Clock, seed + 100 * round).RunAsync(senders: 4, receivers: 4, CancellationToken.None);
            await Run.UntilAnsweredAsync(_history, random.Next(20, 800), load);
            await server.KillHardAsync();
            await load;
        }

        await using ServerProcess last = await StartAsync();
        await QueueDrain.RunAsync(last.Address, Queue, _history, Run.Clock);
        await Run.StopsSoundAsync(last, _folder["data"]);
        output.WriteLine($"seed {seed}: {_history.Answered} answers, {_history.Sends.Count(send => send.Outcome == Outcome.Unknown)} sends unknown");
        Assert.Equal(0, _history.Faults);
        Assert.Contains(_history.Sends, send => send.Outcome == Outcome.Unknown);
        Run.Holds(_history);
    }

    [Fact]
    public async Task Leases_delays_and_receipts_outlive_a_kill()
    {
        const int Seconds = 6;
        Delivery kept;
        await using (ServerProcess server = await StartAsync())
        {
            using var client = new RecordedQueue(server.Address, Queue, _history, Run.Clock);
            await client.SendAsync([Message("leased"), Message("released"), Message("kept")]);
            var deliveries = (await client.ReceiveAsync(3, 0, Seconds))!.ToDictionary(delivery => MessageBodies.KeyOf(delivery.Body), StringComparer.Ordinal);
            kept = deliveries["kept"];
            await client.ReleaseAsync(deliveries["released"], Seconds);
            await client.ExtendAsync(kept, 10 * Seconds);
            await client.SendAsync([Message("delayed") with { Delay = Seconds }]);
            await server.KillHardAsync();
        }

        await using ServerProcess again = await StartAsync();
        using var after = new RecordedQueue(again.Address, Queue, _history, Run.Clock);
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        while (counts.Count < 3)
        {
            IReadOnlyList<Delivery>? deliveries = await after.ReceiveAsync(10, waitSeconds: 2 * Seconds, leaseSeconds: 60);
            Assert.NotEmpty(deliveries!);
            foreach (Delivery delivery in deliveries!) counts.Add(MessageBodies.KeyOf(delivery.Body), delivery.ReceiveCount);
            await after.AcknowledgeAsync(deliveries);
        }

        await after.AcknowledgeAsync([kept]);
        await QueueDrain.RunAsync(again.Address, Queue, _history, Run.Clock);
        Assert.Equal(new Dictionary<string, int>(StringComparer.Ordinal) { ["leased"] = 2, ["released"] = 2, ["delayed"] = 1 }, counts);
        Assert.All(_history.Settles, settle => Assert.Equal(Outcome.Succeeded, settle.Outcome));
        Run.Holds(_history);
    }

    public void Dispose() => _folder.Dispose();

    private static (string Key, byte[] Body, int Delay) Message(string key) => (key, MessageBodies.MakeText(key, 100, new Random(1)), 0);

    private async Task<ServerProcess> StartAsync()
    {
        ServerProcess server = await ServerProcess.StartAsync(new ServerStart(_folder["data"]));
        using var client = new QueueClient(server.Address, Queue);
        await client.PutAsync();
        return server;
    }
}
