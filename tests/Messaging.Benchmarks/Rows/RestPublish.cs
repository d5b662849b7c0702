using Messaging.Benchmarks.Baselines;
using Messaging.Benchmarks.Http;
using Messaging.Benchmarks.Measuring;
using Messaging.Benchmarks.Processes;
using static System.FormattableString;

namespace Messaging.Benchmarks.Rows;

/// <summary>
/// Durable publishes of 100 records of 1 KiB as JSON over REST, into a topic of one partition, against a sink that reads the same requests: the rate in bytes of records' bodies, and the
/// server process's CPU time per request. Nothing is trimmed: what the server flushes meanwhile is its own cost.
/// </summary>
internal sealed class RestPublish : IRow
{
    public const int Connections = 16;
    public const int Records = 100;
    public const int RecordBytes = 1024;
    private const string Topic = "records";

    public string Name => "rest-publish";

    public string Summary => "durable publishes of 100 records of 1 KiB as JSON over REST on 16 connections, against a bare Kestrel sink";

    public IAsyncEnumerable<RowResult> RunAsync(RunOptions options, DataFolder data) =>
        MeasureAsync(Name, Goal.AtLeast(0.5, 0.7), Topic, TopicRequest.Publish(Topic, Records, RecordBytes), options, data);

    /// <summary>The row of one request, which publishes so many such records to the topic.</summary>
    public static async IAsyncEnumerable<RowResult> MeasureAsync(string name, Goal goal, string topic, byte[] request, RunOptions options, DataFolder data)
    {
        string folder = data.New("server");
        using ServerProcess server = await ServerProcess.StartAsync(folder);
        await server.CreateTopicAsync(topic);
        using BareEndpointProcess sink = await BareEndpointProcess.StartAsync();
        using var toServer = new HttpLoad(server.Port, Connections, _ => new SendScript(request, Records * RecordBytes));
        using var toSink = new HttpLoad(sink.Port, Connections, _ => new SendScript(request, Records * RecordBytes));
        var written = new List<double>();
        Paired paired = await Paired.RunAsync(
            options.Pairs,
            ("server", async seconds =>
            {
                long before = server.WrittenBytes;
                Sample sample = await RestSend.MeasureAsync(server, toServer.RunAsync, seconds);
                written.Add((server.WrittenBytes - before) / seconds / 1e6);
                return sample;
            }),
            ("sink", seconds => RestSend.MeasureAsync(sink, toSink.RunAsync, seconds)),
            options.Seconds);
        yield return paired.Ratio(name, goal, "MB/s", sample => sample.Rate / 1e6) with
        {
            Notes = [Invariant($"the server wrote {RowResult.MedianOf([.. written]):F0} MB/s to files")],
        };
        yield return paired.Ratio(name + "/cpu", Goal.None, "us/publish", sample => sample.CpuMicroseconds);
        await server.StopAsync();
        DataFolder.Delete(folder);
        yield return AgainstDisk(name + "/disk", paired, options, data);
    }

    // Right behind the pairs: what the disk takes of the same.
    private static RowResult AgainstDisk(string name, Paired paired, RunOptions options, DataFolder data)
    {
        string folder = data.New("disk");
        double[] rates = new double[options.Pairs];
        using (var disk = new SyncedFrames(folder))
        {
            for (int run = 0; run < rates.Length; run++)
            {
                rates[run] = disk.Run(options.Seconds).Rate / 1e6;
            }
        }

        DataFolder.Delete(folder);
        double[] server = [.. paired.Ours.Select(sample => sample.Rate / 1e6)];
        return new RowResult
        {
            Name = name,
            Goal = Goal.None,
            Values = [.. server.Zip(rates, (ours, theirs) => ours / theirs)],
            Sides = [new Side("server", "MB/s", server, 0, 0), new Side("disk alone", "MB/s", rates, 0, 0)],
        };
    }
}
