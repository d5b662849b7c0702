using Messaging.Benchmarks.Http;
using Messaging.Benchmarks.Measuring;
using Messaging.Benchmarks.Processes;
using static System.FormattableString;

namespace Messaging.Benchmarks.Rows;

/// <summary>
/// A thousand receives that wait over REST, on a thousand queues of the built server: its processor time while nothing happens, and then, one send at a time to queues
/// in a random order, the time from the send's answer to the waiter's. The waiter acknowledges and waits again before the next send. Each run has new connections,
/// and ends before the first wait does: what waits need that run out is not in it.
/// </summary>
internal sealed class Waiting : IRow
{
    private const int QueuesMax = 1_000;
    private const int Seed = 1;

    // Both parts, and the rest before them, within the longest wait that a receive may ask for.
    private const int WaitSeconds = 60;
    private const double IdleSecondsMax = 30;
    private const double SendSecondsMax = 15;

    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(3);

    public string Name => "waiting";

    public string Summary => "1,000 receives waiting on 1,000 queues over REST: CPU when idle, and from a send's answer to the waiter's";

    public async IAsyncEnumerable<RowResult> RunAsync(RunOptions options, DataFolder data)
    {
        string[] queues = [.. Enumerable.Range(0, Math.Min(options.Queues, QueuesMax)).Select(BrokerHost.NameOf)];
        new Random(Seed).Shuffle(queues);
        double idleSeconds = Math.Min(options.Seconds * 4, IdleSecondsMax);
        using ServerProcess server = await ServerProcess.StartAsync(data.New("waiting"));
        await Parallel.ForEachAsync(queues, async (queue, _) => await server.CreateQueueAsync(queue));
        var alone = new List<double>();
        var idle = new List<double>();
        var wakes = new List<WakeSample>();
        for (int run = 0; run <= options.Pairs; run++)
        {
            await Task.Delay(Rest);
            double aloneShare = await CpuShareAsync(server, idleSeconds);
            using var waiters = new WaitingClients(server.Port, queues, WaitSeconds);
            waiters.BeginAll();
            await Task.Delay(Rest);
            double idleShare = await CpuShareAsync(server, idleSeconds);
            WakeSample sample = await waiters.RunAsync(Math.Min(options.Seconds, SendSecondsMax));

            // The first one warms up.
            if (run > 0)
            {
                alone.Add(aloneShare);
                idle.Add(idleShare);
                wakes.Add(sample);
            }
        }

        await server.StopAsync();
        yield return new RowResult
        {
            Name = Name + "/idle",
            Goal = Goal.AtMost(1, 0),
            Unit = "% of a core",
            Values = [.. idle],
            Notes = [Invariant($"over {idleSeconds} s each, exact to {1 / idleSeconds:F2} %; the same server while nobody waits: {RowResult.MedianOf([.. alone]):F2} %")],
        };
        yield return new RowResult
        {
            Name = Name + "/wake",
            Goal = Goal.AtMost(1, 0.3),
            Unit = "ms",
            Values = [.. wakes.Select(sample => sample.Waits.At(0.5) / 1e3)],
            Sides = [SideOf("send's answer to waiter's answer", wakes, sample => sample.Waits), SideOf("send to send's answer", wakes, sample => sample.Sends)],
        };
    }

    private static async Task<double> CpuShareAsync(ServerProcess server, double seconds)
    {
        double before = server.CpuSeconds;
        long begun = TimeProvider.System.GetTimestamp();
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        return (server.CpuSeconds - before) * 100 / TimeProvider.System.GetElapsedTime(begun).TotalSeconds;
    }

    private static Side SideOf(string name, List<WakeSample> samples, Func<WakeSample, Latencies> part)
    {
        var all = Latencies.Merged(samples.Select(part));
        return new Side(name, "per run", [.. samples.Select(sample => (double)part(sample).Count)], all.At(0.5), all.At(0.99));
    }
}
