using Messaging.Benchmarks.Baselines;
using Messaging.Benchmarks.Http;
using Messaging.Benchmarks.Measuring;
using Messaging.Benchmarks.Processes;

namespace Messaging.Benchmarks.Rows;

/// <summary>
/// Durable sends of 1 KiB over REST on 64 connections, against <see cref="BareEndpoint"/>: the rate, and the server process's CPU time per
/// request. Both rows come from the same pairs. The backlog stays: what the server flushes meanwhile is its own cost.
/// </summary>
internal sealed class RestSend : IRow
{
    public const int Connections = 64;
    public const int BodyBytes = 1024;
    private const string Queue = "sends";

    public string Name => "rest-send";

    public string Summary => "durable sends of 1 KiB over REST on 64 connections, rate and server CPU, against a bare Kestrel endpoint";

    public async IAsyncEnumerable<RowResult> RunAsync(RunOptions options, DataFolder data)
    {
        using ServerProcess server = await ServerProcess.StartAsync(data.New("server"));
        await server.CreateQueueAsync(Queue);
        using BareEndpointProcess bare = await BareEndpointProcess.StartAsync();
        byte[] request = HttpRequest.Send(Queue, 1, BodyBytes);
        using var toServer = new HttpLoad(server.Port, Connections, _ => new SendScript(request, 1));
        using var toBare = new HttpLoad(bare.Port, Connections, _ => new SendScript(request, 1));
        Paired paired = await Paired.RunAsync(
            options.Pairs,
            ("server", seconds => MeasureAsync(server, toServer.RunAsync, seconds)),
            ("bare endpoint", seconds => MeasureAsync(bare, toBare.RunAsync, seconds)),
            options.Seconds);
        yield return paired.Ratio(Name, Goal.AtLeast(0.5, 0.7), "sends/s", sample => sample.Rate);
        yield return paired.Ratio(Name + "/cpu", Goal.AtMost(2.2, 1.6), "us/send", sample => sample.CpuMicroseconds);
        await server.StopAsync();
    }

    /// <summary>One run, with the processor time of the process that answers.</summary>
    public static async Task<Sample> MeasureAsync(HttpProcess process, Func<double, Task<LoadSample>> load, double seconds)
    {
        double before = process.CpuSeconds;
        LoadSample sample = await load(seconds);
        return sample.PerMessage with { CpuMicroseconds = (process.CpuSeconds - before) * 1e6 / sample.Requests };
    }
}
