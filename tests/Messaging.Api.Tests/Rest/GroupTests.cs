using System.Text.Json.Nodes;
using Messaging.Api.Tests.Hosting;

namespace Messaging.Api.Tests.Rest;

public sealed class GroupTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A_fifo_queue_delivers_a_group_in_order_and_tells_the_sequence()
    {
        string queue = await server.CreateQueueAsync("""{"type":"fifo"}""");
        JsonNode definition = (await server.CallAsync("GET", queue)).Json;
        Assert.Equal(("fifo", """{"contentBased":false,"scope":"queue","windowSeconds":300}"""), ((string)definition["type"]!, definition["deduplication"]!.ToJsonString()));
        Answer sent = await server.CallAsync("POST", queue + "/messages", """{"messages":[{"body":"1","group":"g"},{"body":"2","group":"h"},{"body":"3","group":"g"},{"body":"4"}]}""");
        Assert.Equal(207, sent.Status);
        Assert.Equal(["00000000000000000000", "00000000000000000001", "00000000000000000002", null], sent.Json["results"]!.AsArray().Select(result => (string?)result!["sequence"]));
        Assert.Equal(("invalidValue", "messages[3].group"), Failure(sent.Json["results"]![3]));

        JsonArray messages = (await server.CallAsync("POST", queue + "/receive", """{"max":2}""")).Json["messages"]!.AsArray();
        Assert.Equal([("1", "g", "00000000000000000000"), ("3", "g", "00000000000000000002")], messages.Select(message => ((string)message!["body"]!, (string)message["group"]!, (string)message["sequence"]!)));
        Assert.Equal("2", (string)(await server.CallAsync("POST", queue + "/receive", """{"max":2}""")).Json["messages"]!.AsArray().Single()!["body"]!);
    }

    [Fact]
    public async Task Raw_messages_have_groups_and_priorities_in_headers()
    {
        string queue = await server.CreateQueueAsync("""{"priorities":10}""");
        Assert.Equal(200, (await SendRawAsync(queue, "low")).Status);
        Assert.Equal(200, (await SendRawAsync(queue, "high", ("Message-Group", "g"), ("Message-Priority", "9"))).Status);
        JsonArray messages = (await server.CallAsync("POST", queue + "/receive", """{"max":2}""")).Json["messages"]!.AsArray();
        Assert.Equal([("high", "g", 9), ("low", null, null)], messages.Select(message => ((string)message!["body"]!, (string?)message["group"], (int?)message["priority"])));
    }

    [Fact]
    public async Task A_release_that_says_nothing_waits_by_the_retry_policy()
    {
        string queue = await server.CreateQueueAsync("""{"retry":{"minSeconds":600,"maxSeconds":600}}""");
        await server.CallAsync("POST", queue + "/messages", """{"messages":[{"body":"a"},{"body":"b"}]}""");
        JsonArray messages = (await server.CallAsync("POST", queue + "/receive", """{"max":2}""")).Json["messages"]!.AsArray();
        Answer released = await server.CallAsync("POST", queue + "/release", $$"""{"entries":[{"receipt":"{{messages[0]!["receipt"]}}"},{"receipt":"{{messages[1]!["receipt"]}}","delaySeconds":0}]}""");
        Assert.Equal(200, released.Status);
        Assert.Equal((1, 0, 1), await server.CountsAsync(queue));
    }

    private Task<Answer> SendRawAsync(string queue, string body, params (string, string)[] headers) =>
        server.CallAsync("POST", queue + "/messages/raw", new StringContent(body), headers);

    private static (string, string)? Failure(JsonNode? result) => ((string)result!["error"]!["code"]!, (string)result["error"]!["field"]!);
}
