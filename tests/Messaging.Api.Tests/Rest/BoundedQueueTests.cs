using System.Text.Json.Nodes;
using Messaging.Api.Tests.Hosting;
using Messaging.TestKit;

namespace Messaging.Api.Tests.Rest;

/// <summary>What bounds a queue, on the wire: messages that expire by their senders' word, and a queue's maxMessages.</summary>
public sealed class BoundedQueueTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A_message_tells_when_it_expires_and_is_gone_then()
    {
        // By its own clock, which stands still while the calls take their time.
        var time = new ManualTimeProvider();
        await using var server = new RunningServer(time);
        await server.InitializeAsync();
        string queue = await server.CreateQueueAsync();
        Answer sent = await server.CallAsync("POST", queue + "/messages", """{"messages":[{"body":"long","expiresInSeconds":31536000},{"body":"short","expiresInSeconds":1,"delaySeconds":600}]}""");
        Assert.Equal(200, sent.Status);
        await server.CallAsync("POST", queue + "/messages/raw", new ByteArrayContent([1]), ("Message-Expires-In-Seconds", "1"));
        JsonNode shown = (await server.CallAsync("GET", $"{queue}/messages/{sent.Json["results"]![0]!["id"]}")).Json;
        Assert.Equal(TimeSpan.FromSeconds(31_536_000), Time(shown, "expiresAt") - Time(shown, "sentAt"));
        JsonNode received = (await server.CallAsync("POST", queue + "/receive", "{}")).Json["messages"]![0]!;
        Assert.Equal(shown["expiresAt"]!.GetValue<string>(), received["expiresAt"]!.GetValue<string>());

        time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal((1, 1, 1), await server.CountsAsync(queue));
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal((0, 1, 0), await server.CountsAsync(queue));
        Assert.Equal((404, "messageNotFound", null), (await server.CallAsync("GET", $"{queue}/messages/{sent.Json["results"]![1]!["id"]}")).Problem);
        Assert.Single((await server.CallAsync("GET", queue + "/messages")).Json["messages"]!.AsArray());
        Assert.Equal("""{"messages":[]}""", (await server.CallAsync("POST", queue + "/receive", "{}")).Body);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("31536001")]
    [InlineData("1.5")]
    [InlineData("")]
    public async Task A_time_out_of_its_range_is_refused_in_a_body_and_in_a_header(string seconds)
    {
        string queue = await server.CreateQueueAsync();
        string json = seconds.Length == 0 ? "\"\"" : seconds;
        Answer sent = await server.CallAsync("POST", queue + "/messages", $$"""{"messages":[{"body":"a","expiresInSeconds":{{json}}}]}""");
        Assert.Equal((400, "invalidValue", "messages[0].expiresInSeconds"), sent.Problem);
        sent = await server.CallAsync("POST", queue + "/messages/raw", new ByteArrayContent([1]), ("Message-Expires-In-Seconds", seconds));
        Assert.Equal((400, "invalidValue", "Message-Expires-In-Seconds"), sent.Problem);
        Assert.Equal((0, 0, 0), await server.CountsAsync(queue));
    }

    [Fact]
    public async Task A_full_queue_refuses_entry_by_entry_and_takes_again_when_there_is_room()
    {
        string queue = await server.CreateQueueAsync("""{"maxMessages":2}""");
        Answer sent = await server.CallAsync("POST", queue + "/messages", """{"messages":[{"body":"a"},{"oops":1},{"body":"b"},{"body":"c"}]}""");
        Assert.Equal(207, sent.Status);
        Assert.Equal(
            [null, ("unknownField", "messages[1].oops"), null, ("queueFull", "messages[3]")],
            sent.Json["results"]!.AsArray().Select(Failure));

        Answer refused = await server.CallAsync("POST", queue + "/messages", """{"messages":[{"body":"d"},{"body":"e"}]}""");
        Assert.Equal((429, "queueFull", "messages[0]"), refused.Problem);
        Assert.Equal("1", refused.Response.Headers.RetryAfter!.ToString());
        refused = await server.CallAsync("POST", queue + "/messages/raw", new ByteArrayContent([1]));
        Assert.Equal((429, "queueFull", null), refused.Problem);
        Assert.Equal("1", refused.Response.Headers.RetryAfter!.ToString());

        Assert.Equal(200, (await server.CallAsync("PATCH", queue, """{"maxMessages":1}""")).Status);
        Assert.Equal((2, 0, 0), await server.CountsAsync(queue));
        Assert.Equal(200, (await server.CallAsync("PATCH", queue, """{"maxMessages":null}""")).Status);
        Assert.Equal(200, (await server.CallAsync("POST", queue + "/messages", """{"messages":[{"body":"f"}]}""")).Status);
        Assert.Equal((3, 0, 0), await server.CountsAsync(queue));
    }

    private static DateTimeOffset Time(JsonNode node, string field) => DateTimeOffset.Parse(node[field]!.GetValue<string>());

    private static (string, string)? Failure(JsonNode? result) =>
        result!["error"] is { } error ? (error["code"]!.GetValue<string>(), error["field"]!.GetValue<string>()) : null;
}
