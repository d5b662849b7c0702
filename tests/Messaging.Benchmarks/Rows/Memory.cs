using Messaging.Benchmarks.Measuring;
using Messaging.Benchmarks.Processes;
using static System.FormattableString;

namespace Messaging.Benchmarks.Rows;

/// <summary>
/// What 10,000 idle queues, and 10 million ready messages of 100 bytes in one queue, cost in memory: a process with a broker and no front
/// (<see cref="BrokerHost"/>), before and after, each time after a forced, compacting collection. Judged by the process's anonymous memory
/// (RssAnon), which holds native memory too; the managed heap stands beside it.
/// </summary>
internal sealed class Memory : IRow
{
    private const int ChurnRounds = 50;
    private const int MessageBytes = 100;
    private const double Megabyte = 1e6;

    public string Name => "memory";

    public string Summary => "memory above idle of 10,000 idle queues, and of 10 million ready messages";

    public async IAsyncEnumerable<RowResult> RunAsync(RunOptions options, DataFolder data)
    {
        yield return await MeasureAsync(Name + "/queues", Goal.AtMost(20, 10), options, data, broker => broker.DoAsync($"{BrokerHost.Create} {options.Queues}"));
        yield return await MeasureAsync(Name + "/messages", Goal.AtMost(64, 16), options, data, broker => broker.DoAsync($"{BrokerHost.Load} {options.Messages} 1 {MessageBytes}"));
    }

    /// <summary>What <paramref name="fill"/> adds to a process that has been used before.</summary>
    public static async Task<RowResult> MeasureAsync(string name, Goal goal, RunOptions options, DataFolder data, Func<BrokerProcess, Task<long>> fill)
    {
        string folder = data.New("memory");
        using BrokerProcess broker = await BrokerProcess.StartAsync(folder);
        await broker.DoAsync($"{BrokerHost.Create} 1");
        await broker.DoAsync($"{BrokerHost.Churn} {ChurnRounds}");
        (double heapBefore, double anonymousBefore) = await CollectAsync(broker);
        long filled = await fill(broker);
        await Task.Delay(TimeSpan.FromSeconds(Math.Max(options.Seconds, 2)));
        (double heapAfter, double anonymousAfter) = await CollectAsync(broker);
        await broker.EndAsync();
        DataFolder.Delete(folder);
        return new RowResult
        {
            Name = name,
            Goal = goal,
            Unit = "MB",
            Values = [anonymousAfter - anonymousBefore],
            Notes =
            [
                Invariant($"{filled:N0} of them; process {anonymousBefore:F1} to {anonymousAfter:F1} MB, of which managed heap {heapBefore:F1} to {heapAfter:F1} MB: {heapAfter - heapBefore:F1} MB more"),
            ],
        };
    }

    private static async Task<(double Heap, double Anonymous)> CollectAsync(BrokerProcess broker)
    {
        double heap = await broker.DoAsync(BrokerHost.Collect) / Megabyte;
        return (heap, broker.AnonymousBytes / Megabyte);
    }
}
