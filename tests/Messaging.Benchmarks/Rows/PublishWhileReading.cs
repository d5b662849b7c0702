using System.Diagnostics;
using Messaging.Benchmarks.Baselines;
using Messaging.Benchmarks.Http;
using Messaging.Benchmarks.Measuring;
using Messaging.Benchmarks.Processes;
using static System.FormattableString;

namespace Messaging.Benchmarks.Rows;

/// <summary>
/// Durable publishes of record batches over REST while a consumer reads another topic's old records as fast as it can, which are not in the page cache, against the same publishes beside
/// <see cref="CpuBurner"/>, which uses the processor time that the reader used in the run before: what is left is what the reader costs by the disk, the memory and the locks.
/// </summary>
internal sealed class PublishWhileReading : IRow
{
    private const int PageBytes = 1 << 20;
    private const string Old = "old", New = "new";
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    public string Name => "publish-while-reading";

    public string Summary => "durable publishes while another consumer reads old records from the disk, against publishes beside an equal load of the processor";

    public async IAsyncEnumerable<RowResult> RunAsync(RunOptions options, DataFolder data)
    {
        string folder = data.New("reading");
        using ServerProcess server = await ServerProcess.StartAsync(folder);
        await TopicPages.FillAsync(server, Old, (long)options.Gigabytes << 30);
        await server.CreateTopicAsync(New);
        var reader = new FetchScript((await TopicPages.ReadAsync(server, Old, PageBytes, TopicRequest.Batches)).Requests, 0);
        byte[] request = TopicRequest.PublishBatch(New, RestPublish.Records, RestPublish.RecordBytes);
        using var reading = new HttpLoad(server.Port, 1, _ => reader);
        using var publishing = new HttpLoad(server.Port, RestPublish.Connections, _ => new SendScript(request, RestPublish.Records * RestPublish.RecordBytes));
        string packs = Path.Combine(folder, "packs");
        // What was filled is flushed in the background.
        await Task.Delay(Rest);
        double secondsPerByte = await PriceAsync(server, reading, packs, options.Seconds);
        var rates = new List<double>();
        double share = 0;
        Paired paired = await Paired.RunAsync(
            options.Pairs,
            ("while reading", async seconds =>
            {
                DataFolder.ForgetPages(packs);
                Task<LoadSample> read = reading.RunAsync(seconds);
                LoadSample published = await publishing.RunAsync(seconds);
                double rate = (await read).PerMessage.Rate;
                rates.Add(rate / 1e6);
                share = rate * secondsPerByte;
                return published.PerMessage;
            }),
            ("beside a burner", async seconds =>
            {
                DataFolder.ForgetPages(packs);
                using var burner = new CpuBurner(share);
                return (await publishing.RunAsync(seconds)).PerMessage;
            }),
            options.Seconds);
        yield return paired.Ratio(Name, Goal.AtLeast(0.7, 0.9), "MB/s", sample => sample.Rate / 1e6) with
        {
            Notes =
            [
                Invariant($"the reader read {RowResult.MedianOf([.. rates]):F0} MB/s, {reader.Bytes / 1e9:F1} GB in all of {options.Gigabytes} GiB, at {secondsPerByte * 1e9:F2} s of processor per GB")
            ],
        };
        await server.StopAsync();
        DataFolder.Delete(folder);
    }

    // Processor time of both ends per byte that is read, by the reader alone.
    private static async Task<double> PriceAsync(ServerProcess server, HttpLoad reading, string packs, double seconds)
    {
        DataFolder.ForgetPages(packs);
        using var self = Process.GetCurrentProcess();
        double before = server.CpuSeconds + self.TotalProcessorTime.TotalSeconds;
        LoadSample read = await reading.RunAsync(seconds);
        self.Refresh();
        return (server.CpuSeconds + self.TotalProcessorTime.TotalSeconds - before) / read.Messages;
    }
}
