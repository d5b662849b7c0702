using Messaging.Benchmarks.Baselines;
using Messaging.Benchmarks.InProcess;
using Messaging.Benchmarks.Measuring;
using static System.FormattableString;

namespace Messaging.Benchmarks.Rows;

/// <summary>
/// One consumer that reads a long stream of 1-KiB records from its beginning, whole batches of up to 1 MiB at a time, against a plain scan of the same pack files, both
/// from the page cache. Judged with batches of 100 records; for information the part of the stream that is still in the journal, and batches of one record each.
/// </summary>
internal sealed class CatchUp : IRow
{
    private const int AnswerBytes = 1 << 20;
    private const long StreamBytes = 1280L << 20;

    public string Name => "catch-up";

    public string Summary => "a consumer that reads 1 GiB from its beginning, against a scan of the same files with one CRC";

    public async IAsyncEnumerable<RowResult> RunAsync(RunOptions options, DataFolder data)
    {
        await using (var log = new CatchUpLog(data.New("catch-up"), recordsPerBatch: 100))
        {
            await log.FillAsync(StreamBytes);
            yield return await MeasureAsync(Name, Goal.AtLeast(0.6, 0.8), log, 0, log.TailStart, options);
            yield return await MeasureAsync(Name + "/journal", Goal.None, log, log.TailStart, log.End, options);
        }

        await using (var log = new CatchUpLog(data.New("catch-up"), recordsPerBatch: 1))
        {
            await log.FillAsync(StreamBytes);
            yield return await MeasureAsync(Name + "/single", Goal.None, log, 0, log.TailStart, options);
            yield return await MeasureAsync(Name + "/single/journal", Goal.None, log, log.TailStart, log.End, options);
        }
    }

    private static async Task<RowResult> MeasureAsync(string name, Goal goal, CatchUpLog log, long from, long to, RunOptions options)
    {
        using var scan = new PackScan(Path.Combine(log.Folder, "packs"), AnswerBytes);
        double allocated = 0;
        Paired paired = await Paired.RunAsync(
            options.Pairs,
            ("ours", async seconds =>
            {
                Sample sample = await RunAsync(seconds, () => log.ReadNext(from, to, AnswerBytes), () => log.BytesRead);
                allocated = sample.AllocatedBytes;
                return sample;
            }),
            ("scan", seconds => RunAsync(seconds, scan.ReadNext, () => scan.BytesRead)),
            options.Seconds);
        return paired.Ratio(name, goal, "MB/s", sample => sample.Rate) with { Notes = [Invariant($"{allocated:F0} bytes allocated per answer")] };
    }

    // The rate is that of bytes, in MB: answers differ in size.
    private static async Task<Sample> RunAsync(double seconds, Action read, Func<long> bytesRead)
    {
        long before = bytesRead();
        Sample sample = await ClosedLoop.RunAsync(1, seconds, _ =>
        {
            read();
            return ValueTask.CompletedTask;
        });
        return sample with { Rate = sample.Rate / sample.Latencies.Count * (bytesRead() - before) / 1e6 };
    }
}
