using System.Text;
using Messaging.Api.Tests.Hosting;

namespace Messaging.Api.Tests.Rest;

public sealed class IdempotencyTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Header = "Idempotency-Key";
    private const string Messages = """{"messages":[{"body":"a"},{"oops":1},{"body":"b","deliverAt":"2020-01-01T00:00:00Z"}]}""";

    [Fact]
    public async Task A_send_that_comes_again_is_answered_alike_byte_for_byte_and_stores_nothing()
    {
        string queue = await server.CreateQueueAsync();
        Answer first = await server.CallAsync("POST", queue + "/messages", Messages, (Header, "k"));
        Assert.Equal(207, first.Status);

        Answer again = await server.CallAsync("POST", queue + "/messages", Messages, (Header, "k"));

        Assert.Equal((first.Status, first.Body), (again.Status, again.Body));
        Assert.Equal((2, 0, 0), await server.CountsAsync(queue));
        Assert.NotEqual(first.Body, (await server.CallAsync("POST", queue + "/messages", Messages, (Header, "K"))).Body);
        Assert.Equal((4, 0, 0), await server.CountsAsync(queue));
    }

    [Fact]
    public async Task A_raw_send_that_comes_again_stores_nothing()
    {
        string queue = await server.CreateQueueAsync();
        Answer first = await SendRaw(queue, "k", "a", ("Message-Delay-Seconds", "0"));

        Assert.Equal((200, first.Body), ((await SendRaw(queue, "k", "a", ("message-delay-seconds", "0"))).Status, (await SendRaw(queue, "k", "a", ("Message-Delay-Seconds", "0"))).Body));
        Assert.Equal((1, 0, 0), await server.CountsAsync(queue));
        (int, string?, string?) reused = (409, "idempotencyKeyReused", null);
        Assert.Equal(reused, (await SendRaw(queue, "k", "b", ("Message-Delay-Seconds", "0"))).Problem);
        Assert.Equal(reused, (await SendRaw(queue, "k", "a", ("Message-Delay-Seconds", "1"))).Problem);
        Assert.Equal(reused, (await SendRaw(queue, "k", "a")).Problem);
        Assert.Equal(reused, (await server.CallAsync("POST", queue + "/messages", """{"messages":[{"body":"a"}]}""", (Header, "k"))).Problem);
    }

    [Theory]
    [InlineData("""{"messages":[{"body":"a"}]}""")]
    [InlineData("""{"messages":[{"body":"a"},{"oops":2},{"body":"b","deliverAt":"2020-01-01T00:00:00Z"}]}""")]
    [InlineData("""{"messages":[{"body":"a"},{"oops":1},{"body":"b","deliverAt":"2021-01-01T00:00:00Z"}]}""")]
    public async Task Another_send_under_the_same_key_is_a_conflict(string other)
    {
        string queue = await server.CreateQueueAsync();
        await server.CallAsync("POST", queue + "/messages", Messages, (Header, "k"));

        Assert.Equal((409, "idempotencyKeyReused", null), (await server.CallAsync("POST", queue + "/messages", other, (Header, "k"))).Problem);
        Assert.Equal((2, 0, 0), await server.CountsAsync(queue));
    }

    [Fact]
    public async Task A_key_has_1_to_128_visible_characters()
    {
        string queue = await server.CreateQueueAsync();

        foreach (string key in (string[])["a b", new string('k', 129)])
            Assert.Equal((400, "invalidValue", Header), (await server.CallAsync("POST", queue + "/messages", Messages, (Header, key))).Problem);
        Assert.Equal((400, "invalidValue", Header), (await server.CallAsync("POST", queue + "/messages", Messages, (Header, "a"), (Header, "b"))).Problem);
        Assert.Equal((0, 0, 0), await server.CountsAsync(queue));
        Assert.Equal(207, (await server.CallAsync("POST", queue + "/messages", Messages, (Header, new string('~', 128)))).Status);
    }

    [Fact]
    public async Task A_redrive_that_comes_again_is_the_same_operation()
    {
        string queue = await server.CreateQueueAsync();
        string other = await server.CreateQueueAsync();
        await server.CallAsync("POST", queue + "/messages", """{"messages":[{"body":"a"},{"body":"b"}]}""");
        string redrive = $$"""{"destination":"{{other.Split('/')[^1]}}","messagesPerSecond":1}""";
        Answer first = await server.CallAsync("POST", queue + "/redrive", redrive, (Header, "k"));
        Assert.Equal(202, first.Status);
        string path = first.Response.Headers.Location!.OriginalString;

        Assert.Equal((409, "redriveRunning", null), (await server.CallAsync("POST", queue + "/redrive", redrive, (Header, "another"))).Problem);
        await server.CallAsync("DELETE", path);
        Answer again = await server.CallAsync("POST", queue + "/redrive", redrive, (Header, "k"));

        Assert.Equal((202, first.Body, path), (again.Status, again.Body, again.Response.Headers.Location!.OriginalString));
        Assert.Single((await server.CallAsync("GET", "/v1/operations?pageSize=1000")).Json["operations"]!.AsArray(), one => one!["queue"]!.GetValue<string>() == queue.Split('/')[^1]);
        (int, string?, string?) reused = (409, "idempotencyKeyReused", null);
        Assert.Equal(reused, (await server.CallAsync("POST", queue + "/redrive", "{}", (Header, "k"))).Problem);
        Assert.Equal(reused, (await server.CallAsync("POST", queue + "/redrive", null as string, (Header, "k"))).Problem);
        Assert.Equal(reused, (await server.CallAsync("POST", queue + "/messages", """{"messages":[{"body":"a"}]}""", (Header, "k"))).Problem);
    }

    [Theory]
    [InlineData("/receive", "{}")]
    [InlineData("/acknowledge", """{"receipts":["x"]}""")]
    public async Task A_call_that_does_not_take_a_key_refuses_it(string path, string json) => Assert.Equal(
        (400, "notSupported", Header), (await server.CallAsync("POST", await server.CreateQueueAsync() + path, json, (Header, "k"))).Problem);

    private Task<Answer> SendRaw(string queue, string key, string body, params (string, string)[] headers) =>
        server.CallAsync("POST", queue + "/messages/raw", new ByteArrayContent(Encoding.UTF8.GetBytes(body)), [(Header, key), .. headers]);
}
