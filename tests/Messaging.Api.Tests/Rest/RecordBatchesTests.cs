using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Messaging.Api.Tests.Hosting;
using Messaging.Storage.Records;
using Messaging.TestKit;

namespace Messaging.Api.Tests.Rest;

/// <summary>Record batches v2 of Kafka as they are, both ways.</summary>
public sealed class RecordBatchesTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string MediaType = "application/vnd.messaging.record-batch";
    private const string Partition = "/partitions/0/records";

    // Made by hand from Kafka's specification: three records of a compacted key, one without a key, one a tombstone.
    private const string Golden =
        "00000000000000000000005200000000024e6f19ac0000000000020000018bcfe568000000018bcfe56807ffffffffffffffffffffffffffff0000000322000000026b0a68656c6c6f0204683102010c000a020100000e000e04026b0100";

    [Fact]
    public async Task A_golden_batch_is_stored_as_it_is_and_comes_back_as_it_is()
    {
        string topic = await server.CreateTopicAsync();
        byte[] golden = Convert.FromHexString(Golden);
        Assert.Equal((200, """{"partition":0,"baseOffset":0,"count":3}"""), await PublishAsync(topic, golden));
        Assert.Equal((200, """{"partition":0,"baseOffset":3,"count":3}"""), await PublishAsync(topic, golden));

        (HttpResponseMessage response, byte[] bytes) = await FetchAsync(topic, "?offset=1");
        Assert.Equal(("6", "6", "6"), (Header(response, "Messaging-Next-Offset"), Header(response, "Messaging-High-Watermark"), Header(response, "Messaging-Last-Stable-Offset")));
        // The broker gives a batch its offset and leader epoch, which its checksum leaves out.
        Assert.Equal(2 * golden.Length, bytes.Length);
        Assert.Equal(golden[16..], bytes[16..golden.Length]);
        Assert.Equal(golden[16..], bytes[(golden.Length + 16)..]);
        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 3], bytes[golden.Length..(golden.Length + 8)]);

        JsonNode page = (await server.CallAsync("GET", topic + Partition + "?limit=3")).Json;
        Assert.Equal("""{"offset":0,"key":"k","body":"hello","headers":[{"name":"h1","value":"\u0001"}],"timestamp":"2023-11-14T22:13:20.000Z"}""", page["records"]![0]!.ToJsonString());
        Assert.Equal("""{"offset":1,"body":"","headers":[],"timestamp":"2023-11-14T22:13:20.005Z"}""", page["records"]![1]!.ToJsonString());
        Assert.Equal("""{"offset":2,"key":"k","body":null,"headers":[],"timestamp":"2023-11-14T22:13:20.007Z"}""", page["records"]![2]!.ToJsonString());
    }

    [Fact]
    public async Task A_fetch_of_batches_at_the_end_is_empty_and_waits_as_long_as_asked()
    {
        string topic = await server.CreateTopicAsync();
        (HttpResponseMessage response, byte[] bytes) = await FetchAsync(topic, "");
        Assert.Equal((0, "0"), (bytes.Length, Header(response, "Messaging-Next-Offset")));

        Task<(HttpResponseMessage Response, byte[] Bytes)> waiting = FetchAsync(topic, "?waitSeconds=20");
        await PublishAsync(topic, Convert.FromHexString(Golden));
        Assert.Equal(Golden.Length / 2, (await waiting).Bytes.Length);
    }

    [Fact]
    public async Task Many_batches_are_one_answer_in_order()
    {
        string topic = await server.CreateTopicAsync();
        byte[] batch = ProducedBatch.Of([new string('x', 30_000)]);
        for (int index = 0; index < 20; index++)
            Assert.Equal(200, (await PublishAsync(topic, batch)).Status);

        byte[] bytes = (await FetchAsync(topic, "?maxBytes=16777216")).Bytes;
        Assert.Equal(20 * batch.Length, bytes.Length);
        for (int index = 0; index < 20; index++)
            Assert.Equal(batch[16..], bytes[((index * batch.Length) + 16)..((index + 1) * batch.Length)]);
        Assert.Equal(batch.Length, (await FetchAsync(topic, "?maxBytes=1")).Bytes.Length);
    }

    [Fact]
    public async Task A_compressed_batch_is_stored_compressed_and_read_as_JSON()
    {
        string topic = await server.CreateTopicAsync();
        byte[] plain = ProducedBatch.Of([.. Enumerable.Range(0, 100).Select(index => $"value {index}")]);
        byte[] batch = ProducedBatch.Compressed(Gzip(plain.AsSpan(RecordBatch.HeaderBytes)), count: 100, RecordCompression.Gzip, time: ProducedBatch.Time + 99);
        // The times of its records begin with the first one's.
        RecordBatch.WriteHeader(batch, 0, 99, ProducedBatch.Time, ProducedBatch.Time + 99, 100, (short)RecordCompression.Gzip, -1, -1, -1);
        Assert.Equal((200, """{"partition":0,"baseOffset":0,"count":100}"""), await PublishAsync(topic, batch));

        Assert.Equal(batch[16..], (await FetchAsync(topic, "")).Bytes[16..]);
        JsonNode page = (await server.CallAsync("GET", topic + Partition + "?offset=97")).Json;
        Assert.Equal(["value 97", "value 98", "value 99"], page["records"]!.AsArray().Select(record => record!["body"]!.GetValue<string>()));
        Assert.Equal(100, page["nextOffset"]!.GetValue<int>());
    }

    [Fact]
    public async Task What_is_no_batch_is_refused()
    {
        string topic = await server.CreateTopicAsync("""{"maxMessageBytes":1024}""");
        byte[] golden = Convert.FromHexString(Golden);
        byte[] torn = [.. golden];
        torn[^1] ^= 1;

        Assert.Equal((400, "batchInvalid"), await RefusedAsync(topic, [1, 2, 3]));
        Assert.Equal((400, "batchInvalid"), await RefusedAsync(topic, []));
        Assert.Equal((400, "batchCorrupt"), await RefusedAsync(topic, torn));
        Assert.Equal((400, "batchInvalid"), await RefusedAsync(topic, [.. golden, .. golden]));
        Assert.Equal((413, "messageTooLarge"), await RefusedAsync(topic, ProducedBatch.Of([new string('x', 1024)])));
        Assert.Empty((await FetchAsync(topic, "")).Bytes);
    }

    [Fact]
    public async Task Other_content_types_are_answered_with_the_command_that_works()
    {
        string topic = await server.CreateTopicAsync();
        Answer answer = await server.CallAsync("POST", topic + Partition, new StringContent("x"));

        Assert.Equal((415, "unsupportedMediaType", "Content-Type"), answer.Problem);
        Assert.Contains("-H 'Content-Type: application/json' -d '{\"records\":", answer.Json["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_takes_no_idempotency_key_and_its_fetch_no_limit()
    {
        string topic = await server.CreateTopicAsync();
        Answer published = await server.CallAsync("POST", topic + Partition, Content(Convert.FromHexString(Golden)), ("Idempotency-Key", "x"));
        Assert.Equal((400, "notSupported", "Idempotency-Key"), published.Problem);
        Assert.Equal((400, "unknownField", "limit"), (await server.CallAsync("GET", topic + Partition + "?limit=1", headers: ("Accept", MediaType))).Problem);
        Assert.Equal((416, "offsetOutOfRange", "offset"), (await server.CallAsync("GET", topic + Partition + "?offset=1", headers: ("Accept", MediaType))).Problem);
    }

    private static byte[] Gzip(ReadOnlySpan<byte> bytes)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Optimal))
            gzip.Write(bytes);
        return stream.ToArray();
    }

    private static string Header(HttpResponseMessage response, string name) => response.Headers.GetValues(name).Single();

    private static ByteArrayContent Content(byte[] batch)
    {
        var content = new ByteArrayContent(batch);
        content.Headers.ContentType = new MediaTypeHeaderValue(MediaType);
        return content;
    }

    private async Task<(int Status, string Body)> PublishAsync(string topic, byte[] batch)
    {
        Answer answer = await server.CallAsync("POST", topic + Partition, Content(batch));
        return (answer.Status, answer.Body);
    }

    private async Task<(int Status, string? Code)> RefusedAsync(string topic, byte[] batch)
    {
        Answer answer = await server.CallAsync("POST", topic + Partition, Content(batch));
        return (answer.Problem.Status, answer.Problem.Code);
    }

    private async Task<(HttpResponseMessage Response, byte[] Bytes)> FetchAsync(string topic, string query)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, topic + Partition + query);
        request.Headers.Add("Accept", MediaType);
        HttpResponseMessage response = await server.Client.SendAsync(request);
        Assert.Equal((200, MediaType), ((int)response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        return (response, await response.Content.ReadAsByteArrayAsync());
    }
}
