using System.Text;
using System.Text.Json.Nodes;
using Messaging.Api.Tests.Hosting;

namespace Messaging.Api.Tests.Rest;

public sealed class DeduplicationTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Header = "Message-Deduplication-Id";

    [Fact]
    public async Task A_duplicate_says_that_it_is_one_and_has_the_first_one_s_id()
    {
        string queue = await server.CreateQueueAsync("""{"deduplication":{"windowSeconds":60}}""");
        Answer sent = await server.CallAsync("POST", queue + "/messages", """{"messages":[{"body":"a","deduplicationId":"order 17"},{"body":"b","deduplicationId":"order 17"},{"body":"c"}]}""");

        Assert.Equal(200, sent.Status);
        JsonArray results = sent.Json["results"]!.AsArray();
        Assert.Equal([false, true, false], results.Select(result => result!["duplicate"]?.GetValue<bool>() ?? false));
        Assert.Equal(results[0]!["id"]!.GetValue<string>(), results[1]!["id"]!.GetValue<string>());

        Answer raw = await server.CallAsync("POST", queue + "/messages/raw", new ByteArrayContent("d"u8.ToArray()), (Header, "order 17"));
        Assert.Equal($$"""{"id":"{{results[0]!["id"]}}","duplicate":true}""", raw.Body);
        JsonArray received = (await server.CallAsync("POST", queue + "/receive", """{"max":10}""")).Json["messages"]!.AsArray();
        Assert.Equal([("a", "order 17"), ("c", null)], received.Select(message => (message!["body"]!.GetValue<string>(), message["deduplicationId"]?.GetValue<string>())));
    }

    [Fact]
    public async Task By_content_what_was_sent_before_is_not_stored()
    {
        string queue = await server.CreateQueueAsync("""{"deduplication":{"contentBased":true}}""");
        foreach (bool isDuplicate in (bool[])[false, true])
        {
            Answer raw = await server.CallAsync("POST", queue + "/messages/raw", new ByteArrayContent(Encoding.UTF8.GetBytes("a")));
            Assert.Equal(isDuplicate, raw.Json["duplicate"]?.GetValue<bool>() ?? false);
        }

        Assert.Equal((1, 0, 0), await server.CountsAsync(queue));
    }

    [Fact]
    public async Task A_wrong_id_has_its_exact_problem()
    {
        string without = await server.CreateQueueAsync();
        string with = await server.CreateQueueAsync("""{"deduplication":{}}""");
        const string Message = """{"messages":[{"body":"a","deduplicationId":"d"}]}""";

        Answer refused = await server.CallAsync("POST", without + "/messages", Message);
        Assert.Equal((400, "invalidValue", "messages[0].deduplicationId"), refused.Problem);
        Assert.Equal("The queue does not deduplicate: its definition has no deduplication.", refused.Json["detail"]!.GetValue<string>());
        Assert.Equal((400, "invalidValue", Header), (await server.CallAsync("POST", without + "/messages/raw", new ByteArrayContent([1]), (Header, "d"))).Problem);
        foreach (string id in (string[])["", new string('d', 256), "\\u0007"])
            Assert.Equal((400, "invalidValue", "messages[0].deduplicationId"), (await server.CallAsync("POST", with + "/messages", Message.Replace("\"d\"", $"\"{id}\"", StringComparison.Ordinal))).Problem);
        Assert.Equal((0, 0, 0), await server.CountsAsync(without));
        Assert.Equal((0, 0, 0), await server.CountsAsync(with));
    }
}
