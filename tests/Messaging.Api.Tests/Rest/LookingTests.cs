using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Messaging.Api.Tests.Hosting;

namespace Messaging.Api.Tests.Rest;

/// <summary>Looking into a queue, and emptying it, on the wire.</summary>
public sealed class LookingTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A_message_is_looked_at_by_its_id_and_then_cancelled()
    {
        string queue = await server.CreateQueueAsync();
        string id = await SendAsync(queue, """{"bodyBase64":"AP8=","contentType":"image/x","attributes":{"n":{"type":"number","value":"7"}},"delaySeconds":600}""");

        Answer found = await server.CallAsync("GET", $"{queue}/messages/{id}");
        Assert.Equal(200, found.Status);
        Assert.Equal(("delayed", "AP8=", "image/x", 0), (Text(found.Json, "state"), Text(found.Json, "bodyBase64"), Text(found.Json, "contentType"), found.Json["receiveCount"]!.GetValue<int>()));
        Assert.Equal("7", Text(found.Json["attributes"]!["n"]!, "value"));
        TimeSpan delay = DateTimeOffset.Parse(Text(found.Json, "availableAt")) - DateTimeOffset.Parse(Text(found.Json, "sentAt"));
        Assert.InRange(delay, TimeSpan.FromSeconds(590), TimeSpan.FromSeconds(600));
        Assert.Equal("\0\uFFFD", Text((await server.CallAsync("GET", $"{queue}/messages/{id}?encoding=text")).Json, "body"));
        Assert.Equal(200, (await server.CallAsync("GET", $"{queue}/messages/{id.ToUpperInvariant()}")).Status);

        Answer cancelled = await server.CallAsync("DELETE", $"{queue}/messages/{id}");
        Assert.Equal((204, ""), (cancelled.Status, cancelled.Body));
        Assert.Equal((404, "messageNotFound", null), (await server.CallAsync("GET", $"{queue}/messages/{id}")).Problem);
        Assert.Equal((404, "messageNotFound", null), (await server.CallAsync("DELETE", $"{queue}/messages/{id}")).Problem);
        Assert.Equal((0, 0, 0), await server.CountsAsync(queue));
    }

    [Fact]
    public async Task A_leased_message_is_shown_and_can_not_be_cancelled()
    {
        string queue = await server.CreateQueueAsync();
        string id = await SendAsync(queue, """{"body":"a"}""");
        await server.CallAsync("POST", queue + "/receive", """{"leaseSeconds":600}""");

        JsonNode found = (await server.CallAsync("GET", $"{queue}/messages/{id}")).Json;
        Assert.Equal(("leased", 1), (Text(found, "state"), found["receiveCount"]!.GetValue<int>()));
        Assert.NotNull(found["firstReceivedAt"]);
        Assert.NotNull(found["leasedUntil"]);
        Assert.Null(found["receipt"]);
        Assert.Equal((409, "messageLeased", null), (await server.CallAsync("DELETE", $"{queue}/messages/{id}")).Problem);
        Assert.Equal((0, 1, 0), await server.CountsAsync(queue));
    }

    [Theory]
    [InlineData("7", 400, "invalidValue", "id")]
    [InlineData("0b6f1d9e7c1a4e579f0e2b8f5f6c1d3a", 400, "invalidValue", "id")]
    [InlineData("%7B0b6f1d9e-7c1a-4e57-9f0e-2b8f5f6c1d3a%7D", 400, "invalidValue", "id")]
    [InlineData("00000000-0000-0000-0000-000000000000", 404, "messageNotFound", null)]
    [InlineData("0b6f1d9e-7c1a-4e57-9f0e-2b8f5f6c1d3a", 404, "messageNotFound", null)]
    public async Task An_id_that_is_none_of_the_queue_is_refused(string id, int status, string code, string? field)
    {
        string queue = await server.CreateQueueAsync();
        Assert.Equal((status, code, field), (await server.CallAsync("GET", $"{queue}/messages/{id}")).Problem);
        Assert.Equal((status, code, field), (await server.CallAsync("DELETE", $"{queue}/messages/{id}")).Problem);
    }

    [Fact]
    public async Task An_id_of_another_queue_or_of_a_deleted_one_is_not_found()
    {
        string queue = await server.CreateQueueAsync();
        string other = await server.CreateQueueAsync();
        string foreign = await SendAsync(other, """{"body":"a"}""");
        Assert.Equal((404, "messageNotFound", null), (await server.CallAsync("GET", $"{queue}/messages/{foreign}")).Problem);
        Assert.Equal((404, "messageNotFound", null), (await server.CallAsync("DELETE", $"{queue}/messages/{foreign}")).Problem);
        Assert.Equal(204, (await server.CallAsync("DELETE", other)).Status);
        Assert.Equal((404, "queueNotFound", null), (await server.CallAsync("GET", $"{other}/messages/{foreign}")).Problem);
        Assert.Equal((404, "queueNotFound", null), (await server.CallAsync("GET", other + "/messages")).Problem);
        Assert.Equal((404, "queueNotFound", null), (await server.CallAsync("POST", other + "/purge")).Problem);
        Assert.Equal(201, (await server.CallAsync("PUT", other, "{}")).Status);
        Assert.Equal((404, "messageNotFound", null), (await server.CallAsync("GET", $"{other}/messages/{foreign}")).Problem);
    }

    [Fact]
    public async Task A_queue_is_browsed_page_by_page_and_by_state()
    {
        string queue = await server.CreateQueueAsync();
        string sent = string.Join(',', Enumerable.Range(0, 5).Select(number => $$"""{"body":"{{number}}"{{(number == 4 ? ",\"delaySeconds\":600" : "")}}}"""));
        await server.CallAsync("POST", queue + "/messages", $$"""{"messages":[{{sent}}]}""");
        await server.CallAsync("POST", queue + "/receive", """{"max":2,"leaseSeconds":600}""");

        List<string> bodies = [];
        string next = "";
        for (int pages = 0; pages < 3; pages++)
        {
            JsonNode page = (await server.CallAsync("GET", $"{queue}/messages?limit=2{next}")).Json;
            bodies.AddRange(page["messages"]!.AsArray().Select(message => $"{Text(message!, "body")} {Text(message!, "state")}"));
            Assert.Equal(pages < 2, page["nextPageToken"] is not null);
            next = "&after=" + page["nextPageToken"];
        }

        Assert.Equal(["0 leased", "1 leased", "2 ready", "3 ready", "4 delayed"], bodies);
        Assert.Equal("4", Text((await server.CallAsync("GET", queue + "/messages?state=delayed&encoding=auto")).Json["messages"]!.AsArray().Single()!, "body"));
        Assert.Equal("Mw==", Text((await server.CallAsync("GET", queue + "/messages?state=ready&limit=1000&encoding=base64")).Json["messages"]![1]!, "bodyBase64"));
        Assert.Equal("", (await server.CallAsync("HEAD", queue + "/messages")).Body);
        Assert.Equal((2, 2, 1), await server.CountsAsync(queue));
    }

    [Theory]
    [InlineData("limit=0", "invalidValue", "limit")]
    [InlineData("limit=1001", "invalidValue", "limit")]
    [InlineData("limit=many", "invalidValue", "limit")]
    [InlineData("limit=1&limit=2", "duplicateField", "limit")]
    [InlineData("state=gone", "invalidValue", "state")]
    [InlineData("state=Ready", "invalidValue", "state")]
    [InlineData("state=", "invalidValue", "state")]
    [InlineData("encoding=hex", "invalidValue", "encoding")]
    [InlineData("after=", "invalidValue", "after")]
    [InlineData("after=7", "invalidValue", "after")]
    [InlineData("after=BwAAAAAAAACbXGSrdsnSZWcXajxmXlDK", "invalidValue", "after")]
    [InlineData("pageToken=x", "unknownField", "pageToken")]
    public async Task A_wrong_parameter_of_a_browse_is_named(string query, string code, string field)
    {
        string queue = await server.CreateQueueAsync();
        Assert.Equal((400, code, field), (await server.CallAsync("GET", $"{queue}/messages?{query}")).Problem);
    }

    [Fact]
    public async Task A_page_token_of_another_queue_is_refused()
    {
        string queue = await server.CreateQueueAsync();
        string other = await server.CreateQueueAsync();
        foreach (string one in (string[])[queue, other])
            await server.CallAsync("POST", one + "/messages", """{"messages":[{"body":"a"},{"body":"b"}]}""");
        string next = Text((await server.CallAsync("GET", queue + "/messages?limit=1")).Json, "nextPageToken");
        Assert.Equal(200, (await server.CallAsync("GET", $"{queue}/messages?after={next}")).Status);
        Assert.Equal((400, "invalidValue", "after"), (await server.CallAsync("GET", $"{other}/messages?after={next}")).Problem);
    }

    [Fact]
    public async Task A_purge_takes_everything_and_counts_it()
    {
        string queue = await server.CreateQueueAsync();
        string receipt = await server.SendAndReceiveAsync(queue);
        await server.CallAsync("POST", queue + "/messages", """{"messages":[{"body":"a"},{"body":"b","delaySeconds":60}]}""");
        Answer purged = await server.CallAsync("POST", queue + "/purge");
        Assert.Equal((200, """{"purged":3}"""), (purged.Status, purged.Body));
        Assert.Equal("""{"purged":0}""", (await server.CallAsync("POST", queue + "/purge", "{}")).Body);
        Assert.Equal((404, "messageGone", "entries[0].receipt"), (await server.CallAsync("POST", queue + "/extend", $$"""{"entries":[{"receipt":"{{receipt}}","leaseSeconds":5}]}""")).Problem);
        Assert.Equal(200, (await server.CallAsync("POST", queue + "/acknowledge", $$"""{"receipts":["{{receipt}}"]}""")).Status);
    }

    [Theory]
    [InlineData("""{"state":"ready"}""", 400, "unknownField", "state")]
    [InlineData("[]", 400, "invalidValue", null)]
    [InlineData("{", 400, "malformedJson", null)]
    [InlineData("{} {}", 400, "malformedJson", null)]
    public async Task A_wrong_purge_purges_nothing(string json, int status, string code, string? field)
    {
        string queue = await server.CreateQueueAsync();
        await SendAsync(queue, """{"body":"a"}""");
        Assert.Equal((status, code, field), (await server.CallAsync("POST", queue + "/purge", json)).Problem);
        var text = new ByteArrayContent("{}"u8.ToArray()) { Headers = { ContentType = new MediaTypeHeaderValue("text/plain") } };
        Assert.Equal((415, "unsupportedMediaType", "Content-Type"), (await server.CallAsync("POST", queue + "/purge", text)).Problem);
        Assert.Equal((400, "unknownField", "all"), (await server.CallAsync("POST", queue + "/purge?all=true")).Problem);
        Assert.Equal((1, 0, 0), await server.CountsAsync(queue));
    }

    private static string Text(JsonNode node, string field) => node[field]!.GetValue<string>();

    private async Task<string> SendAsync(string queue, string message) =>
        Text((await server.CallAsync("POST", queue + "/messages", $$"""{"messages":[{{message}}]}""")).Json["results"]![0]!, "id");
}
