using Messaging.Api.Tests.Hosting;

namespace Messaging.Api.Tests.Rest;

/// <summary>What is told of a topic's partitions, and deleting their oldest records.</summary>
public sealed class PartitionsTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task Each_partition_says_where_it_begins_and_ends()
    {
        string topic = await server.CreateTopicAsync("""{"partitions":2}""");
        await server.CallAsync("POST", topic + "/partitions/1/records", """{"records":[{"body":"a"},{"body":"b"}]}""");

        var partitions = (await server.CallAsync("GET", topic + "/partitions")).Json["partitions"]!.AsArray();
        Assert.Equal("""{"partition":0,"lowOffset":0,"highWatermark":0,"lastStableOffset":0,"bytes":0}""", partitions[0]!.ToJsonString());
        Assert.StartsWith("""{"partition":1,"lowOffset":0,"highWatermark":2,"lastStableOffset":2,"bytes":""", partitions[1]!.ToJsonString(), StringComparison.Ordinal);
        Assert.True(partitions[1]!["bytes"]!.GetValue<long>() > 0);
    }

    [Fact]
    public async Task Ten_thousand_partitions_are_one_answer()
    {
        string topic = await server.CreateTopicAsync("""{"partitions":10000}""");

        Assert.Equal(10_000, (await server.CallAsync("GET", topic + "/partitions")).Json["partitions"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("", """{"offsets":[{"partition":0,"offset":2},{"partition":1,"offset":0}]}""")]
    [InlineData("?at=latest", """{"offsets":[{"partition":0,"offset":2},{"partition":1,"offset":0}]}""")]
    [InlineData("?at=earliest&partition=0", """{"offsets":[{"partition":0,"offset":0}]}""")]
    [InlineData("?at=2026-01-01T12:00:00%2B00:00&partition=0", """{"offsets":[{"partition":0,"offset":1,"timestamp":"2026-01-02T00:00:00.000Z"}]}""")]
    [InlineData("?at=1969-12-31T23:59:59.999Z", """{"offsets":[{"partition":0,"offset":0,"timestamp":"2026-01-01T00:00:00.000Z"},{"partition":1,"offset":0}]}""")]
    [InlineData("?at=2027-01-01T00:00:00Z&partition=0", """{"offsets":[{"partition":0,"offset":2}]}""")]
    public async Task Offsets_are_found_by_end_and_by_time(string query, string found)
    {
        string topic = await server.CreateTopicAsync("""{"partitions":2,"retentionSeconds":null}""");
        await server.CallAsync("POST", topic + "/partitions/0/records", """{"records":[{"body":"a","timestamp":"2026-01-01T00:00:00Z"},{"body":"b","timestamp":"2026-01-02T00:00:00Z"}]}""");

        Assert.Equal(found, (await server.CallAsync("GET", topic + "/offsets" + query)).Body);
    }

    [Fact]
    public async Task Records_below_an_offset_are_deleted_and_the_others_keep_theirs()
    {
        string topic = await server.CreateTopicAsync();
        await server.CallAsync("POST", topic + "/records", """{"records":[{"body":"a"},{"body":"b"},{"body":"c"}]}""");

        Answer deleted = await server.CallAsync("DELETE", topic + "/partitions/0/records?before=2");
        Assert.Equal((200, """{"partition":0,"lowOffset":2,"highWatermark":3,"lastStableOffset":3}"""), (deleted.Status, deleted.Body));
        Answer fetched = await server.CallAsync("GET", topic + "/partitions/0/records");
        Assert.Equal((2, 1), (fetched.Json["records"]![0]!["offset"]!.GetValue<int>(), fetched.Json["records"]!.AsArray().Count));
        Assert.Equal((416, "offsetOutOfRange", "offset"), (await server.CallAsync("GET", topic + "/partitions/0/records?offset=1")).Problem);

        Answer all = await server.CallAsync("DELETE", topic + "/partitions/0/records?before=latest");
        Assert.Equal("""{"partition":0,"lowOffset":3,"highWatermark":3,"lastStableOffset":3}""", all.Body);
    }

    [Theory]
    [InlineData("GET", "/partitions?pageSize=1", 400, "unknownField", "pageSize")]
    [InlineData("GET", "/offsets?at=now", 400, "invalidValue", "at")]
    [InlineData("GET", "/offsets?at=-1", 400, "invalidValue", "at")]
    [InlineData("GET", "/offsets?partition=x", 400, "invalidValue", "partition")]
    [InlineData("GET", "/offsets?partition=1", 404, "partitionNotFound", "partition")]
    [InlineData("GET", "/offsets?time=1", 400, "unknownField", "time")]
    [InlineData("DELETE", "/partitions/0/records", 400, "missingField", "before")]
    [InlineData("DELETE", "/partitions/0/records?before=earliest", 400, "invalidValue", "before")]
    [InlineData("DELETE", "/partitions/0/records?before=-1", 400, "invalidValue", "before")]
    [InlineData("DELETE", "/partitions/0/records?before=1", 416, "offsetOutOfRange", "before")]
    [InlineData("DELETE", "/partitions/1/records?before=latest", 404, "partitionNotFound", "partition")]
    public async Task A_wrong_call_has_its_exact_problem(string method, string path, int status, string code, string field)
    {
        string topic = await server.CreateTopicAsync();
        Assert.Equal((status, code, field), (await server.CallAsync(method, topic + path)).Problem);
    }

    [Theory]
    [InlineData("GET", "/partitions")]
    [InlineData("GET", "/offsets")]
    [InlineData("GET", "/partitions/0/records")]
    [InlineData("DELETE", "/partitions/0/records?before=latest")]
    public async Task A_topic_that_does_not_exist_is_named_as_missing(string method, string path) =>
        Assert.Equal((404, "topicNotFound", null), (await server.CallAsync(method, "/v1/topics/nobody" + path)).Problem);
}
