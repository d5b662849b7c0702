using System.Diagnostics;

namespace Messaging.Benchmarks.Measuring;

/// <summary>Callers in this process that each begin their next operation when the last one has ended.</summary>
internal static class ClosedLoop
{
    /// <summary>Runs <paramref name="operation"/>, which gets its caller's number, for the time given.</summary>
    public static async Task<Sample> RunAsync(int callers, double seconds, Func<int, ValueTask> operation, Func<SyncCounts>? syncs = null)
    {
        var latencies = new Latencies[callers];
        SyncCounts syncsBefore = syncs?.Invoke() ?? default;
        long allocatedBefore = GC.GetTotalAllocatedBytes();
        long started = Stopwatch.GetTimestamp();
        long deadline = started + (long)(seconds * Stopwatch.Frequency);
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            Latencies mine = latencies[caller] = new Latencies();
            long begun = Stopwatch.GetTimestamp();
            while (begun < deadline)
            {
                await operation(caller).ConfigureAwait(false);
                long ended = Stopwatch.GetTimestamp();
                mine.Add(begun, ended);
                begun = ended;
            }
        })));
        double elapsed = Stopwatch.GetElapsedTime(started).TotalSeconds;
        long allocated = GC.GetTotalAllocatedBytes() - allocatedBefore;
        var all = Latencies.Merged(latencies);
        return new Sample(all.Count / elapsed, all)
        {
            AllocatedBytes = (double)allocated / all.Count,
            Syncs = (syncs?.Invoke() ?? default) - syncsBefore,
        };
    }
}
