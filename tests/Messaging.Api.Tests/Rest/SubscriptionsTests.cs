using System.Text.Json.Nodes;
using Messaging.Api.Tests.Hosting;

namespace Messaging.Api.Tests.Rest;

/// <summary>Definitions of subscriptions over REST.</summary>
public sealed class SubscriptionsTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A_subscription_is_created_changed_read_and_deleted()
    {
        (string topic, string queue) = await CreateAsync();
        string path = topic + "/subscriptions/s";
        Answer put = await server.CallAsync("PUT", path, $$$"""{"target":{"queue":"{{{queue}}}"},"filter":{"policy":{ "a" : ["ü"] }},"tags":{"a":"1","b":"2"}}""");

        Assert.Equal((201, path), (put.Status, put.Response.Headers.Location!.OriginalString));
        JsonObject found = (await server.CallAsync("GET", path)).Json.AsObject();
        Assert.Equal(
            $$$"""{"name":"s","target":{"queue":"{{{queue}}}"},"filter":{"scope":"attributes","policy":{"a":["ü"]}},"raw":true,"startAt":"now","tags":{"a":"1","b":"2"},"paused":false,"createdAt":"","modifiedAt":""}""",
            Timeless(found));

        Answer patched = await server.CallAsync("PATCH", path, $$$"""{"filter":{"scope":"body"},"raw":false,"deadLetter":{"queue":"{{{queue}}}"},"tags":{"a":null}}""");
        Assert.Equal(
            $$$"""{"name":"s","target":{"queue":"{{{queue}}}"},"filter":{"scope":"body","policy":{"a":["ü"]}},"raw":false,"deadLetter":{"queue":"{{{queue}}}"},"startAt":"now","tags":{"b":"2"},"paused":false,"createdAt":"","modifiedAt":""}""",
            Timeless(patched.Json.AsObject()));
        Assert.Equal((409, "immutable", "startAt"), (await server.CallAsync("PATCH", path, """{"startAt":"earliest"}""")).Problem);
        Answer replaced = await server.CallAsync("PUT", path, $$$"""{"target":{"queue":"{{{queue}}}"},"startAt":"now"}""");
        Assert.Equal((200, null, true), (replaced.Status, replaced.Json["filter"], replaced.Json["raw"]!.GetValue<bool>()));

        Assert.Equal(204, (await server.CallAsync("DELETE", path)).Status);
        Assert.Equal((404, "subscriptionNotFound", null), (await server.CallAsync("GET", path)).Problem);
        Assert.Equal((404, "subscriptionNotFound", null), (await server.CallAsync("DELETE", path)).Problem);
        Assert.Equal((404, "subscriptionNotFound", null), (await server.CallAsync("PATCH", path, "{}")).Problem);
        Assert.Equal((404, "subscriptionNotFound", null), (await server.CallAsync("POST", path + "/pause")).Problem);
    }

    [Fact]
    public async Task A_definition_is_guarded_by_its_version_and_a_pause_is_no_change_of_it()
    {
        (string topic, string queue) = await CreateAsync();
        string path = topic + "/subscriptions/s";
        string definition = $$$"""{"target":{"queue":"{{{queue}}}"}}""";
        string version = (await server.CallAsync("PUT", path, definition)).Response.Headers.ETag!.Tag;

        Answer paused = await server.CallAsync("POST", path + "/pause");
        Assert.Equal((200, true, version), (paused.Status, paused.Json["paused"]!.GetValue<bool>(), paused.Response.Headers.ETag!.Tag));
        Assert.True((await server.CallAsync("POST", path + "/pause", "{}")).Json["paused"]!.GetValue<bool>());
        Assert.True((await server.CallAsync("PATCH", path, """{"raw":false}""", ("If-Match", version))).Json["paused"]!.GetValue<bool>());
        Assert.False((await server.CallAsync("POST", path + "/resume")).Json["paused"]!.GetValue<bool>());
        Assert.Equal((400, "unknownField", "now"), (await server.CallAsync("POST", path + "/resume", """{"now":true}""")).Problem);

        Assert.Equal((412, "preconditionFailed", null), (await server.CallAsync("PUT", path, definition, ("If-None-Match", "*"))).Problem);
        Assert.Equal((412, "preconditionFailed", null), (await server.CallAsync("PATCH", path, """{"raw":true}""", ("If-Match", version))).Problem);
        Assert.Equal((412, "preconditionFailed", null), (await server.CallAsync("DELETE", path, headers: ("If-Match", version))).Problem);
        Assert.Equal(204, (await server.CallAsync("DELETE", path, headers: ("If-Match", "*"))).Status);
    }

    [Fact]
    public async Task What_a_topic_keeps_is_delivered_again_when_it_is_asked_for()
    {
        (string topic, string queue) = await CreateAsync();
        string path = topic + "/subscriptions/s", replay = path + "/replay", receive = $"/v1/queues/{queue}/receive";
        string version = (await server.CallAsync("PUT", path, $$$"""{"target":{"queue":"{{{queue}}}"}}""")).Response.Headers.ETag!.Tag;
        Assert.Equal((409, "nothingRetained", null), (await server.CallAsync("POST", replay, """{"from":"earliest"}""")).Problem);
        Assert.Equal(200, (await server.CallAsync("POST", topic + "/records", """{"records":[{"body":"a"}]}""")).Status);
        JsonNode first = Assert.Single((await server.CallAsync("POST", receive, """{"waitSeconds":20}""")).Json["messages"]!.AsArray())!;

        Answer started = await server.CallAsync("POST", replay, """{"from":"1970-01-01T00:00:00Z","to":"2999-01-01T00:00:00.5Z"}""");
        Assert.Equal((200, version), (started.Status, started.Response.Headers.ETag!.Tag));
        Assert.Equal(("1970-01-01T00:00:00.000Z", "2999-01-01T00:00:00.500Z"), (started.Json["replay"]!["from"]!.GetValue<string>(), started.Json["replay"]!["to"]!.GetValue<string>()));
        JsonNode again = Assert.Single((await server.CallAsync("POST", receive, """{"waitSeconds":20}""")).Json["messages"]!.AsArray())!;
        Assert.Equal(("a", true, first["publishedId"]!.GetValue<string>()), (again["body"]!.GetValue<string>(), again["replayed"]!.GetValue<bool>(), again["publishedId"]!.GetValue<string>()));
        Assert.Null(first["replayed"]);
        Assert.Equal("completed", (await server.CallAsync("GET", path)).Json["replay"]!["status"]!.GetValue<string>());
        Assert.Null((await server.CallAsync("DELETE", replay)).Json["replay"]);

        Assert.Equal((400, "missingField", "from"), (await server.CallAsync("POST", replay, "{}")).Problem);
        Assert.Equal((400, "invalidValue", "from"), (await server.CallAsync("POST", replay, """{"from":"now"}""")).Problem);
        Assert.Equal((400, "invalidValue", "from"), (await server.CallAsync("POST", replay, """{"from":"soon"}""")).Problem);
        Assert.Equal((400, "invalidValue", "to"), (await server.CallAsync("POST", replay, """{"from":"earliest","to":"1970-01-01T00:00:00Z"}""")).Problem);
        Assert.Equal((400, "unknownField", "at"), (await server.CallAsync("POST", replay, """{"from":"earliest","at":1}""")).Problem);
        Assert.Equal((404, "subscriptionNotFound", null), (await server.CallAsync("POST", topic + "/subscriptions/none/replay", """{"from":"earliest"}""")).Problem);
        Assert.Equal((404, "subscriptionNotFound", null), (await server.CallAsync("DELETE", topic + "/subscriptions/none/replay")).Problem);
    }

    [Fact]
    public async Task What_a_subscription_names_must_be_there()
    {
        (string topic, string queue) = await CreateAsync();
        string path = topic + "/subscriptions/";
        Assert.Equal(201, (await server.CallAsync("PUT", "/v1/queues/fifo", """{"type":"fifo"}""")).Status);
        Assert.Equal(201, (await server.CallAsync("PUT", path + "first", $$$"""{"target":{"queue":"{{{queue}}}"}}""")).Status);

        Assert.Equal((409, "targetInUse", "target"), (await server.CallAsync("PUT", path + "second", $$$"""{"target":{"queue":"{{{queue}}}"}}""")).Problem);
        Assert.Equal((404, "queueNotFound", "target.queue"), (await server.CallAsync("PUT", path + "second", """{"target":{"queue":"none"}}""")).Problem);
        Assert.Equal((400, "invalidValue", "target.queue"), (await server.CallAsync("PUT", path + "second", """{"target":{"queue":"fifo"}}""")).Problem);
        Assert.Equal((404, "queueNotFound", "deadLetter.queue"), (await server.CallAsync("PATCH", path + "first", """{"deadLetter":{"queue":"none"}}""")).Problem);
        Assert.Equal((404, "topicNotFound", null), (await server.CallAsync("PUT", "/v1/topics/none/subscriptions/s", $$$"""{"target":{"queue":"{{{queue}}}"}}""")).Problem);
        Answer elsewhere = await server.CallAsync("GET", path + "first", headers: ("Messaging-Namespace", "blue"));
        Assert.Contains("in the namespace \"blue\"", elsewhere.Json["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(204, (await server.CallAsync("DELETE", "/v1/queues/" + queue)).Status);
        Assert.Equal(200, (await server.CallAsync("PATCH", path + "first", """{"raw":false}""")).Status);
        Assert.Equal(204, (await server.CallAsync("DELETE", topic)).Status);
        Assert.Equal((404, "topicNotFound", null), (await server.CallAsync("GET", path + "first")).Problem);
    }

    [Fact]
    public async Task Subscriptions_are_listed_in_order_a_page_at_a_time()
    {
        (string topic, _) = await CreateAsync();
        string path = topic + "/subscriptions";
        foreach (string name in new[] { "b", "a", "b2", "c" })
        {
            Assert.Equal(201, (await server.CallAsync("PUT", "/v1/queues/listed-" + name)).Status);
            Assert.Equal(201, (await server.CallAsync("PUT", $"{path}/{name}", $$$"""{"target":{"queue":"listed-{{{name}}}"}}""")).Status);
        }

        JsonNode first = (await server.CallAsync("GET", path + "?pageSize=3")).Json;
        Assert.Equal(["a", "b", "b2"], Names(first));
        JsonNode second = (await server.CallAsync("GET", $"{path}?pageSize=3&pageToken={first["nextPageToken"]}")).Json;
        Assert.Equal(["c"], Names(second));
        Assert.Null(second["nextPageToken"]);
        Assert.Equal(["b", "b2"], Names((await server.CallAsync("GET", path + "?prefix=b")).Json));
        Assert.Equal((404, "topicNotFound", null), (await server.CallAsync("GET", "/v1/topics/none/subscriptions")).Problem);
        Assert.Equal((400, "invalidValue", "pageSize"), (await server.CallAsync("GET", path + "?pageSize=0")).Problem);
        Assert.Equal((400, "unknownField", "pagesize"), (await server.CallAsync("GET", path + "?pagesize=1")).Problem);
    }

    [Theory]
    [InlineData("a%2Fb", "a/b")]
    [InlineData("a%252Fb", "a%2Fb")]
    [InlineData("%C3%A4%20%F0%9F%98%80", "ä 😀")]
    public async Task A_name_is_the_path_decoded_once(string path, string name)
    {
        string topic = "/v1/topics/in-" + path;
        Assert.Equal(201, (await server.CallAsync("PUT", topic)).Status);
        string queue = (await server.CreateQueueAsync())["/v1/queues/".Length..];

        Answer put = await server.CallAsync("PUT", $"{topic}/subscriptions/{path}", $$$"""{"target":{"queue":"{{{queue}}}"}}""");

        Assert.Equal((201, name), (put.Status, put.Json["name"]!.GetValue<string>()));
        Assert.Equal(200, (await server.CallAsync("GET", put.Response.Headers.Location!.OriginalString)).Status);
    }

    [Theory]
    [InlineData("PUT", "%FF", null, 400, "invalidName", "subscription")]
    [InlineData("PUT", "%2E%2E", null, 400, "invalidName", "subscription")]
    [InlineData("PUT", "a%0Ab", null, 400, "invalidName", "subscription")]
    [InlineData("PUT", "x?dryRun=true", null, 400, "unknownField", "dryRun")]
    [InlineData("PUT", "x", "{}", 400, "missingField", "target")]
    [InlineData("PUT", "x", """{"target":{"url":"ftp://a"}}""", 400, "invalidValue", "target.url")]
    [InlineData("PUT", "x", """{"target":{"email":"a"}}""", 400, "invalidValue", "target.email")]
    [InlineData("PUT", "x", """{"target":{"function":"f"}}""", 400, "invalidValue", "target.function")]
    [InlineData("PUT", "x", """{"target":{"queue":"q"},"retry":{}}""", 400, "unknownField", "retry")]
    [InlineData("PUT", "x", "{", 400, "malformedJson", null)]
    public async Task A_wrong_call_has_its_exact_problem(string method, string name, string? json, int status, string code, string? field)
    {
        (string topic, _) = await CreateAsync();
        Assert.Equal((status, code, field), (await server.CallAsync(method, $"{topic}/subscriptions/{name}", json)).Problem);
        Assert.Empty(Names((await server.CallAsync("GET", topic + "/subscriptions")).Json));
    }

    private async Task<(string Topic, string Queue)> CreateAsync() => (await server.CreateTopicAsync(), (await server.CreateQueueAsync())["/v1/queues/".Length..]);

    private static string Timeless(JsonObject subscription)
    {
        foreach (string time in (string[])["createdAt", "modifiedAt"]) subscription[time] = "";
        return subscription.ToJsonString(new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    private static string[] Names(JsonNode list) => [.. list["subscriptions"]!.AsArray().Select(subscription => subscription!["name"]!.GetValue<string>())];
}
