using Messaging.Benchmarks.InProcess;
using Messaging.Benchmarks.Measuring;

namespace Messaging.Benchmarks.Rows;

/// <summary>
/// 16 callers in process that publish 10 records of 1 KiB at a time to a topic of 1,000 partitions, each record to the next partition, against the same to a topic of one. For information
/// the same where all records of a call go to one partition, as a producer's batches do.
/// </summary>
internal sealed class Partitions : IRow
{
    private const int Many = 1000;

    public string Name => "partitions";

    public string Summary => "publishes in process around 1,000 partitions, against publishes to one";

    public async IAsyncEnumerable<RowResult> RunAsync(RunOptions options, DataFolder data)
    {
        yield return await MeasureAsync(Name, Goal.AtLeast(0.7, 0.9), static callers => callers.PublishRecordsAsync, options, data);
        yield return await MeasureAsync(Name + "/calls", Goal.None, static callers => callers.PublishCallsAsync, options, data);
    }

    private static async Task<RowResult> MeasureAsync(
        string name, Goal goal, Func<PartitionCallers, Func<int, ValueTask>> operation, RunOptions options, DataFolder data)
    {
        string folder = data.New("partitions");
        RowResult result;
        await using (PartitionCallers many = await PartitionCallers.OpenAsync(Path.Combine(folder, "many"), Many))
        await using (PartitionCallers one = await PartitionCallers.OpenAsync(Path.Combine(folder, "one"), 1))
        {
            Paired paired = await Paired.RunAsync(
                options.Pairs,
                ($"{Many} partitions", seconds => RunAsync(operation(many), seconds)),
                ("1 partition", seconds => RunAsync(operation(one), seconds)),
                options.Seconds);
            result = paired.Ratio(name, goal, "records/s", sample => sample.Rate);
        }

        DataFolder.Delete(folder);
        return result;
    }

    private static async Task<Sample> RunAsync(Func<int, ValueTask> operation, double seconds)
    {
        Sample sample = await ClosedLoop.RunAsync(PartitionCallers.Callers, seconds, operation);
        return sample with { Rate = sample.Rate * PartitionCallers.RecordsPerCall };
    }
}
