using Messaging.Benchmarks.Baselines;
using Messaging.Benchmarks.Engine;
using Messaging.Benchmarks.Http;
using Messaging.Benchmarks.Measuring;
using Messaging.Benchmarks.Processes;

namespace Messaging.Benchmarks.Rows;

/// <summary>
/// One sender that waits for every answer: the median time of a 1-KiB send over REST against that of a 4-KiB write and a sync. For
/// information also the engine alone in process, which leaves HTTP out.
/// </summary>
internal sealed class OneSender : IRow
{
    private const string Queue = "one";

    public string Name => "one-sender";

    public string Summary => "p50 of one synchronous sender over REST, against p50 of a 4-KiB write and fdatasync";

    public async IAsyncEnumerable<RowResult> RunAsync(RunOptions options, DataFolder data)
    {
        using var bare = new SyncLoop(Path.Combine(data.New("sync"), "zeros"));
        await using (var engine = new EngineCallers(data.New("engine"), isConsumed: true))
        {
            Paired inProcess = await Paired.RunAsync(
                options.Pairs,
                ("engine in process", seconds => ClosedLoop.RunAsync(1, seconds, engine.AppendAsync)),
                ("write and sync", seconds => Task.Run(() => bare.Run(seconds))),
                options.Seconds);
            yield return inProcess.Ratio(Name + "/engine", Goal.None with { LessIsBetter = true }, "us", sample => sample.P50);
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
}
