using System.Text;
using Messaging.Api.Tests.Hosting;

namespace Messaging.Api.Tests.Rest;

/// <summary>Subscriptions in the document of definitions, on a server of their own.</summary>
public sealed class SubscriptionsInDefinitionsTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Path = "/v1/definitions";

    [Fact]
    public async Task A_document_of_all_kinds_is_told_applied_and_read_back()
    {
        const string Document =
            """{"subscriptions":[{"topic":"new","name":"s","namespace":"blue","target":{"queue":"new"},"filter":{"scope":"body","policy":{"a":[1]}},"startAt":"earliest"}],"topics":[{"name":"new","namespace":"blue"}],"queues":[{"name":"new","namespace":"blue"}]}""";
        const string Changes =
            ""","changes":[{"kind":"queue","namespace":"blue","name":"new","change":"created","fields":[]},{"kind":"topic","namespace":"blue","name":"new","change":"created","fields":[]},{"kind":"subscription","namespace":"blue","topic":"new","name":"s","change":"created","fields":["target","filter","startAt"]}],"unchanged":0}""";
        const string Subscription = """{"namespace":"blue","topic":"new","name":"s","target":{"queue":"new"},"filter":{"scope":"body","policy":{"a":[1]}},"raw":true,"startAt":"earliest","tags":{}}""";

        Assert.Equal((200, """{"applied":false""" + Changes), await PutAsync(Document, "?dryRun=true"));
        Assert.Equal(404, (await server.CallAsync("GET", "/v1/topics/new/subscriptions/s", headers: ("Messaging-Namespace", "blue"))).Status);
        Assert.Equal((200, """{"applied":true""" + Changes), await PutAsync(Document));

        Answer read = await server.CallAsync("GET", Path);
        Assert.EndsWith("\"subscriptions\":[" + Subscription + "]}", read.Body, StringComparison.Ordinal);
        (_, string back) = await PutAsync(read.Body);
        Assert.Contains("\"changes\":[]", back, StringComparison.Ordinal);
        (_, string changed) = await PutAsync("""{"subscriptions":[{"topic":"new","name":"s","namespace":"blue","target":{"queue":"new"},"startAt":"earliest","raw":false}]}""");
        Assert.Contains("\"change\":\"changed\",\"fields\":[\"filter\",\"raw\"]", changed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_bad_entry_and_nothing_is_applied_and_all_errors_are_listed_at_their_places()
    {
        const string Document =
            """{"subscriptions":[{"topic":"none","name":"a","target":{"queue":"unborn"}},{"topic":"unborn","name":"b","target":{"queue":"none"}},{"topic":"unborn","target":{"url":5}}],"topics":[{"name":"unborn"}],"queues":[{"name":"unborn"}]}""";

        Answer refused = await server.CallAsync("PUT", Path, new StringContent(Document, Encoding.UTF8, "application/json"));

        Assert.Equal((404, "topicNotFound", "subscriptions[0].topic"), refused.Problem);
        Assert.Equal(
            ["topicNotFound subscriptions[0].topic", "queueNotFound subscriptions[1].target.queue", "invalidValue subscriptions[2].target.url", "missingField subscriptions[2].name"],
            refused.Json["errors"]!.AsArray().Select(error => $"{error!["code"]} {error["field"]}"));
        Assert.Equal(404, (await server.CallAsync("GET", "/v1/topics/unborn")).Status);
    }

    private async Task<(int Status, string Body)> PutAsync(string document, string query = "")
    {
        Answer answer = await server.CallAsync("PUT", Path + query, new StringContent(document, Encoding.UTF8, "application/json"));
        return (answer.Status, answer.Body);
    }
}
