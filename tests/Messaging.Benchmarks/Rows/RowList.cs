using Messaging.Benchmarks.Measuring;

namespace Messaging.Benchmarks.Rows;

/// <summary>Every row, in the order of the table.</summary>
internal static class RowList
{
    public static readonly IRow[] All = 
    [
        new EngineAppends(), new RestSend(), new OneSender(), new ReceiveAcknowledge(), new BacklogReceive(), new SlowSync(), new Memory(), new Restart(),
        new WrittenBytes(), new Fifo(), new Fair(), new Waiting(), new Scheduled(), new QueueCreates(), new SqsSend(), new SqsBatch(), new SqsReceiveDelete(), new SqsEmulator(), new CatchUp(),
        new RestPublish(), new RestPublishBatch(), new RestFetch(), new Partitions(), new PublishWhileReading(),
        new FanOut(1, Goal.AtLeast(0.8, 0.95)), new FanOut(10, Goal.AtLeast(2, 4)), new FanOut(100, Goal.AtLeast(4, 10)), new FanOutThousand(), new FanOutFilters(),
        new Push(), new GrpcEcho(), new GrpcSend(), new GrpcSendStream(), new GrpcReceiveStream(),
    ];

    /// <summary>All, or those whose names are given.</summary>
    public static IEnumerable<IRow> Named(List<string> names)
    {
        foreach (string name in names)
        {
            if (!All.Any(row => row.Name == name))
            {
                throw new ArgumentException($"There is no row {name}; the rows are {string.Join(", ", All.Select(row => row.Name))}.");
            }
        }

        return names.Count == 0 ? All : All.Where(row => names.Contains(row.Name));
    }
}
