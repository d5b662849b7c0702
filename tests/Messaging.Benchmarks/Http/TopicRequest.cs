using System.Text;
using Messaging.TestKit;

namespace Messaging.Benchmarks.Http;

/// <summary>Builds requests on topics as bytes, once.</summary>
internal static class TopicRequest
{
    /// <summary>The media type of pages.</summary>
    public const string Json = "application/json";

    /// <summary>The media type of stored record batches.</summary>
    public const string Batches = "application/vnd.messaging.record-batch";

    /// <summary>A publish of so many records of so many bytes of text, as JSON and without keys.</summary>
    public static byte[] Publish(string topic, int records, int bytes)
    {
        string record = $$"""{"body":"{{new string('x', bytes)}}"}""";
        return HttpRequest.Post($"/v1/topics/{topic}/records", $$"""{"records":[{{string.Join(',', Enumerable.Repeat(record, records))}}]}""");
    }

    /// <summary>The same records to the first partition, as one batch that is stored as it is.</summary>
    public static byte[] PublishBatch(string topic, int records, int bytes)
    {
        byte[] batch = ProducedBatch.Of([.. Enumerable.Repeat(new string('x', bytes), records)]);
        return HttpRequest.Post($"/v1/topics/{topic}/partitions/0/records", batch, Batches);
    }

    public static byte[] Get(string path, string mediaType) =>
        Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: {mediaType}\r\n\r\n");
}
