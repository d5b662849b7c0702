using System.Text.Json.Nodes;
using Messaging.Api.Tests.Hosting;

namespace Messaging.Api.Tests.Rest;

public sealed class OperationsTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A_redrive_moves_dead_letters_back_and_tells_how_far_it_is()
    {
        (string queue, string dead) = await RejectAsync("a", "b");
        Answer started = await server.CallAsync("POST", dead + "/redrive", """{"messagesPerSecond":1000,"filter":{"reason":"rejected","attributes":{"n":["a"]}}}""");
        string path = started.Response.Headers.Location!.OriginalString;
        Assert.Equal((202, "/v1/operations/" + Text(started.Json, "id")), (started.Status, path));
        Assert.Equal(("redrive", Name(dead), "running"), (Text(started.Json, "kind"), Text(started.Json, "queue"), Text(started.Json, "status")));
        JsonNode done = await EndAsync(path);
        Assert.Equal(("completed", 1, 1, 0, 2), (Text(done, "status"), Number(done, "moved"), Number(done, "skipped"), Number(done, "failed"), Number(done, "approximateTotal")));
        JsonNode back = (await server.CallAsync("POST", queue + "/receive", "{}")).Json["messages"]![0]!;
        Assert.Equal(("a", 1, "rejected"), (Text(back, "body"), Number(back, "receiveCount"), Text(back["origin"]!, "reason")));
        Assert.NotEqual(Text(back, "id"), Text(back["origin"]!, "id"));
        Assert.Equal((1, 0, 0), await server.CountsAsync(dead));
        Assert.Equal(Text(done, "id"), Text((await server.CallAsync("GET", "/v1/operations?pageSize=1")).Json["operations"]![0]!, "id"));
        Assert.Equal(204, (await server.CallAsync("DELETE", path)).Status);
    }

    [Fact]
    public async Task One_redrive_of_a_queue_goes_on_at_a_time_until_it_is_cancelled()
    {
        (_, string dead) = await RejectAsync("a", "b", "c", "d", "e");
        string path = (await server.CallAsync("POST", dead + "/redrive", """{"messagesPerSecond":1}""")).Response.Headers.Location!.OriginalString;
        Assert.Equal((409, "redriveRunning", null), (await server.CallAsync("POST", dead + "/redrive", "{}")).Problem);
        Answer cancelled = await server.CallAsync("DELETE", path);
        Assert.Equal((202, "cancelling"), (cancelled.Status, Text(cancelled.Json, "status")));
        JsonNode done = await EndAsync(path);
        Assert.Equal("cancelled", Text(done, "status"));
        Assert.Equal(5 - Number(done, "moved"), (await server.CountsAsync(dead)).Ready);
    }

    [Fact]
    public async Task Without_a_body_everything_goes_back()
    {
        (string queue, string dead) = await RejectAsync("a");
        Answer started = await server.CallAsync("POST", dead + "/redrive");
        await EndAsync(started.Response.Headers.Location!.OriginalString);
        Assert.Equal((1, 0, 0), await server.CountsAsync(queue));
    }

    [Theory]
    [InlineData("""{"destination":"nobody"}""", 404, "queueNotFound", "destination")]
    [InlineData("""{"destination":""}""", 400, "invalidName", "destination")]
    [InlineData("""{"messagesPerSecond":0}""", 400, "invalidValue", "messagesPerSecond")]
    [InlineData("""{"messagesPerSecond":100001}""", 400, "invalidValue", "messagesPerSecond")]
    [InlineData("""{"filter":[]}""", 400, "invalidValue", "filter")]
    [InlineData("""{"filter":{"reason":"tired"}}""", 400, "invalidValue", "filter.reason")]
    [InlineData("""{"filter":{"origin":"\n"}}""", 400, "invalidName", "filter.origin")]
    [InlineData("""{"filter":{"sentAfter":"yesterday"}}""", 400, "invalidValue", "filter.sentAfter")]
    [InlineData("""{"filter":{"sentBefore":7}}""", 400, "invalidValue", "filter.sentBefore")]
    [InlineData("""{"filter":{"attributes":{"a":"b"}}}""", 400, "invalidValue", "filter.attributes.a")]
    [InlineData("""{"filter":{"attributes":{"a":[]}}}""", 400, "invalidValue", "filter.attributes.a")]
    [InlineData("""{"filter":{"attributes":{"a":["1"],"a":["2"]}}}""", 400, "duplicateField", "filter.attributes.a")]
    [InlineData("""{"filter":{"color":"red"}}""", 400, "unknownField", "filter.color")]
    [InlineData("""{"more":1}""", 400, "unknownField", "more")]
    [InlineData("""[]""", 400, "invalidValue", null)]
    public async Task What_is_wrong_with_a_redrive_is_said_at_its_place(string json, int status, string code, string? field)
    {
        string queue = await server.CreateQueueAsync();
        Assert.Equal((status, code, field), (await server.CallAsync("POST", queue + "/redrive", json)).Problem);
    }

    [Fact]
    public async Task What_is_no_operation_is_not_found()
    {
        foreach (string id in new[] { "7", "00000000-0000-0000-0000-000000000000", new string('x', 300), "%C3%A4%2F" })
        {
            foreach (string method in new[] { "GET", "DELETE" })
                Assert.Equal((404, "operationNotFound", null), (await server.CallAsync(method, "/v1/operations/" + id)).Problem);
        }

        Assert.Equal((400, "invalidValue", "pageToken"), (await server.CallAsync("GET", "/v1/operations?pageToken=x")).Problem);
        Assert.Equal((400, "invalidValue", "pageSize"), (await server.CallAsync("GET", "/v1/operations?pageSize=1001")).Problem);
        Assert.Equal((400, "unknownField", "prefix"), (await server.CallAsync("GET", "/v1/operations?prefix=a")).Problem);
    }

    [Fact]
    public async Task Another_namespace_does_not_see_an_operation()
    {
        (_, string dead) = await RejectAsync("a");
        string path = (await server.CallAsync("POST", dead + "/redrive", "{}")).Response.Headers.Location!.OriginalString;
        Assert.Equal((404, "operationNotFound", null), (await server.CallAsync("GET", path, null as string, ("Messaging-Namespace", "blue"))).Problem);
        Assert.Empty((await server.CallAsync("GET", "/v1/operations", null as string, ("Messaging-Namespace", "blue"))).Json["operations"]!.AsArray());
    }

    private static string Name(string path) => path.Split('/')[^1];

    private static string Text(JsonNode node, string name) => node[name]!.GetValue<string>();

    private static int Number(JsonNode node, string name) => node[name]!.GetValue<int>();

    // A queue and its dead-letter queue with these messages, rejected.
    private async Task<(string Queue, string Dead)> RejectAsync(params string[] bodies)
    {
        string dead = await server.CreateQueueAsync();
        string queue = await server.CreateQueueAsync($$"""{"deadLetter":{"queue":"{{Name(dead)}}","maxReceives":5} }""");
        string messages = string.Join(',', bodies.Select(body => $$$$"""{"body":"{{{{body}}}}","attributes":{"n":{"type":"string","value":"{{{{body}}}}"}}}"""));
        Assert.Equal(200, (await server.CallAsync("POST", queue + "/messages", $$"""{"messages":[{{messages}}]}""")).Status);
        Answer received = await server.CallAsync("POST", queue + "/receive", """{"max":100}""");
        string entries = string.Join(',', received.Json["messages"]!.AsArray().Select(message => $$"""{"receipt":"{{Text(message!, "receipt")}}"}"""));
        Assert.Equal(200, (await server.CallAsync("POST", queue + "/reject", $$"""{"entries":[{{entries}}]}""")).Status);
        return (queue, dead);
    }

    private async Task<JsonNode> EndAsync(string path)
    {
        while (true)
        {
            JsonNode now = (await server.CallAsync("GET", path)).Json;
            if (now["endedAt"] is not null)
                return now;
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
        }
    }
}
