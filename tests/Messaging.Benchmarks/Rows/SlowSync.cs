using Messaging.Benchmarks.InProcess;
using Messaging.Benchmarks.Measuring;

namespace Messaging.Benchmarks.Rows;

/// <summary>
/// 64 outstanding sends in process on a disk whose syncs take 2 ms, against the 64 / 2 ms that one caller's worth of latency would allow.
/// With one unsynced frame at a time a closed loop reaches 0.5: a send waits for the frame before its own. For information also
/// the engine alone, and 2 ms on top of what the real sync took.
/// </summary>
internal sealed class SlowSync : IRow
{
    private const int Callers = 64;
    private static readonly TimeSpan Injected = TimeSpan.FromMilliseconds(2);

    public string Name => "slow-sync";

    public string Summary => "64 outstanding sends in process while a sync takes 2 ms, against 64 / 2 ms";

    public async IAsyncEnumerable<RowResult> RunAsync(RunOptions options, DataFolder data)
    {
        var inAll = new SyncDelay(Injected, TimeSpan.Zero);
        await using (ICallers broker = await BrokerCallers.OpenAsync(data.New("slow"), inAll))
        {
            yield return await MeasureAsync(Name, "broker", Goal.AtLeast(0.45, 0.5), broker, options);
        }

        await using (ICallers engine = new EngineCallers(data.New("slow"), isConsumed: true, inAll))
        {
            yield return await MeasureAsync(Name + "/engine", "engine", Goal.None, engine, options);
        }

        await using (ICallers broker = await BrokerCallers.OpenAsync(data.New("slow"), new SyncDelay(TimeSpan.Zero, Injected)))
        {
            yield return await MeasureAsync(Name + "/added", "broker", Goal.None, broker, options);
        }
    }

    private static async Task<RowResult> MeasureAsync(string name, string side, Goal goal, ICallers callers, RunOptions options)
    {
        double bound = Callers / Injected.TotalSeconds;
        var samples = new List<Sample>();
        await ClosedLoop.RunAsync(Callers, Math.Min(options.Seconds, 1), callers.AppendAsync);
        for (int run = 0; run < options.Pairs; run++)
        {
            samples.Add(await ClosedLoop.RunAsync(Callers, options.Seconds, callers.AppendAsync, () => callers.Counts));
        }

        var latencies = Latencies.Merged(samples.Select(sample => sample.Latencies));
        double syncMilliseconds = samples.Average(sample => sample.Syncs.SyncSeconds / sample.Syncs.Syncs) * 1e3;
        return new RowResult
        {
            Name = name,
            Goal = goal,
            Values = [.. samples.Select(sample => sample.Rate / bound)],
            Sides = [new Side(side, "sends/s", [.. samples.Select(sample => sample.Rate)], latencies.At(0.5), latencies.At(0.99)), new Side("64 / 2 ms", "sends/s", [bound], 0, 0)],
            Notes = [FormattableString.Invariant($"a sync took {syncMilliseconds:F2} ms, with {samples.Average(sample => sample.Latencies.Count / (double)sample.Syncs.Syncs):F1} sends each")],
        };
    }
}
