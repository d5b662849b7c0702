using System.Text.Json.Nodes;
using Messaging.Api.Tests.Hosting;

namespace Messaging.Api.Tests.Rest;

/// <summary>Definitions of topics over REST.</summary>
public sealed class TopicsTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A_topic_is_created_changed_read_and_deleted()
    {
        string topic = await server.CreateTopicAsync("""{"partitions":2,"tags":{"a":"1","b":"2"}}""");
        JsonNode found = (await server.CallAsync("GET", topic)).Json;
        Assert.Equal((2, 604800, "delete"), (found["partitions"]!.GetValue<int>(), found["retentionSeconds"]!.GetValue<int>(), found["cleanup"]!.GetValue<string>()));
        Assert.Equal("default", found["namespace"]!.GetValue<string>());
        Assert.Null(found["retentionBytes"]);
        Assert.NotEqual(Guid.Empty, found["id"]!.GetValue<Guid>());

        Answer patched = await server.CallAsync("PATCH", topic, """{"partitions":3,"retentionSeconds":null,"retentionBytes":1000000,"tags":{"a":null}}""");
        Assert.Equal(200, patched.Status);
        Assert.Equal((3, 1000000, """{"b":"2"}"""), (patched.Json["partitions"]!.GetValue<int>(), patched.Json["retentionBytes"]!.GetValue<int>(), patched.Json["tags"]!.ToJsonString()));
        Assert.Null(patched.Json["retentionSeconds"]);

        Assert.Equal((409, "immutable", "partitions"), (await server.CallAsync("PUT", topic)).Problem);
        Answer put = await server.CallAsync("PUT", topic, """{"partitions":3}""");
        Assert.Equal((200, 604800), (put.Status, put.Json["retentionSeconds"]!.GetValue<int>()));

        Assert.Equal(204, (await server.CallAsync("DELETE", topic)).Status);
        Assert.Equal((404, "topicNotFound", null), (await server.CallAsync("GET", topic)).Problem);
        Assert.Equal((404, "topicNotFound", null), (await server.CallAsync("DELETE", topic)).Problem);
        Assert.Equal((404, "topicNotFound", null), (await server.CallAsync("PATCH", topic, "{}")).Problem);
    }

    [Fact]
    public async Task A_definition_is_guarded_by_its_version()
    {
        string topic = await server.CreateTopicAsync();
        string version = (await server.CallAsync("GET", topic)).Response.Headers.ETag!.Tag;

        Assert.Equal((412, "preconditionFailed", null), (await server.CallAsync("PUT", topic, "{}", ("If-None-Match", "*"))).Problem);
        Assert.Equal(200, (await server.CallAsync("PATCH", topic, """{"partitions":2}""", ("If-Match", version))).Status);
        Assert.Equal((412, "preconditionFailed", null), (await server.CallAsync("PATCH", topic, """{"partitions":3}""", ("If-Match", version))).Problem);
        Assert.Equal((412, "preconditionFailed", null), (await server.CallAsync("DELETE", topic, headers: ("If-Match", version))).Problem);
        Assert.Equal((412, "preconditionFailed", null), (await server.CallAsync("PUT", "/v1/topics/nobody", "{}", ("If-Match", "*"))).Problem);
        Assert.Equal(204, (await server.CallAsync("DELETE", topic, headers: ("If-Match", "*"))).Status);
    }

    [Fact]
    public async Task Topics_are_listed_in_order_a_page_at_a_time()
    {
        (string Name, string Value) space = ("Messaging-Namespace", "listed");
        foreach (string name in new[] { "b", "a", "b2", "c" })
            Assert.Equal(201, (await server.CallAsync("PUT", "/v1/topics/" + name, "{}", space)).Status);

        JsonNode first = (await server.CallAsync("GET", "/v1/topics?pageSize=3", headers: space)).Json;
        Assert.Equal(["a", "b", "b2"], Names(first));
        JsonNode second = (await server.CallAsync("GET", "/v1/topics?pageSize=3&pageToken=" + first["nextPageToken"], headers: space)).Json;
        Assert.Equal(["c"], Names(second));
        Assert.Null(second["nextPageToken"]);
        Assert.Equal(["b", "b2"], Names((await server.CallAsync("GET", "/v1/topics?prefix=b", headers: space)).Json));
        Assert.Empty(Names((await server.CallAsync("GET", "/v1/topics?prefix=b", headers: ("Messaging-Namespace", "another"))).Json));
    }

    [Fact]
    public async Task A_topic_and_a_queue_may_have_the_same_name()
    {
        Assert.Equal(201, (await server.CallAsync("PUT", "/v1/topics/same")).Status);
        Assert.Equal(201, (await server.CallAsync("PUT", "/v1/queues/same")).Status);
        Assert.Equal(204, (await server.CallAsync("DELETE", "/v1/queues/same")).Status);
        Assert.Equal(200, (await server.CallAsync("GET", "/v1/topics/same")).Status);
    }

    [Theory]
    [InlineData("a%2Fb", "a/b")]
    [InlineData("a%252Fb", "a%2Fb")]
    [InlineData("%C3%A4%20%F0%9F%98%80", "ä 😀")]
    public async Task A_name_is_the_path_decoded_once(string path, string name)
    {
        Answer put = await server.CallAsync("PUT", "/v1/topics/" + path);

        Assert.Equal((201, name), (put.Status, put.Json["name"]!.GetValue<string>()));
        Assert.Equal(200, (await server.CallAsync("GET", put.Response.Headers.Location!.OriginalString)).Status);
    }

    [Theory]
    [InlineData("PUT", "/v1/topics/%FF", null, 400, "invalidName", "topic")]
    [InlineData("PUT", "/v1/topics/%2E%2E", null, 400, "invalidName", "topic")]
    [InlineData("PUT", "/v1/topics/a%0Ab", null, 400, "invalidName", "topic")]
    [InlineData("PUT", "/v1/topics/x?dryRun=true", null, 400, "unknownField", "dryRun")]
    [InlineData("PUT", "/v1/topics/x", """{"partitions":0}""", 400, "invalidValue", "partitions")]
    [InlineData("PUT", "/v1/topics/x", """{"type":"fifo","partitions":2}""", 400, "invalidValue", "partitions")]
    [InlineData("PUT", "/v1/topics/x", """{"type":"fifo","deduplication":{"scope":"queue"}}""", 400, "invalidValue", "deduplication.scope")]
    [InlineData("PUT", "/v1/topics/x", """{"deduplication":{}}""", 400, "invalidValue", "deduplication")]
    [InlineData("PUT", "/v1/topics/x", """{"leaseSeconds":30}""", 400, "unknownField", "leaseSeconds")]
    [InlineData("PUT", "/v1/topics/x", "{", 400, "malformedJson", null)]
    [InlineData("GET", "/v1/topics?pageSize=0", null, 400, "invalidValue", "pageSize")]
    [InlineData("GET", "/v1/topics?pageSize=1001", null, 400, "invalidValue", "pageSize")]
    [InlineData("GET", "/v1/topics?pagesize=1", null, 400, "unknownField", "pagesize")]
    [InlineData("GET", "/v1/topics?prefix=a&prefix=b", null, 400, "duplicateField", "prefix")]
    [InlineData("GET", "/v1/topics?pageToken=!", null, 400, "invalidValue", "pageToken")]
    public async Task A_wrong_call_has_its_exact_problem(string method, string path, string? json, int status, string code, string? field)
    {
        Assert.Equal((status, code, field), (await server.CallAsync(method, path, json)).Problem);
        Assert.Equal(404, (await server.CallAsync("GET", "/v1/topics/x")).Status);
    }

    [Fact]
    public async Task A_body_that_is_not_JSON_is_answered_with_the_command_that_works()
    {
        Answer answer = await server.CallAsync("PUT", "/v1/topics/x", new StringContent("{}"));

        Assert.Equal((415, "unsupportedMediaType", "Content-Type"), answer.Problem);
        Assert.Contains("-H 'Content-Type: application/json' -d '{\"partitions\":3}'", answer.Json["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    private static string[] Names(JsonNode list) => [.. list["topics"]!.AsArray().Select(topic => topic!["name"]!.GetValue<string>())];
}
