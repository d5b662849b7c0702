using Messaging.Benchmarks.Baselines;
using Messaging.Benchmarks.InProcess;
using Messaging.Benchmarks.Http;
using Messaging.Benchmarks.Measuring;
using Messaging.Benchmarks.Processes;

namespace Messaging.Benchmarks.Rows;

/// <summary>
/// One sender that waits for every answer: the median time of a 1-KiB send over REST against that of a 4-KiB write and a sync. For
/// information also the engine and the broker in process, which leave HTTP out.
/// </summary>
internal sealed class OneSender : IRow
{
    private const string Queue = "one";

    public string Name => "one-sender";

    public string Summary => "p50 of one synchronous sender over REST, against p50 of a 4-KiB write and fdatasync";

    public async IAsyncEnumerable<RowResult> RunAsync(RunOptions options, DataFolder data)
    {
        using var bare = new SyncLoop(Path.Combine(data.New("sync"), "zeros"));
        await using (ICallers engine = new EngineCallers(data.New("engine"), isConsumed: true))
        {
            yield return await MeasureAsync(Name + "/engine", engine, bare, options);
        }

        await using (ICallers broker = await BrokerCallers.OpenAsync(data.New("broker")))
        {
            yield return await MeasureAsync(Name + "/broker", broker, bare, options);
        }

        using ServerProcess server = await ServerProcess.StartAsync(data.New("server"));
        await server.CreateQueueAsync(Queue);
        byte[] request = HttpRequest.Send(Queue, 1, RestSend.BodyBytes);
        using var load = new HttpLoad(server.Port, 1, _ => new SendScript(request, 1));
        Paired paired = await Paired.RunAsync(
            options.Pairs,
            ("server over REST", async seconds => (await load.RunAsync(seconds)).PerMessage),
            ("write and sync", seconds => Task.Run(() => bare.Run(seconds))),
            options.Seconds);
        yield return paired.Ratio(Name, Goal.AtMost(2.5, 1.7), "us", sample => sample.P50);
        await server.StopAsync();
    }

    private static async Task<RowResult> MeasureAsync(string name, ICallers ours, SyncLoop bare, RunOptions options)
    {
        Paired paired = await Paired.RunAsync(
            options.Pairs,
            ("in process", seconds => ClosedLoop.RunAsync(1, seconds, ours.AppendAsync)),
            ("write and sync", seconds => Task.Run(() => bare.Run(seconds))),
            options.Seconds);
        return paired.Ratio(name, Goal.None, "us", sample => sample.P50);
    }
}
