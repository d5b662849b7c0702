using Messaging.TestKit.Histories;
using Messaging.TestKit.Processes;
using Xunit.Abstractions;

namespace Messaging.Api.Tests.Faults;

/// <summary>SIGKILL of the real server under publishers of all kinds and receivers of the queues that subscribe.</summary>
public sealed class FanOutKillTests(ITestOutputHelper output) : IDisposable
{
    private const string Topic = "fanned";
    private const string Input = "into-fanned";
    private const int Receivers = 2;

    /// <summary>It is paused and resumed all the time, whenever so many copies have gathered.</summary>
    private const string Held = "every";
    private const int HeldMessages = 20;

    /// <summary>A queue each, and how the kinds of records begin that it wants.</summary>
    private static readonly (string Queue, string? Kind)[] Subscribed = [("every", null), ("counted", "counting"), ("plain", "plain0")];

    private readonly TemporaryFolder _folder = new();
    private readonly TopicHistory _history = new();
    private readonly ClientHistory[] _received = [.. Subscribed.Select(_ => new ClientHistory())];

    [Fact]
    public async Task Kills_under_load_bring_every_record_once_to_every_queue_that_wants_it()
    {
        int seed = Run.Seed();
        var random = new Random(seed);
        var load = new TopicLoad(Topic, Input, _history, Run.Clock, seed);
        for (int round = FaultRounds.Of(3); round > 0; round--)
        {
            await using ServerProcess server = await StartAsync();
            await load.CreateAsync(server.Address);
            await SubscribeAsync(server.Address);
            Task running = Task.WhenAll([load.RunAsync(server.Address), HoldAsync(server.Address), .. ReceiveAsync(server.Address, seed + (1_000 * round))]);
            await Run.UntilAnsweredAsync(_history, random.Next(100, 600), running);
            await server.KillHardAsync();
            await running;
        }

        await using ServerProcess last = await StartAsync();
        await load.FinishAsync(last.Address);
        await LetGoAsync(last.Address);
        for (int i = 0; i < Subscribed.Length; i++) await QueueDrain.RunAsync(last.Address, Subscribed[i].Queue, _received[i], Run.Clock);
        await HoldsAsync(last);
        output.WriteLine($"seed {seed}: {_history.Publishes.Count} records published, {_history.Publishes.Count(publish => publish.Outcome == Outcome.Unknown)} unknown, {string.Join(" + ", _received.Select(received => received.Settles.Count))} copies settled");
        Assert.Contains(_history.Publishes, publish => publish.Outcome == Outcome.Unknown);
        Assert.All(_received, received => Assert.Contains(received.Settles, settle => settle.Outcome == Outcome.Unknown));
    }

    public void Dispose() => _folder.Dispose();

    private Task<ServerProcess> StartAsync() => ServerProcess.StartAsync(new ServerStart(_folder["data"]));

    private static async Task SubscribeAsync(Uri server)
    {
        using var topic = new TopicClient(server, Topic);
        foreach ((string name, string? kind) in Subscribed)
        {
            using var queue = new QueueClient(server, name);
            await queue.PutAsync();
            await topic.SubscribeAsync(name, kind);
        }
    }

    // Until the server is gone: what is published meanwhile gathers, and goes on, and the kill comes anywhere in that.
    private static async Task HoldAsync(Uri server)
    {
        using var topic = new TopicClient(server, Topic);
        try
        {
            for (bool isPaused = true; ; isPaused = !isPaused)
            {
                await topic.PauseAsync(Held, isPaused);
                if (isPaused) await UntilAsync(topic, static waiting => waiting >= HeldMessages);
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            // It was killed.
        }
    }

    private static async Task LetGoAsync(Uri server)
    {
        using var topic = new TopicClient(server, Topic);
        await topic.PauseAsync(Held, isPaused: false);
        await UntilAsync(topic, static waiting => waiting == 0);
    }

    private static async Task UntilAsync(TopicClient topic, Predicate<long> holds)
    {
        while (!holds(await topic.WaitingAsync(Held))) await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, CancellationToken.None);
    }

    private IEnumerable<Task> ReceiveAsync(Uri server, int seed) =>
        Subscribed.Select((subscribed, i) => new QueueLoad(server, subscribed.Queue, _received[i], Run.Clock, seed + (10 * i)).RunAsync(senders: 0, Receivers, CancellationToken.None));

    // All promises are kept; every file is sound.
    private async Task HoldsAsync(ServerProcess server)
    {
        IReadOnlyList<PartitionContent> content = await TopicContent.ReadAsync(server.Address, Topic, TopicLoad.Partitions);
        await Run.StopsSoundAsync(server, _folder["data"]);
        Assert.Equal((0, 0), (_history.Faults, _history.Damages));
        var broken = new List<string>(TopicHistoryChecker.Check(_history, content));
        for (int i = 0; i < Subscribed.Length; i++)
        {
            Assert.Equal((0, 0), (_received[i].Faults, _received[i].Damages));
            broken.AddRange(CopyChecker.Check(_received[i], _history, content, Subscribed[i].Kind).Select(promise => $"{Subscribed[i].Queue}: {promise}"));
        }

        Assert.True(broken.Count == 0, $"{broken.Count} broken promises:\n{string.Join('\n', broken.Take(20))}");
    }
}
