using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Messaging.Api.Tests.Hosting;

namespace Messaging.Api.Tests.Rest;

public sealed class MessagesTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A_message_is_sent_received_and_acknowledged()
    {
        string queue = await server.CreateQueueAsync();
        Answer sent = await server.CallAsync("POST", queue + "/messages", """
            {"messages":[{"body":"h\u00efho","contentType":"text/plain","traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
              "attributes":{"n":{"type":"number.int","value":"7"},"b":{"type":"binary","valueBase64":"AP8="}}}]}
            """);
        Assert.Equal(200, sent.Status);

        JsonNode message = (await server.CallAsync("POST", queue + "/receive", """{"max":10,"leaseSeconds":60}""")).Json["messages"]!.AsArray().Single()!;
        Assert.Equal(sent.Json["results"]![0]!["id"]!.GetValue<string>(), message["id"]!.GetValue<string>());
        Assert.Equal(("hïho", "text/plain", 1), (message["body"]!.GetValue<string>(), message["contentType"]!.GetValue<string>(), message["receiveCount"]!.GetValue<int>()));
        Assert.Equal("""{"n":{"type":"number.int","value":"7"},"b":{"type":"binary","valueBase64":"AP8="}}""", message["attributes"]!.ToJsonString());
        Assert.Equal((0, 1, 0), await server.CountsAsync(queue));

        Answer done = await server.CallAsync("POST", queue + "/acknowledge", $$"""{"receipts":["{{message["receipt"]}}"]}""");
        Assert.Equal((200, """{"results":[{}]}"""), (done.Status, done.Body));
        Assert.Equal((0, 0, 0), await server.CountsAsync(queue));
    }

    [Fact]
    public async Task Some_entries_that_fail_are_207_and_do_not_touch_the_others()
    {
        string queue = await server.CreateQueueAsync("""{"maxMessageBytes":1024}""");
        Answer sent = await server.CallAsync("POST", queue + "/messages", $$"""{"messages":[{"body":"a"},{"body":"{{new string('x', 2000)}}"},{"oops":1},{"body":"b"}]}""");

        Assert.Equal(207, sent.Status);
        Assert.Equal(
            [null, ("messageTooLarge", "messages[1]"), ("unknownField", "messages[2].oops"), null],
            sent.Json["results"]!.AsArray().Select(Failure));
        Assert.Equal((2, 0, 0), await server.CountsAsync(queue));

        string receipt = (await server.CallAsync("POST", queue + "/receive", "{}")).Json["messages"]![0]!["receipt"]!.GetValue<string>();
        Answer done = await server.CallAsync("POST", queue + "/acknowledge", $$"""{"receipts":["forged","{{receipt}}"]}""");
        Assert.Equal(207, done.Status);
        Assert.Equal([("receiptInvalid", "receipts[0]"), null], done.Json["results"]!.AsArray().Select(Failure));
    }

    [Fact]
    public async Task When_all_fail_the_first_one_is_the_problem_and_the_results_are_with_it()
    {
        string queue = await server.CreateQueueAsync();
        Answer sent = await server.CallAsync("POST", queue + "/messages", """{"messages":[{"body":1},{"body":2}]}""");

        Assert.Equal((400, "invalidValue", "messages[0].body"), sent.Problem);
        Assert.Equal([("invalidValue", "messages[0].body"), ("invalidValue", "messages[1].body")], sent.Json["results"]!.AsArray().Select(Failure));
    }

    [Fact]
    public async Task Extend_and_release_move_the_lease()
    {
        string queue = await server.CreateQueueAsync();
        string receipt = await server.SendAndReceiveAsync(queue);

        Assert.Equal(200, (await server.CallAsync("POST", queue + "/extend", $$"""{"entries":[{"receipt":"{{receipt}}","leaseSeconds":600}]}""")).Status);
        Assert.Equal((0, 1, 0), await server.CountsAsync(queue));
        Assert.Equal(200, (await server.CallAsync("POST", queue + "/release", $$"""{"entries":[{"receipt":"{{receipt}}","delaySeconds":600}]}""")).Status);
        Assert.Equal((0, 0, 1), await server.CountsAsync(queue));
    }

    [Fact]
    public async Task A_receive_under_the_same_attempt_id_gets_the_same_messages()
    {
        string queue = await server.CreateQueueAsync();
        await server.CallAsync("POST", queue + "/messages", """{"messages":[{"body":"a"},{"body":"b"},{"body":"c"}]}""");
        const string Request = """{"max":2,"attemptId":"größe 1"}""";
        JsonArray first = (await server.CallAsync("POST", queue + "/receive", Request)).Json["messages"]!.AsArray();
        JsonArray again = (await server.CallAsync("POST", queue + "/receive", Request)).Json["messages"]!.AsArray();

        Assert.Equal(2, first.Count);
        Assert.Equal(first.Select(message => message!["receipt"]!.GetValue<string>()), again.Select(message => message!["receipt"]!.GetValue<string>()));
        Assert.Equal((1, 2, 0), await server.CountsAsync(queue));
    }

    [Fact]
    public async Task A_message_can_wait()
    {
        string queue = await server.CreateQueueAsync();
        await server.CallAsync("POST", queue + "/messages", """{"messages":[{"body":"a","delaySeconds":600},{"body":"b"}]}""");

        Assert.Equal((1, 0, 1), await server.CountsAsync(queue));
    }

    [Theory]
    [InlineData("auto", "text", """{"body":"text"}""")]
    [InlineData("auto", "AP8=", """{"bodyBase64":"AP8="}""")]
    [InlineData("base64", "text", """{"bodyBase64":"dGV4dA=="}""")]
    [InlineData("text", "AP8=", """{"body":"\u0000\uFFFD"}""")]
    public async Task The_reader_chooses_how_bytes_are_shown(string encoding, string body, string shown)
    {
        string queue = await server.CreateQueueAsync();
        string field = body.EndsWith('=') ? "bodyBase64" : "body";
        await server.CallAsync("POST", queue + "/messages", $$"""{"messages":[{"{{field}}":"{{body}}"}]}""");

        JsonObject message = (await server.CallAsync("POST", queue + "/receive?encoding=" + encoding, "{}")).Json["messages"]![0]!.AsObject();

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(shown), new JsonObject(message.Where(member => member.Key.StartsWith("body", StringComparison.Ordinal)).Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())))));
    }

    [Fact]
    public async Task Raw_bytes_come_back_as_they_were()
    {
        string queue = await server.CreateQueueAsync("""{"maxMessageBytes":300000}""");
        foreach (int length in (int[])[0, 1, 4_096, 200_000])
        {
            byte[] bytes = new byte[length];
            new Random(length).NextBytes(bytes);
            var content = new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("image/png") } };

            Answer sent = await server.CallAsync("POST", queue + "/messages/raw", content, ("Message-Attributes", """{"k":{"type":"string","value":"\u00e4"}}"""));
            JsonNode message = (await server.CallAsync("POST", queue + "/receive?encoding=base64")).Json["messages"]![0]!;

            Assert.Equal(sent.Json["id"]!.GetValue<string>(), message["id"]!.GetValue<string>());
            Assert.Equal(bytes, Convert.FromBase64String(message["bodyBase64"]!.GetValue<string>()));
            Assert.Equal(("image/png", "ä"), (message["contentType"]!.GetValue<string>(), message["attributes"]!["k"]!["value"]!.GetValue<string>()));
        }
    }

    [Theory]
    [InlineData("Message-Delay-Seconds", "-1", "invalidValue")]
    [InlineData("Message-Delay-Seconds", "soon", "invalidValue")]
    [InlineData("Message-Deliver-At", "soon", "invalidValue")]
    [InlineData("Message-Attributes", "{", "malformedJson")]
    [InlineData("Message-Attributes", """{"n":{"type":"x","value":""}}""", "invalidValue")]
    [InlineData("Message-Traceparent", "00-1-2-01", "invalidValue")]
    [InlineData("Message-Group", "", "invalidValue")]
    [InlineData("Message-Priority", "1", "invalidValue")]
    [InlineData("Message-Priority", "10", "invalidValue")]
    [InlineData("Message-Priority", "one", "invalidValue")]
    [InlineData("Message-Color", "red", "unknownField")]
    public async Task A_wrong_header_of_a_raw_message_is_named(string header, string value, string code)
    {
        string queue = await server.CreateQueueAsync();

        Assert.Equal((400, code, header), (await server.CallAsync("POST", queue + "/messages/raw", new ByteArrayContent([1]), (header, value))).Problem);
        Assert.Equal((0, 0, 0), await server.CountsAsync(queue));
    }

    [Fact]
    public async Task A_long_poll_wakes_when_a_message_comes()
    {
        string queue = await server.CreateQueueAsync();
        long start = TimeProvider.System.GetTimestamp();
        Task<Answer> waiting = server.CallAsync("POST", queue + "/receive", """{"waitSeconds":60}""");
        await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        await server.CallAsync("POST", queue + "/messages", """{"messages":[{"body":"x"}]}""");

        Assert.Single((await waiting).Json["messages"]!.AsArray());
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_long_poll_ends_without_messages()
    {
        string queue = await server.CreateQueueAsync();

        Assert.Equal("""{"messages":[]}""", (await server.CallAsync("POST", queue + "/receive", """{"waitSeconds":1}""")).Body);
    }

    private static (string, string)? Failure(JsonNode? result) =>
        result!["error"] is { } error ? (error["code"]!.GetValue<string>(), error["field"]!.GetValue<string>()) : null;
}
