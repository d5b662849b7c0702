using Messaging.Benchmarks.InProcess;
using Messaging.Benchmarks.Measuring;
using Messaging.TestKit;
using Messaging.TestKit.Postgres;

namespace Messaging.Benchmarks.Rows;

/// <summary>
/// Queues created per second by 64 callers in process, each with a name of its own, in the embedded catalog and in Postgres: an instance of the
/// benchmark's own with its default settings (every commit is synced) on the same disk. For information also one caller.
/// </summary>
internal sealed class QueueCreates : IRow
{
    private const int Callers = 64;

    // A server has at most a million queues, and the embedded catalog makes tens of thousands a second.
    private const double RunSecondsMax = 1;

    public string Name => "queue-creates";

    public string Summary => "queues created per second by 64 callers in process: embedded catalog, catalog in Postgres";

    public async IAsyncEnumerable<RowResult> RunAsync(RunOptions options, DataFolder data)
    {
        await using (CatalogCallers embedded = await CatalogCallers.OpenAsync(data.New("embedded"), null))
        {
            yield return await MeasureAsync(Name + "/embedded", Callers, Goal.AtLeast(2_000, 5_000), embedded, options);
            yield return await MeasureAsync(Name + "/embedded/one", 1, Goal.None, embedded, options);
        }

        if (Requirement.WhyNot("postgresql") is { } reason)
        {
            Console.Error.WriteLine($"{Name}/postgres is left out: {reason}");
            yield break;
        }

        await using PostgresInstance postgres = await PostgresInstance.StartNewAsync(data.New("postgres"));
        await using (CatalogCallers truth = await CatalogCallers.OpenAsync(data.New("mirror"), await postgres.CreateDatabaseAsync()))
        {
            yield return await MeasureAsync(Name + "/postgres", Callers, Goal.AtLeast(500, 1_000), truth, options);
            yield return await MeasureAsync(Name + "/postgres/one", 1, Goal.None, truth, options);
        }
    }

    private static async Task<RowResult> MeasureAsync(string name, int callers, Goal goal, CatalogCallers catalog, RunOptions options)
    {
        double seconds = Math.Min(options.Seconds, RunSecondsMax);
        await ClosedLoop.RunAsync(callers, seconds, catalog.CreateAsync);
        var samples = new List<Sample>();
        for (int run = 0; run < options.Pairs; run++) samples.Add(await ClosedLoop.RunAsync(callers, seconds, catalog.CreateAsync));
        var latencies = Latencies.Merged(samples.Select(sample => sample.Latencies));
        double[] rates = [.. samples.Select(sample => sample.Rate)];
        return new RowResult
        {
            Name = name,
            Goal = goal,
            Unit = "queues/s",
            Values = rates,
            Sides = [new Side(callers == 1 ? "1 caller" : $"{callers} callers", "queues/s", rates, latencies.At(0.5), latencies.At(0.99))],
        };
    }
}
