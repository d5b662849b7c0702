using System.Globalization;
using System.Text;
using System.Text.Json;
using Messaging.Benchmarks.Http;
using Messaging.Benchmarks.Rows;

namespace Messaging.Benchmarks.Processes;

/// <summary>A topic's only partition as pages of one media type: the requests that fetch it from its beginning to its end, and what the first of them is answered.</summary>
internal sealed record TopicPages(byte[][] Requests, byte[] First)
{
    /// <summary>The most that a page of JSON has.</summary>
    private const int RecordsMax = 1000;

    /// <summary>Creates the topic, and publishes so many bytes of records of 1 KiB, in batches of 100.</summary>
    public static async Task FillAsync(ServerProcess server, string topic, long bytes)
    {
        await server.CreateTopicAsync(topic);
        byte[] request = TopicRequest.PublishBatch(topic, RestPublish.Records, RestPublish.RecordBytes);
        using var load = new HttpLoad(server.Port, RestPublish.Connections, _ => new SendScript(request, RestPublish.Records * RestPublish.RecordBytes));
        while (bytes > 0)
        {
            bytes -= (await load.RunAsync(1)).Messages;
        }
    }

    /// <summary>Fetches it once, in pages of so many stored bytes at most.</summary>
    public static async Task<TopicPages> ReadAsync(ServerProcess server, string topic, int bytesMax, string mediaType)
    {
        var requests = new List<byte[]>();
        byte[]? first = null;
        long offset = 0;
        while (true)
        {
            string limit = mediaType == TopicRequest.Json ? $"&limit={RecordsMax}" : "";
            string path = $"/v1/topics/{topic}/partitions/0/records?offset={offset}&maxBytes={bytesMax}{limit}";
            (long next, byte[] page) = await FetchAsync(server, path, mediaType);
            if (next == offset)
            {
                return new TopicPages([.. requests], first!);
            }

            requests.Add(TopicRequest.Get(path, mediaType));
            first ??= page;
            offset = next;
        }
    }

    private static async Task<(long Next, byte[] Page)> FetchAsync(ServerProcess server, string path, string mediaType)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Accept", mediaType);
        using HttpResponseMessage response = await server.Client.SendAsync(request);
        byte[] page = await response.Content.ReadAsByteArrayAsync();
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{path}: {(int)response.StatusCode}: {Encoding.UTF8.GetString(page)}");
        }

        if (response.Headers.TryGetValues("Messaging-Next-Offset", out IEnumerable<string>? next))
        {
            return (long.Parse(next.Single(), CultureInfo.InvariantCulture), page);
        }

        using var document = JsonDocument.Parse(page);
        return (document.RootElement.GetProperty("nextOffset").GetInt64(), page);
    }
}
