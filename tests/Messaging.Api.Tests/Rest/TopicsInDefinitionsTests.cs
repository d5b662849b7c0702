using System.Text;
using Messaging.Api.Tests.Hosting;

namespace Messaging.Api.Tests.Rest;

/// <summary>Topics in the document of definitions, on a server of their own.</summary>
public sealed class TopicsInDefinitionsTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Path = "/v1/definitions";

    [Fact]
    public async Task A_document_of_both_kinds_is_applied_told_and_read_back()
    {
        await server.CallAsync("PUT", "/v1/topics/told", """{"partitions":2,"tags":{"team":"a"}}""");

        Answer applied = await PutAsync(
            """{"topics":[{"name":"told","partitions":3,"retentionSeconds":null},{"name":"fresh","namespace":"blue"}],"queues":[{"name":"told"}]}""");

        Assert.Equal(
            (200, """{"applied":true,"changes":[{"kind":"queue","namespace":"default","name":"told","change":"created","fields":[]},{"kind":"topic","namespace":"default","name":"told","change":"changed","fields":["partitions","retentionSeconds","tags"]},{"kind":"topic","namespace":"blue","name":"fresh","change":"created","fields":[]}],"unchanged":0}"""),
            (applied.Status, applied.Body));
        Assert.Equal(3, (await server.CallAsync("GET", "/v1/topics/told")).Json["partitions"]!.GetValue<int>());
        Answer read = await server.CallAsync("GET", Path);
        Assert.Equal(
            """{"namespace":"default","name":"told","partitions":3,"type":"standard","retentionSeconds":null,"retentionBytes":null,"cleanup":"delete","minCompactionLagSeconds":0,"tombstoneSeconds":86400,"maxMessageBytes":1048576,"timestamps":"create","tags":{}}""",
            read.Json["topics"]!.AsArray().Single(topic => topic!["name"]!.GetValue<string>() == "told")!.ToJsonString());
        int count = read.Json["queues"]!.AsArray().Count + read.Json["topics"]!.AsArray().Count;

        Answer back = await PutAsync(read.Body, "", ("If-Match", read.Response.Headers.ETag!.Tag));

        Assert.Equal($$"""{"applied":true,"changes":[],"unchanged":{{count}}}""", back.Body);
    }

    [Fact]
    public async Task One_bad_entry_of_either_list_and_nothing_is_applied_and_all_errors_are_listed_queues_first()
    {
        await server.CallAsync("PUT", "/v1/topics/standing", """{"partitions":3}""");
        const string Document =
            """{"topics":[{"name":"unborn"},{"name":"unborn"},{"name":"x","partitions":0,"colour":"red"},{"name":"standing","partitions":2}],"queues":[{"name":"unborn"},{"name":"a","leaseSeconds":-1}]}""";

        foreach (string query in new[] { "", "?dryRun=true" })
        {
            Answer refused = await PutAsync(Document, query);

            Assert.Equal((400, "invalidValue", "queues[1].leaseSeconds"), refused.Problem);
            Assert.Equal(
                ["invalidValue queues[1].leaseSeconds", "invalidValue topics[1].name", "invalidValue topics[2].partitions", "unknownField topics[2].colour", "immutable topics[3].partitions"],
                refused.Json["errors"]!.AsArray().Select(error => $"{error!["code"]} {error["field"]}"));
        }

        Assert.Equal(404, (await server.CallAsync("GET", "/v1/topics/unborn")).Status);
        Assert.Equal(404, (await server.CallAsync("GET", "/v1/queues/unborn")).Status);
    }

    [Fact]
    public async Task A_dry_run_tells_the_same_and_changes_nothing_and_what_is_not_named_stays()
    {
        const string Document = """{"topics":[{"name":"dry","partitions":2}]}""";
        await server.CallAsync("PUT", "/v1/topics/other");
        const string Changes = ""","changes":[{"kind":"topic","namespace":"default","name":"dry","change":"created","fields":["partitions"]}],"unchanged":0}""";

        Assert.Equal("""{"applied":false""" + Changes, (await PutAsync(Document, "?dryRun=true")).Body);
        Assert.Equal(404, (await server.CallAsync("GET", "/v1/topics/dry")).Status);
        Assert.Equal("""{"applied":true""" + Changes, (await PutAsync(Document)).Body);
        Assert.Equal(200, (await PutAsync("""{"queues":[]}""")).Status);
        Assert.Equal(200, (await server.CallAsync("GET", "/v1/topics/other")).Status);
    }

    private Task<Answer> PutAsync(string document, string query = "", params (string Name, string Value)[] headers) =>
        server.CallAsync("PUT", Path + query, new StringContent(document, Encoding.UTF8, "application/json"), headers);
}
