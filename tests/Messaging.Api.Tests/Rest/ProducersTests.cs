using System.Globalization;
using System.Text.Json.Nodes;
using Messaging.Api.Tests.Hosting;

namespace Messaging.Api.Tests.Rest;

/// <summary>Producers and transactions over HTTP.</summary>
public sealed class ProducersTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A_repeated_publish_of_a_producer_is_stored_once()
    {
        string topic = await server.CreateTopicAsync();
        long id = await InitAsync();
        string records = "{\"producer\":{\"id\":" + id + ",\"epoch\":0},\"records\":[{\"partition\":0,\"sequence\":0,\"body\":\"a\"},{\"partition\":0,\"sequence\":1,\"body\":\"b\"}]}";

        Assert.Equal("""{"results":[{"partition":0,"offset":0},{"partition":0,"offset":1}]}""", (await server.CallAsync("POST", topic + "/records", records)).Body);
        Assert.Equal(
            """{"results":[{"partition":0,"offset":0,"duplicate":true},{"partition":0,"offset":1,"duplicate":true}]}""",
            (await server.CallAsync("POST", topic + "/records", records)).Body);
        Answer gap = await server.CallAsync("POST", topic + "/records", records.Replace("\"sequence\":0", "\"sequence\":5", StringComparison.Ordinal).Replace("\"sequence\":1", "\"sequence\":6", StringComparison.Ordinal));
        Assert.Equal((409, "outOfOrderSequence", "records[0].sequence"), gap.Problem);
        Assert.Equal(2, (await PageAsync(topic))["nextOffset"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_transaction_is_seen_when_it_is_committed()
    {
        string topic = await server.CreateTopicAsync();
        long id = await InitAsync("""{"transactionalId":"committing"}""");
        Answer began = await server.CallAsync("POST", $"/v1/producers/{id}/transactions", """{"epoch":0}""");
        Assert.Equal((201, "0"), (began.Status, began.Json["transaction"]!.GetValue<string>()));
        string producer = "\"producer\":{\"id\":" + id + ",\"epoch\":0,\"transaction\":\"0\"}";
        Answer published = await server.CallAsync("POST", topic + "/records", "{" + producer + ",\"records\":[{\"body\":\"a\"}]}");
        Assert.Equal(200, published.Status);

        Assert.Empty((await PageAsync(topic, "?isolation=readCommitted"))["records"]!.AsArray());
        Assert.Single((await PageAsync(topic, "?isolation=readUncommitted"))["records"]!.AsArray());
        Answer committed = await server.CallAsync("POST", $"/v1/producers/{id}/transactions/0/commit");
        Assert.Equal((200, 1), (committed.Status, committed.Json["epoch"]!.GetValue<int>()));
        Assert.Single((await PageAsync(topic, "?isolation=readCommitted"))["records"]!.AsArray());

        Assert.Equal(committed.Body, (await server.CallAsync("POST", $"/v1/producers/{id}/transactions/0/commit", "{}")).Body);
        Assert.Equal((409, "transactionNotOpen", null), (await server.CallAsync("POST", $"/v1/producers/{id}/transactions/0/abort")).Problem);
        Assert.Equal((409, "producerFenced", "producer.epoch"), (await server.CallAsync("POST", topic + "/records", "{" + producer + ",\"records\":[{\"body\":\"z\"}]}")).Problem);
    }

    [Fact]
    public async Task Aborted_records_are_left_out_of_stored_batches_too()
    {
        string topic = await server.CreateTopicAsync();
        long id = await InitAsync("""{"transactionalId":"aborting"}""");
        await server.CallAsync("POST", $"/v1/producers/{id}/transactions", """{"epoch":0}""");
        await server.CallAsync("POST", topic + "/records", "{\"producer\":{\"id\":" + id + ",\"epoch\":0,\"transaction\":\"0\"},\"records\":[{\"body\":\"never\"}]}");
        await server.CallAsync("POST", topic + "/records", """{"records":[{"body":"always"}]}""");
        await server.CallAsync("POST", $"/v1/producers/{id}/transactions/0/abort");

        Answer batches = await server.CallAsync("GET", topic + "/partitions/0/records?isolation=readCommitted", (string?)null, ("Accept", "application/vnd.messaging.record-batch"));

        Assert.Equal(200, batches.Status);
        Assert.DoesNotContain("never", batches.Body, StringComparison.Ordinal);
        Assert.Contains("always", batches.Body, StringComparison.Ordinal);
        Assert.Equal("3", Assert.Single(batches.Response.Headers.GetValues("Messaging-Next-Offset")));
    }

    [Fact]
    public async Task A_transaction_of_one_call_is_all_or_nothing()
    {
        string topic = await server.CreateTopicAsync();
        string from = await server.CreateQueueAsync();
        string to = await server.CreateQueueAsync();
        string receipt = await server.SendAndReceiveAsync(from, "order");
        string operations = $$"""
            {"operations":[{"acknowledge":{"queue":"{{Name(from)}}","receipts":["{{receipt}}"]} },{"send":{"queue":"{{Name(to)}}","messages":[{"body":"invoice"}]} },
              {"publish":{"topic":"{{Name(topic)}}","records":[{"key":"k","body":"sold"}]} }]}
            """;
        Answer refused = await server.CallAsync("POST", "/v1/transactions", operations.Replace(Name(to), "no-such-queue", StringComparison.Ordinal));
        Assert.Equal((404, "queueNotFound", "operations[1]"), refused.Problem);
        Assert.Equal((0, 1, 0), await server.CountsAsync(from));

        JsonNode done = (await server.CallAsync("POST", "/v1/transactions", operations)).Json;

        Assert.Equal("{}", done["results"]![0]!.ToJsonString());
        Assert.Equal("""{"records":[{"partition":0,"offset":0}]}""", done["results"]![2]!.ToJsonString());
        Assert.Equal((0, 0, 0), await server.CountsAsync(from));
        Assert.Equal((1, 0, 0), await server.CountsAsync(to));
        Assert.Equal((404, "messageGone", "operations[0].acknowledge.receipts[0]"), (await server.CallAsync("POST", "/v1/transactions", operations)).Problem);
        Assert.Equal((1, 0, 0), await server.CountsAsync(to));
    }

    [Fact]
    public async Task What_a_group_has_fetched_is_published_elsewhere_and_committed_at_once()
    {
        string from = await server.CreateTopicAsync();
        string to = await server.CreateTopicAsync();
        await server.CallAsync("POST", from + "/records", """{"records":[{"body":"a"}]}""");
        string group = "/v1/groups/pipeline-" + Name(from);
        JsonNode fetched = (await server.CallAsync("POST", group + "/fetch", "{\"topics\":[\"" + Name(from) + "\"]}")).Json;
        string token = fetched["commitToken"]!.GetValue<string>();
        string operations = "{\"operations\":[{\"publish\":{\"topic\":\"" + Name(to) + "\",\"records\":[{\"body\":\"A\"}]}},{\"commit\":{\"group\":\"" + Name(group)
            + "\",\"token\":\"" + token + "\"}}]}";

        Answer done = await server.CallAsync("POST", "/v1/transactions", operations);

        Assert.Equal((200, """{"results":[{"records":[{"partition":0,"offset":0}]},{}]}"""), (done.Status, done.Body));
        JsonNode committed = (await server.CallAsync("GET", group + "/offsets")).Json;
        Assert.Equal(1, committed["offsets"]![0]!["offset"]!.GetValue<int>());
        Assert.Single((await PageAsync(to))["records"]!.AsArray());
    }

    [Theory]
    [InlineData("/v1/producers", """{"transactionalId":""}""", 400, "invalidValue", "transactionalId")]
    [InlineData("/v1/producers", """{"transactionTimeoutSeconds":901}""", 400, "invalidValue", "transactionTimeoutSeconds")]
    [InlineData("/v1/producers", """{"id":7}""", 400, "unknownField", "id")]
    [InlineData("/v1/producers/abc/transactions", """{"epoch":0}""", 404, "producerNotFound", "producer")]
    [InlineData("/v1/producers/999999/transactions", """{"epoch":0}""", 404, "producerNotFound", "producer.id")]
    [InlineData("/v1/producers/1/transactions", "{}", 400, "missingField", "epoch")]
    [InlineData("/v1/producers/1/transactions/x/commit", "{}", 409, "transactionNotOpen", "transaction")]
    [InlineData("/v1/transactions", "{}", 400, "missingField", "operations")]
    [InlineData("/v1/transactions", """{"operations":[]}""", 400, "batchEmpty", "operations")]
    [InlineData("/v1/transactions", """{"operations":[{}]}""", 400, "missingField", "operations[0]")]
    [InlineData("/v1/transactions", """{"operations":[7]}""", 400, "invalidValue", "operations[0]")]
    [InlineData("/v1/transactions", """{"operations":[{"publish":{"topic":"t"}}]}""", 400, "missingField", "operations[0].publish.records")]
    [InlineData("/v1/transactions", """{"operations":[{"publish":{"topic":"t","records":[{}]}}]}""", 400, "missingField", "operations[0].publish.records[0].body")]
    [InlineData("/v1/transactions", """{"operations":[{"send":{"queue":"q","messages":[{"body":"b"}]},"publish":{}}]}""", 400, "invalidValue", "operations[0].publish")]
    [InlineData("/v1/transactions", """{"operations":[{"commit":{"token":"x"}}]}""", 400, "commitTokenInvalid", "operations[0].commit.token")]
    [InlineData("/v1/transactions", """{"operations":[{"commit":{"offsets":[{"topic":"t","partition":0,"offset":1}]}}]}""", 400, "missingField", "operations[0].commit.group")]
    [InlineData("/v1/transactions", """{"operations":[{"commit":{"group":"g","offsets":[{"topic":"no-such","partition":0,"offset":1}]}}]}""", 404, "topicNotFound", "operations[0].commit.offsets[0].topic")]
    [InlineData("/v1/transactions", """{"operations":[{"acknowledge":{"queue":"q","receipts":["forged"]}}]}""", 400, "receiptInvalid", "operations[0].acknowledge.receipts[0]")]
    public async Task What_is_wrong_is_refused_by_its_place(string path, string body, int status, string code, string field) =>
        Assert.Equal((status, code, field), (await server.CallAsync("POST", path, body)).Problem);

    [Theory]
    [InlineData("""{"producer":{},"records":[{"body":"x"}]}""", 400, "missingField", "producer.id")]
    [InlineData("""{"producer":{"id":1},"records":[{"body":"x"}]}""", 400, "missingField", "producer.epoch")]
    [InlineData("""{"producer":7,"records":[{"body":"x"}]}""", 400, "invalidValue", "producer")]
    [InlineData("""{"producer":{"id":1,"epoch":0,"transaction":"1"},"records":[{"body":"x"}]}""", 400, "invalidValue", "producer.transaction")]
    [InlineData("""{"producer":{"id":999999,"epoch":0},"records":[{"body":"x"}]}""", 404, "producerNotFound", "producer.id")]
    [InlineData("""{"producer":{"id":1,"epoch":0},"records":[{"body":"x","sequence":0}]}""", 400, "invalidValue", "records[0].partition")]
    [InlineData("""{"records":[{"body":"x","partition":0,"sequence":0}]}""", 400, "invalidValue", "records[0].sequence")]
    [InlineData("""{"producer":{"id":1,"epoch":0}}""", 400, "missingField", "records")]
    public async Task A_producer_that_cant_be_is_refused(string body, int status, string code, string field)
    {
        string topic = await server.CreateTopicAsync();
        await InitAsync();
        Assert.Equal((status, code, field), (await server.CallAsync("POST", topic + "/records", body)).Problem);
    }

    private static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];

    private async Task<long> InitAsync(string? body = null)
    {
        Answer answer = await server.CallAsync("POST", "/v1/producers", body);
        Assert.Equal(200, answer.Status);
        Assert.Equal(0, answer.Json["epoch"]!.GetValue<int>());
        return long.Parse(answer.Json["id"]!.ToJsonString(), CultureInfo.InvariantCulture);
    }

    private async Task<JsonNode> PageAsync(string topic, string query = "") => (await server.CallAsync("GET", topic + "/partitions/0/records" + query)).Json;
}
