using Messaging.Benchmarks.Http;
using Messaging.Benchmarks.Measuring;
using Messaging.Benchmarks.Processes;
using static System.FormattableString;

namespace Messaging.Benchmarks.Rows;

/// <summary>
/// Publishes over REST that reach so many queues, in deliveries, against as many sends to the same queues, one by one; 64 connections to one server, 1 KiB. Behind each run the queues are purged, as if all had
/// been consumed before the flush: a copy that lives longer is written into a pack of its own, and what one side leaves would be flushed while the other runs.
/// </summary>
internal sealed class FanOut(int queues, Goal goal) : IRow
{
    private const string Topic = "fanned";

    public string Name => Invariant($"fan-out/{queues}");

    public string Summary => Invariant($"publishes over REST that reach {queues} queues, in deliveries, against sends to those queues");

    public async IAsyncEnumerable<RowResult> RunAsync(RunOptions options, DataFolder data)
    {
        using ServerProcess server = await ServerProcess.StartAsync(data.New("server"));
        string[] names = await SubscribeAsync(server, Topic, queues);
        byte[] publish = TopicRequest.Publish(Topic, 1, RestSend.BodyBytes);
        byte[][] sends = [.. names.Select(name => HttpRequest.Send(name, 1, RestSend.BodyBytes))];
        using var publishers = new HttpLoad(server.Port, RestSend.Connections, _ => new SendScript(publish, queues));
        using var senders = new HttpLoad(server.Port, RestSend.Connections, _ => new SendScript(sends, 1));
        (long written, long deliveries) = (0, 0);
        Paired paired = await Paired.RunAsync(
            options.Pairs,
            ("publishes", async seconds =>
            {
                long before = server.WrittenBytes;
                double cpu = server.CpuSeconds;
                LoadSample sample = await publishers.RunAsync(seconds);
                double used = server.CpuSeconds - cpu;
                (written, deliveries) = (written + server.WrittenBytes - before, deliveries + sample.Messages);
                await PurgeAsync(server, names);
                return sample.PerMessage with { CpuMicroseconds = used * 1e6 / sample.Requests };
            }),
            ("sends", async seconds =>
            {
                Sample sample = await RestSend.MeasureAsync(server, senders.RunAsync, seconds);
                await PurgeAsync(server, names);
                return sample;
            }),
            options.Seconds);
        yield return paired.Ratio(Name, goal, "deliveries/s", sample => sample.Rate) with
        {
            Notes = [Invariant($"CPU of the server: {CpuOf(paired.Ours):F1} us a publish, {CpuOf(paired.Theirs):F1} us a send; {written / Math.Max(1, deliveries)} bytes written a delivery")],
        };
        await server.StopAsync();
    }

    /// <summary>A topic, and so many queues that subscribe to it; their names.</summary>
    public static async Task<string[]> SubscribeAsync(ServerProcess server, string topic, int queues)
    {
        string[] names = [.. Enumerable.Range(0, queues).Select(queue => Invariant($"copies-{queue}"))];
        await server.CreateTopicAsync(topic);
        foreach (string name in names)
        {
            await server.CreateQueueAsync(name);
            await server.SubscribeAsync(topic, name);
        }

        return names;
    }

    private static async Task PurgeAsync(ServerProcess server, string[] names)
    {
        foreach (string name in names) await server.PurgeAsync(name);
    }

    private static double CpuOf(List<Sample> samples) => RowResult.MedianOf([.. samples.Select(sample => sample.CpuMicroseconds)]);
}
