using Messaging.Benchmarks.Baselines;
using Messaging.Benchmarks.InProcess;
using Messaging.Benchmarks.Measuring;
using static System.FormattableString;

namespace Messaging.Benchmarks.Rows;

/// <summary>
/// The engine in process against <see cref="BareLoop"/>: 1-KiB appends by 1, 16 and 256 concurrent callers. Judged with records that are
/// consumed while they are in the journal; for information also with records that stay and are flushed into packs
/// meanwhile, and with sends to the broker, which encode, fold into a queue's state and stay.
/// </summary>
internal sealed class EngineAppends : IRow
{
    public string Name => "engine-appends";

    public string Summary => "1-KiB appends to the engine in process, against a bare loop that groups, writes and syncs alike";

    public async IAsyncEnumerable<RowResult> RunAsync(RunOptions options, DataFolder data)
    {
        (int Callers, Goal Goal)[] cases = [(1, Goal.AtLeast(0.7, 0.9)), (16, Goal.AtLeast(0.6, 0.9)), (256, Goal.AtLeast(0.5, 0.9))];
        using var bare = new BareLoop(Path.Combine(data.New("bare"), "zeros"));
        await using (var engine = new EngineCallers(data.New("engine"), isConsumed: true))
        {
            foreach ((int callers, Goal goal) in cases)
            {
                yield return await MeasureAsync($"{Name}/{callers}", callers, goal, engine, bare, options);
            }
        }

        await using (var engine = new EngineCallers(data.New("engine"), isConsumed: false))
        {
            yield return await MeasureAsync($"{Name}/256/kept", 256, Goal.None, engine, bare, options);
        }

        await using (BrokerCallers broker = await BrokerCallers.OpenAsync(data.New("broker")))
        {
            yield return await MeasureAsync($"{Name}/64/broker", 64, Goal.None, broker, bare, options);
        }
    }

    private static async Task<RowResult> MeasureAsync(string name, int callers, Goal goal, ICallers ours, BareLoop bare, RunOptions options)
    {
        BareLoop.Caller[] bareCallers = [.. Enumerable.Range(0, callers).Select(_ => new BareLoop.Caller(new byte[EngineCallers.PayloadBytes]))];
        Paired paired = await Paired.RunAsync(
            options.Pairs,
            ("ours", seconds => ClosedLoop.RunAsync(callers, seconds, ours.AppendAsync, () => ours.Counts)),
            ("bare loop", seconds => ClosedLoop.RunAsync(callers, seconds, caller => bare.AppendAsync(bareCallers[caller]), () => bare.Counts)),
            options.Seconds);
        return paired.Ratio(name, goal, "appends/s", sample => sample.Rate) with
        {
            Notes = [Note("ours", paired.Ours), Note("bare loop", paired.Theirs)],
        };
    }

    /// <summary>Where the time of the thread that writes goes: what is neither write nor sync is its own work and its waiting for callers.</summary>
    private static string Note(string side, List<Sample> samples)
    {
        double seconds = samples.Sum(sample => sample.Latencies.Count / sample.Rate);
        double appends = samples.Sum(sample => sample.Latencies.Count);
        double syncs = samples.Sum(sample => sample.Syncs.Syncs);
        double write = samples.Sum(sample => sample.Syncs.WriteSeconds), sync = samples.Sum(sample => sample.Syncs.SyncSeconds);
        return Invariant(
            $"{side}: {appends / syncs:F1} appends per sync; per frame {write / syncs * 1e6:F0} us write, {sync / syncs * 1e6:F0} us sync, {(seconds - write - sync) / syncs * 1e6:F0} us else; {samples.Average(sample => sample.AllocatedBytes):F0} bytes allocated per append");
    }
}
