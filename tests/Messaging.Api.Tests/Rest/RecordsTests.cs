using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Messaging.Api.Tests.Hosting;

namespace Messaging.Api.Tests.Rest;

/// <summary>Publishing and fetching records as JSON.</summary>
public sealed class RecordsTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Partition = "/partitions/0/records";

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task Records_are_published_and_fetched_from_the_first_on()
    {
        string topic = await server.CreateTopicAsync();
        Answer published = await server.CallAsync("POST", topic + "/records", """
            {"records":[{"key":"k","body":"v","contentType":"text/plain","headers":[{"name":"h","value":"x"},{"name":"h","valueBase64":"/w=="},{"name":"n","value":null}],"timestamp":"2026-01-31T09:05:00.250Z"},
              {"json":{"a": 1}},{"key":"k","body":null},{"keyBase64":"/w==","bodyBase64":"/w=="}]}
            """);
        Assert.Equal((200, """{"results":[{"partition":0,"offset":0},{"partition":0,"offset":1},{"partition":0,"offset":2},{"partition":0,"offset":3}]}"""), (published.Status, published.Body));

        JsonNode page = (await server.CallAsync("GET", topic + Partition)).Json;
        Assert.Equal(
            """{"offset":0,"key":"k","body":"v","contentType":"text/plain","headers":[{"name":"h","value":"x"},{"name":"h","valueBase64":"/w=="},{"name":"n","value":null}],"timestamp":"2026-01-31T09:05:00.250Z"}""",
            page["records"]![0]!.ToJsonString(Relaxed));
        Assert.Equal("""{"offset":1,"body":"{\"a\": 1}","contentType":"application/json","headers":[]}""", WithoutTime(page["records"]![1]!));
        Assert.Equal("""{"offset":2,"key":"k","body":null,"headers":[]}""", WithoutTime(page["records"]![2]!));
        Assert.Equal("""{"offset":3,"keyBase64":"/w==","bodyBase64":"/w==","headers":[]}""", WithoutTime(page["records"]![3]!));
        Assert.Equal((4, 4, 4, 0), Ends(page));
    }

    [Fact]
    public async Task Pages_follow_one_another_by_the_next_offset()
    {
        string topic = await server.CreateTopicAsync();
        await PublishAsync(topic, 5);

        JsonNode first = (await server.CallAsync("GET", topic + Partition + "?limit=2")).Json;
        Assert.Equal([0, 1], Offsets(first));
        Assert.Equal(2, first["nextOffset"]!.GetValue<int>());
        Assert.Equal([2, 3, 4], Offsets((await server.CallAsync("GET", topic + Partition + "?offset=2")).Json));
        JsonNode end = (await server.CallAsync("GET", topic + Partition + "?offset=latest")).Json;
        Assert.Empty(Offsets(end));
        Assert.Equal((5, 5, 5, 0), Ends(end));
        Assert.Equal([0, 1, 2, 3, 4], Offsets((await server.CallAsync("GET", topic + Partition + "?offset=earliest")).Json));
    }

    [Fact]
    public async Task An_offset_that_is_not_there_says_which_are()
    {
        string topic = await server.CreateTopicAsync();
        await PublishAsync(topic, 2);

        Answer answer = await server.CallAsync("GET", topic + Partition + "?offset=3");
        Assert.Equal((416, "offsetOutOfRange", "offset"), answer.Problem);
        Assert.Contains("0 to 2", answer.Json["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fetch_waits_for_what_is_published_meanwhile()
    {
        string topic = await server.CreateTopicAsync();
        Task<Answer> waiting = server.CallAsync("GET", topic + Partition + "?waitSeconds=20");
        await PublishAsync(topic, 1);

        Assert.Equal([0], Offsets((await waiting).Json));
    }

    [Fact]
    public async Task A_fetch_begins_at_a_time()
    {
        string topic = await server.CreateTopicAsync();
        await server.CallAsync("POST", topic + "/records", """
            {"records":[{"body":"a","timestamp":"2026-01-01T00:00:00Z"},{"body":"b","timestamp":"2026-01-02T00:00:00Z"},{"body":"c","timestamp":"2026-01-03T00:00:00Z"}]}
            """);

        Assert.Equal([1, 2], Offsets((await server.CallAsync("GET", topic + Partition + "?timestamp=2026-01-01T12:00:00Z")).Json));
        Assert.Equal([0, 1, 2], Offsets((await server.CallAsync("GET", topic + Partition + "?timestamp=1950-01-01T12:00:00Z")).Json));
        Assert.Empty(Offsets((await server.CallAsync("GET", topic + Partition + "?timestamp=2026-02-01T00:00:00Z")).Json));
    }

    [Fact]
    public async Task The_encoding_is_that_of_keys_bodies_and_headers()
    {
        string topic = await server.CreateTopicAsync();
        await server.CallAsync("POST", topic + "/records", """{"records":[{"key":"k","body":"v","headers":[{"name":"h","value":"x"}],"timestamp":"2026-01-01T00:00:00Z"},{"bodyBase64":"/w=="}]}""");

        JsonNode base64 = (await server.CallAsync("GET", topic + Partition + "?encoding=base64&limit=1")).Json["records"]![0]!;
        Assert.Equal("""{"offset":0,"keyBase64":"aw==","bodyBase64":"dg==","headers":[{"name":"h","valueBase64":"eA=="}]}""", WithoutTime(base64));
        Assert.Equal("\uFFFD", (await server.CallAsync("GET", topic + Partition + "?encoding=text&offset=1")).Json["records"]![0]!["body"]!.GetValue<string>());
    }

    [Fact]
    public async Task Keys_choose_the_partition_unless_the_record_or_the_path_does()
    {
        string topic = await server.CreateTopicAsync("""{"partitions":3}""");
        Answer published = await server.CallAsync("POST", topic + "/records", """{"records":[{"key":"k","body":"1"},{"key":"k","body":"2"},{"key":"k","body":"3","partition":2},{"body":"4"}]}""");
        JsonNode[] results = [.. published.Json["results"]!.AsArray()!];
        Assert.Equal(results[0]["partition"]!.GetValue<int>(), results[1]["partition"]!.GetValue<int>());
        Assert.Equal(2, results[2]["partition"]!.GetValue<int>());

        Answer chosen = await server.CallAsync("POST", topic + "/partitions/1/records", """{"records":[{"key":"k","body":"1"},{"body":"2","partition":0}]}""");
        Assert.Equal(207, chosen.Status);
        Assert.Equal(1, chosen.Json["results"]![0]!["partition"]!.GetValue<int>());
        Assert.Equal("records[1].partition", chosen.Json["results"]![1]!["error"]!["field"]!.GetValue<string>());
    }

    [Fact]
    public async Task Some_records_that_fail_are_207_and_do_not_touch_the_others()
    {
        string topic = await server.CreateTopicAsync("""{"maxMessageBytes":1024}""");
        Answer published = await server.CallAsync("POST", topic + "/records", $$"""
            {"records":[{"body":"a"},{"body":"{{new string('x', 2000)}}"},{"oops":1},{"body":"b","partition":1},{"body":"c","headers":[{"name":"_m.x","value":""}]},{"body":"d"}]}
            """);

        Assert.Equal(207, published.Status);
        Assert.Equal(
            [null, ("messageTooLarge", "records[1]"), ("unknownField", "records[2].oops"), ("partitionNotFound", "records[3].partition"), ("invalidValue", "records[4].headers"), null],
            published.Json["results"]!.AsArray().Select(Failure));
        Assert.Equal([0, 1], Offsets((await server.CallAsync("GET", topic + Partition)).Json));
    }

    [Fact]
    public async Task When_all_fail_the_first_one_is_the_problem()
    {
        string topic = await server.CreateTopicAsync("""{"cleanup":"compact"}""");

        Assert.Equal((400, "recordInvalid", "records[0].key"), (await server.CallAsync("POST", topic + "/records", """{"records":[{"body":"a"}]}""")).Problem);
    }

    [Fact]
    public async Task A_publish_that_is_repeated_under_its_key_stores_nothing_more()
    {
        string topic = await server.CreateTopicAsync();
        (string Name, string Value) key = ("Idempotency-Key", "once");
        Answer first = await server.CallAsync("POST", topic + "/records", """{"records":[{"body":"a"}]}""", key);
        Answer again = await server.CallAsync("POST", topic + "/records", """{"records":[{"body":"a"}]}""", key);
        Assert.Equal((200, first.Body), (again.Status, again.Body));
        Assert.Equal((409, "idempotencyKeyReused", null), (await server.CallAsync("POST", topic + "/records", """{"records":[{"body":"b"}]}""", key)).Problem);
        Assert.Equal((409, "idempotencyKeyReused", null), (await server.CallAsync("POST", topic + Partition, """{"records":[{"body":"a"}]}""", key)).Problem);
        Assert.Equal([0], Offsets((await server.CallAsync("GET", topic + Partition)).Json));
    }

    [Fact]
    public async Task A_raw_record_is_the_body_and_its_headers()
    {
        string topic = await server.CreateTopicAsync("""{"partitions":2,"retentionSeconds":null}""");
        var body = new ByteArrayContent([0xFF, 0]);
        body.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        Answer published = await server.CallAsync(
            "POST", topic + "/records/raw", body, ("Message-Key", "k"), ("Message-Partition", "1"), ("Message-Timestamp", "2026-01-31T09:05:00Z"), ("Message-Header-Trace", "x"), ("Message-Header-Empty", ""));
        Assert.Equal((200, """{"partition":1,"offset":0}"""), (published.Status, published.Body));

        JsonNode record = (await server.CallAsync("GET", topic + "/partitions/1/records")).Json["records"]![0]!;
        Assert.Equal(("k", "/wA=", "image/png"), (record["key"]!.GetValue<string>(), record["bodyBase64"]!.GetValue<string>(), record["contentType"]!.GetValue<string>()));
        Assert.Equal("2026-01-31T09:05:00.000Z", record["timestamp"]!.GetValue<string>());
        Assert.Equal(["""{"name":"Empty","value":""}""", """{"name":"Trace","value":"x"}"""], record["headers"]!.AsArray().Select(header => header!.ToJsonString()).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Message-Partition", "x", "invalidValue", "Message-Partition")]
    [InlineData("Message-Partition", "7", "partitionNotFound", "Message-Partition")]
    [InlineData("Message-Key-Base64", "%", "invalidValue", "Message-Key-Base64")]
    [InlineData("Message-Timestamp", "now", "invalidValue", "Message-Timestamp")]
    [InlineData("Message-Timestamp", "1950-01-01T00:00:00Z", "invalidValue", "Message-Timestamp")]
    [InlineData("Message-Header-_m.x", "", "invalidValue", "Message-Header-*")]
    [InlineData("Message-Delay-Seconds", "1", "unknownField", "Message-Delay-Seconds")]
    public async Task A_wrong_header_of_a_raw_record_is_named(string name, string value, string code, string field)
    {
        string topic = await server.CreateTopicAsync();
        Answer answer = await server.CallAsync("POST", topic + "/records/raw", new ByteArrayContent([1]), (name, value));

        Assert.Equal((code, field), (answer.Problem.Code, answer.Problem.Field));
        Assert.Empty(Offsets((await server.CallAsync("GET", topic + Partition)).Json));
    }

    [Fact]
    public async Task A_raw_record_that_is_too_large_is_refused_by_the_topics_limit()
    {
        string topic = await server.CreateTopicAsync("""{"maxMessageBytes":1024}""");

        Assert.Equal((413, "messageTooLarge", null), (await server.CallAsync("POST", topic + "/records/raw", new ByteArrayContent(new byte[1025]))).Problem);
        Assert.Equal((404, "topicNotFound", null), (await server.CallAsync("POST", "/v1/topics/nobody/records/raw", new ByteArrayContent([1]))).Problem);
    }

    [Theory]
    [InlineData("?offset=-1", 400, "invalidValue", "offset")]
    [InlineData("?offset=first", 400, "invalidValue", "offset")]
    [InlineData("?offset=99999999999999999999", 400, "invalidValue", "offset")]
    [InlineData("?limit=0", 400, "invalidValue", "limit")]
    [InlineData("?limit=1001", 400, "invalidValue", "limit")]
    [InlineData("?maxBytes=0", 400, "invalidValue", "maxBytes")]
    [InlineData("?maxBytes=16777217", 400, "invalidValue", "maxBytes")]
    [InlineData("?minBytes=0", 400, "invalidValue", "minBytes")]
    [InlineData("?minBytes=11&maxBytes=10", 400, "invalidValue", "minBytes")]
    [InlineData("?waitSeconds=21", 400, "invalidValue", "waitSeconds")]
    [InlineData("?waitSeconds=-1", 400, "invalidValue", "waitSeconds")]
    [InlineData("?isolation=serializable", 400, "invalidValue", "isolation")]
    [InlineData("?encoding=hex", 400, "invalidValue", "encoding")]
    [InlineData("?timestamp=yesterday", 400, "invalidValue", "timestamp")]
    [InlineData("?timestamp=2026-01-01T00:00:00Z&offset=1", 400, "invalidValue", "timestamp")]
    [InlineData("?after=1", 400, "unknownField", "after")]
    [InlineData("?limit=1&limit=2", 400, "duplicateField", "limit")]
    public async Task A_wrong_parameter_of_a_fetch_is_named(string query, int status, string code, string field)
    {
        string topic = await server.CreateTopicAsync();
        Assert.Equal((status, code, field), (await server.CallAsync("GET", topic + Partition + query)).Problem);
    }

    [Theory]
    [InlineData("/partitions/1/records", 404, "partitionNotFound", "partition")]
    [InlineData("/partitions/-1/records", 400, "invalidValue", "partition")]
    [InlineData("/partitions/x/records", 400, "invalidValue", "partition")]
    public async Task A_partition_that_is_not_there_is_named(string path, int status, string code, string field)
    {
        string topic = await server.CreateTopicAsync();
        Assert.Equal((status, code, field), (await server.CallAsync("GET", topic + path)).Problem);
    }

    [Fact]
    public async Task A_call_on_a_topic_that_is_not_there_names_it_and_its_namespace()
    {
        Answer answer = await server.CallAsync("POST", "/v1/topics/nobody/records", """{"records":[{"body":"x"}]}""", ("Messaging-Namespace", "elsewhere"));

        Assert.Equal((404, "topicNotFound", null), answer.Problem);
        Assert.Contains("\"elsewhere\"", answer.Json["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whatever_is_published_is_fetched_as_it_was()
    {
        string topic = await server.CreateTopicAsync();
        var random = new Random(44);
        JsonObject[] published = [.. Enumerable.Range(0, 500).Select(_ => AnyRecord(random))];
        string call = new JsonObject { ["records"] = new JsonArray([.. published.Select(record => record.DeepClone())]) }.ToJsonString();
        Assert.Equal(200, (await server.CallAsync("POST", topic + "/records", call)).Status);

        JsonArray fetched = (await server.CallAsync("GET", topic + Partition + "?encoding=base64&limit=1000")).Json["records"]!.AsArray();
        Assert.Equal(published.Length, fetched.Count);
        for (int index = 0; index < published.Length; index++)
        {
            fetched[index]!.AsObject().Remove("offset");
            Assert.True(JsonNode.DeepEquals(published[index], fetched[index]), $"Record {index}: {published[index].ToJsonString()} became {fetched[index]!.ToJsonString()}");
        }
    }

    [Fact]
    public async Task Large_pages_end_early_and_each_makes_progress()
    {
        string topic = await server.CreateTopicAsync("""{"maxMessageBytes":16777216}""");
        // Six bytes of JSON for each.
        byte[] controls = new byte[4 * 1024 * 1024];
        for (int record = 0; record < 3; record++)
            Assert.Equal(200, (await server.CallAsync("POST", topic + "/records/raw", new ByteArrayContent(controls))).Status);

        for (int offset = 0; offset < 3; offset++)
        {
            JsonNode page = (await server.CallAsync("GET", $"{topic}{Partition}?maxBytes=16777216&offset={offset}")).Json;
            Assert.Equal([offset], Offsets(page));
            Assert.Equal(offset + 1, page["nextOffset"]!.GetValue<int>());
        }
    }

    // As a fetch in base64 shows it, a tombstone included.
    private static JsonObject AnyRecord(Random random)
    {
        var record = new JsonObject();
        if (random.Next(3) > 0)
            record["keyBase64"] = AnyBytes(random);
        if (random.Next(4) == 0)
            record["body"] = null;
        else
            record["bodyBase64"] = AnyBytes(random);
        if (random.Next(2) == 0)
            record["contentType"] = "text/plain; charset=utf-8";
        record["headers"] = new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => AnyHeader(random))]);
        record["timestamp"] = DateTimeOffset.FromUnixTimeMilliseconds(random.NextInt64(253_402_300_799_999)).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        return record;
    }

    private static JsonObject AnyHeader(Random random)
    {
        var header = new JsonObject { ["name"] = new string((char)random.Next('a', 0xD7FF), random.Next(20)) };
        if (random.Next(4) == 0)
            header["value"] = null;
        else
            header["valueBase64"] = AnyBytes(random);
        return header;
    }

    private static string AnyBytes(Random random)
    {
        byte[] bytes = new byte[random.Next(40)];
        random.NextBytes(bytes);
        return Convert.ToBase64String(bytes);
    }

    private static (int Next, int High, int Stable, int Low) Ends(JsonNode page) =>
        (page["nextOffset"]!.GetValue<int>(), page["highWatermark"]!.GetValue<int>(), page["lastStableOffset"]!.GetValue<int>(), page["lowOffset"]!.GetValue<int>());

    private static IEnumerable<int> Offsets(JsonNode page) => page["records"]!.AsArray().Select(record => record!["offset"]!.GetValue<int>());

    private static string WithoutTime(JsonNode record)
    {
        Assert.True(record.AsObject().Remove("timestamp"));
        return record.ToJsonString(Relaxed);
    }

    private static (string, string)? Failure(JsonNode? result) =>
        result!["error"] is { } error ? (error["code"]!.GetValue<string>(), error["field"]!.GetValue<string>()) : null;

    private Task PublishAsync(string topic, int count) =>
        server.CallAsync("POST", topic + "/records", $$"""{"records":[{{string.Join(',', Enumerable.Range(0, count).Select(index => $$"""{"body":"{{index}}"}"""))}}]}""");
}
