using Messaging.Benchmarks.Baselines;
using Messaging.Benchmarks.Http;
using Messaging.Benchmarks.Measuring;
using Messaging.Benchmarks.Processes;

namespace Messaging.Benchmarks.Rows;

/// <summary>
/// Fetches of large pages over REST, of a topic of 1-KiB records that lies in the page cache, against Kestrel that sends the first of those pages from memory: the rate in bytes of answers, and
/// the server process's CPU time per answer. Judged with stored batches of 1 MiB; for information with 4 MiB, and with 1 MiB as JSON.
/// </summary>
internal sealed class RestFetch : IRow
{
    private const int Connections = 4;
    private const int PageBytes = 1 << 20;
    private const int LargePageBytes = 4 << 20;
    private const long TopicBytes = 512L << 20;
    private const string Topic = "pages";

    public string Name => "rest-fetch";

    public string Summary => "fetches of 1 MiB of stored batches over REST on 4 connections, against Kestrel that sends the same bytes from memory";

    public async IAsyncEnumerable<RowResult> RunAsync(RunOptions options, DataFolder data)
    {
        string folder = data.New("server");
        using ServerProcess server = await ServerProcess.StartAsync(folder);
        await TopicPages.FillAsync(server, Topic, TopicBytes);
        using BareEndpointProcess bare = await BareEndpointProcess.StartAsync();
        (string Name, Goal Goal, int PageBytes, string MediaType)[] figures =
        [
            (Name, Goal.AtLeast(0.5, 0.7), PageBytes, TopicRequest.Batches),
            (Name + "/large", Goal.None, LargePageBytes, TopicRequest.Batches),
            (Name + "/json", Goal.None, PageBytes, TopicRequest.Json),
        ];
        foreach ((string name, Goal goal, int pageBytes, string mediaType) in figures)
        {
            Paired paired = await MeasureAsync(server, bare, await TopicPages.ReadAsync(server, Topic, pageBytes, mediaType), mediaType, options);
            yield return paired.Ratio(name, goal, "MB/s", sample => sample.Rate / 1e6);
            yield return paired.Ratio(name + "/cpu", Goal.None, "us/answer", sample => sample.CpuMicroseconds);
        }

        await server.StopAsync();
        DataFolder.Delete(folder);
    }

    private static async Task<Paired> MeasureAsync(ServerProcess server, BareEndpointProcess bare, TopicPages pages, string mediaType, RunOptions options)
    {
        using HttpResponseMessage put = await bare.Client.PutAsync(BareRecords.Page, new ByteArrayContent(pages.First));
        put.EnsureSuccessStatusCode();
        byte[] page = TopicRequest.Get(BareRecords.Page, mediaType);
        using var toServer = new HttpLoad(server.Port, Connections, connection => new FetchScript(pages.Requests, connection * pages.Requests.Length / Connections));
        using var toBare = new HttpLoad(bare.Port, Connections, _ => new FetchScript([page], 0));
        return await Paired.RunAsync(
            options.Pairs,
            ("server", seconds => RestSend.MeasureAsync(server, toServer.RunAsync, seconds)),
            ("bare endpoint", seconds => RestSend.MeasureAsync(bare, toBare.RunAsync, seconds)),
            options.Seconds);
    }
}
