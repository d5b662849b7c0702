using Messaging.Benchmarks.Http;
using Messaging.Benchmarks.Measuring;
using Messaging.Benchmarks.Processes;
using static System.FormattableString;

namespace Messaging.Benchmarks.Rows;

/// <summary>One publish of 1 KiB after the other over REST, each of which reaches 1,000 queues: how long it takes, and what it takes of the journal.</summary>
internal sealed class FanOutThousand : IRow
{
    private const int Queues = 1_000;
    private const string Topic = "fanned";

    // So little that nothing is flushed: what is written is the journal.
    private const double RunSeconds = 0.1;

    public string Name => "fan-out/thousand";

    public string Summary => "one publish to 1,000 queues: latency, and bytes of the journal";

    public async IAsyncEnumerable<RowResult> RunAsync(RunOptions options, DataFolder data)
    {
        using ServerProcess server = await ServerProcess.StartAsync(data.New("server"));
        await FanOut.SubscribeAsync(server, Topic, Queues);
        byte[] publish = TopicRequest.Publish(Topic, 1, RestSend.BodyBytes);
        using var publisher = new HttpLoad(server.Port, 1, _ => new SendScript(publish, 1));
        double[] latencies = new double[options.Pairs];
        double[] written = new double[options.Pairs];
        await publisher.RunAsync(1);
        for (int run = 0; run < latencies.Length; run++)
        {
            long before = server.WrittenBytes;
            LoadSample sample = await publisher.RunAsync(RunSeconds);
            (latencies[run], written[run]) = (sample.Latencies.At(0.5) / 1e3, (double)(server.WrittenBytes - before) / sample.Requests);
        }

        yield return new RowResult
        {
            Name = Name, Goal = Goal.None, Unit = "ms", Values = latencies, Notes = [Invariant($"{RowResult.MedianOf(written):F0} bytes of the journal a publish")],
        };
        await server.StopAsync();
    }
}
