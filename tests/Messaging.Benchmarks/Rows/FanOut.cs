using Messaging.Benchmarks.Http;
using Messaging.Benchmarks.InProcess;
using Messaging.Benchmarks.Measuring;
using Messaging.Benchmarks.Processes;
using static System.FormattableString;

namespace Messaging.Benchmarks.Rows;

/// <summary>
/// Publishes over REST that reach 1, 10 and 100 queues, in deliveries, against as many sends to the same queues, one by one; 64 connections to one server, 1 KiB, nobody receives. A topic with 100,000
/// subscriptions that filter against one with 10. One publish to 1,000 queues by itself.
/// </summary>
internal sealed class FanOut : IRow
{
    private const int BodyBytes = 1024;
    private const int Most = 1_000;
    private const int MostPublishes = 100;
    private const int FilteredMax = 100_000;
    private const int FilteredFew = 10;
    private const int Callers = 16;

    public string Name => "fan-out";

    public string Summary => "publishes that reach 1, 10, 100 and 1,000 queues, against sends to queues; 100,000 subscriptions that filter, against 10";

    public async IAsyncEnumerable<RowResult> RunAsync(RunOptions options, DataFolder data)
    {
        yield return await MeasureAsync(1, Goal.AtLeast(0.8, 0.95), options, data);
        yield return await MeasureAsync(10, Goal.AtLeast(2, 4), options, data);
        yield return await MeasureAsync(100, Goal.AtLeast(4, 10), options, data);
        yield return await MeasureMostAsync(options, data);
        yield return await MeasureFiltersAsync(options, data);
    }

    private async Task<RowResult> MeasureAsync(int queues, Goal goal, RunOptions options, DataFolder data)
    {
        string folder = data.New("server");
        using ServerProcess server = await ServerProcess.StartAsync(folder);
        string topic = await SubscribeAsync(server, queues);
        byte[] publish = TopicRequest.Publish(topic, 1, BodyBytes);
        byte[][] sends = [.. Enumerable.Range(0, queues).Select(queue => HttpRequest.Send(QueueOf(queue), 1, BodyBytes))];
        using var publishers = new HttpLoad(server.Port, RestSend.Connections, _ => new SendScript(publish, queues));
        using var senders = new HttpLoad(server.Port, RestSend.Connections, _ => new SendScript(sends, 1));
        var written = new List<double>();
        Paired paired = await Paired.RunAsync(
            options.Pairs,
            (Invariant($"publishes to {queues}"), async seconds =>
            {
                long before = server.WrittenBytes;
                double cpu = server.CpuSeconds;
                LoadSample sample = await publishers.RunAsync(seconds);
                written.Add((double)(server.WrittenBytes - before) / sample.Messages);
                return sample.PerMessage with { CpuMicroseconds = (server.CpuSeconds - cpu) * 1e6 / sample.Requests };
            }),
            ("sends", seconds => RestSend.MeasureAsync(server, senders, seconds)),
            options.Seconds);
        await server.StopAsync();
        DataFolder.Delete(folder);
        return paired.Ratio(Invariant($"{Name}/{queues}"), goal, "deliveries/s", sample => sample.Rate) with
        {
            Notes =
            [
                Invariant($"CPU of the server: {CpuOf(paired.Ours):F1} us a publish, {CpuOf(paired.Theirs):F1} us a send; {RowResult.MedianOf([.. written]):F0} bytes written a delivery"),
            ],
        };
    }

    // So few that nothing is flushed: what is written is the journal.
    private async Task<RowResult> MeasureMostAsync(RunOptions options, DataFolder data)
    {
        string folder = data.New("server");
        using ServerProcess server = await ServerProcess.StartAsync(folder);
        byte[] publish = TopicRequest.Publish(await SubscribeAsync(server, Most), 1, BodyBytes);
        using var publisher = new HttpLoad(server.Port, 1, _ => new SendScript(publish, 1));
        double[] latencies = new double[options.Pairs];
        double[] written = new double[options.Pairs];
        await publisher.RunAsync(1);
        for (int run = 0; run < latencies.Length; run++)
        {
            long before = server.WrittenBytes;
            LoadSample sample = await publisher.RunAsync(1e-3 * MostPublishes);
            (latencies[run], written[run]) = (sample.Latencies.At(0.5) / 1e3, (double)(server.WrittenBytes - before) / sample.Requests);
        }

        await server.StopAsync();
        DataFolder.Delete(folder);
        return new RowResult
        {
            Name = Name + "/thousand",
            Goal = Goal.None,
            Unit = "ms",
            Values = latencies,
            Notes = [Invariant($"{RowResult.MedianOf(written):F0} bytes of the journal a publish of {BodyBytes}")],
        };
    }

    private async Task<RowResult> MeasureFiltersAsync(RunOptions options, DataFolder data)
    {
        int most = (int)Math.Min(options.Messages, FilteredMax);
        await using FilteredTopic many = await FilteredTopic.OpenAsync(data.New("many"), most, BodyBytes);
        await using FilteredTopic few = await FilteredTopic.OpenAsync(data.New("few"), FilteredFew, BodyBytes);
        Paired paired = await Paired.RunAsync(
            options.Pairs,
            (Invariant($"{most:N0} subscriptions"), seconds => ClosedLoop.RunAsync(Callers, seconds, many.PublishAsync)),
            (Invariant($"{FilteredFew} subscriptions"), seconds => ClosedLoop.RunAsync(Callers, seconds, few.PublishAsync)),
            options.Seconds);
        return paired.Ratio(Name + "/filters", Goal.AtLeast(0.5, 0.9), "publishes/s", sample => sample.Rate) with
        {
            Notes = [Invariant($"{RowResult.MedianOf([.. paired.Ours.Select(sample => sample.AllocatedBytes)]):F0} bytes allocated a publish, {RowResult.MedianOf([.. paired.Theirs.Select(sample => sample.AllocatedBytes)]):F0} with {FilteredFew}")],
        };
    }

    private static async Task<string> SubscribeAsync(ServerProcess server, int queues)
    {
        const string Topic = "fanned";
        await server.CreateTopicAsync(Topic);
        for (int queue = 0; queue < queues; queue++)
        {
            await server.CreateQueueAsync(QueueOf(queue));
            await server.SubscribeAsync(Topic, QueueOf(queue));
        }

        return Topic;
    }

    private static string QueueOf(int number) => Invariant($"copies-{number}");

    private static double CpuOf(List<Sample> samples) => RowResult.MedianOf([.. samples.Select(sample => sample.CpuMicroseconds)]);
}
