using System.Text;
using System.Text.Json.Nodes;
using Messaging.Api.Tests.Hosting;

namespace Messaging.Api.Tests.Rest;

/// <summary>Definitions as one document. All tests share the document of one server, so each takes names of its own.</summary>
public sealed class DefinitionsTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Path = "/v1/definitions";

    [Fact]
    public async Task A_document_is_applied_told_and_read_back()
    {
        await server.CallAsync("PUT", "/v1/queues/told", """{"tags":{"team":"a"}}""");

        Answer applied = await PutAsync(
            """{"queues":[{"name":"told","tags":{"team":"b"},"leaseSeconds":7},{"name":"fresh","namespace":"blue"},{"name":"delayed","delaySeconds":5}]}""", "", ("Messaging-Namespace", "default"));

        Assert.Equal(200, applied.Status);
        Assert.Equal(
            """{"applied":true,"changes":[{"kind":"queue","namespace":"default","name":"told","change":"changed","fields":["leaseSeconds","tags"]},{"kind":"queue","namespace":"blue","name":"fresh","change":"created","fields":[]},{"kind":"queue","namespace":"default","name":"delayed","change":"created","fields":["delaySeconds"]}],"unchanged":0}""",
            applied.Body);
        Assert.Equal(7, (await server.CallAsync("GET", "/v1/queues/told")).Json["leaseSeconds"]!.GetValue<int>());
        Assert.Equal(200, (await server.CallAsync("GET", "/v1/queues/fresh", null as string, ("Messaging-Namespace", "blue"))).Status);
        JsonObject told = (await ReadAsync()).Single(queue => queue["name"]!.GetValue<string>() == "told");
        Assert.Equal(
            """{"namespace":"default","name":"told","type":"standard","leaseSeconds":7,"delaySeconds":0,"retentionSeconds":345600,"receiveWaitSeconds":0,"maxMessageBytes":1048576,"priorities":1,"tags":{"team":"b"}}""",
            told.ToJsonString());
    }

    [Fact]
    public async Task What_is_read_is_put_back_without_a_change()
    {
        await PutAsync("""{"queues":[{"name":"z","namespace":"yours"},{"name":"a","namespace":"yours"},{"name":"é","namespace":"mine"},{"name":"B","namespace":"mine"}]}""");
        Answer read = await server.CallAsync("GET", Path);
        string tag = read.Response.Headers.ETag!.Tag;
        (string, string)[] keys = [.. read.Json["queues"]!.AsArray().Select(queue => (queue!["namespace"]!.GetValue<string>(), queue["name"]!.GetValue<string>()))];
        Assert.Equal(keys.OrderBy(key => key.Item1, StringComparer.Ordinal).ThenBy(key => key.Item2, StringComparer.Ordinal), keys);

        Answer back = await PutAsync(read.Body, "", ("If-Match", tag));

        Assert.Equal($$"""{"applied":true,"changes":[],"unchanged":{{keys.Length}}}""", back.Body);
        Assert.Equal(tag, back.Response.Headers.ETag!.Tag);
        Answer again = await server.CallAsync("GET", Path);
        Assert.Equal((read.Body, tag), (again.Body, again.Response.Headers.ETag!.Tag));
    }

    [Fact]
    public async Task An_entry_is_in_the_namespace_of_the_header_unless_it_says_otherwise()
    {
        Answer applied = await PutAsync("""{"queues":[{"name":"here"},{"name":"there","namespace":"other"}]}""", "", ("Messaging-Namespace", "mine"));

        Assert.Equal(["mine", "other"], applied.Json["changes"]!.AsArray().Select(change => change!["namespace"]!.GetValue<string>()));
        Assert.Equal((400, "invalidName", "Messaging-Namespace"), (await PutAsync("""{"queues":[]}""", "", ("Messaging-Namespace", ""))).Problem);
    }

    [Fact]
    public async Task One_bad_entry_and_nothing_is_applied_and_all_errors_are_listed()
    {
        await server.CallAsync("PUT", "/v1/queues/standing");
        await server.CallAsync("PUT", "/v1/queues/typed");
        string before = (await server.CallAsync("GET", Path)).Body;

        Answer refused = await PutAsync(
            """{"queues":[{"name":"unborn"},{"name":"standing","leaseSeconds":-1,"colour":"red"},{"name":"unborn"},{"name":"typed","type":"fifo"},{"name":"tagged","tags":{"":"x"}},7]}""");

        Assert.Equal((400, "invalidValue", "queues[1].leaseSeconds"), refused.Problem);
        Assert.Equal(
            ["invalidValue queues[1].leaseSeconds", "unknownField queues[1].colour", "invalidValue queues[2].name", "immutable queues[3].type", "invalidValue queues[4].tags", "invalidValue queues[5]"],
            refused.Json["errors"]!.AsArray().Select(error => $"{error!["code"]} {error["field"]}"));
        Assert.Equal(6, refused.Json["errorCount"]!.GetValue<int>());
        Assert.Equal(before, (await server.CallAsync("GET", Path)).Body);
        // The status is that of the first one.
        Assert.Equal((409, "immutable", "queues[0].type"), (await PutAsync("""{"queues":[{"name":"typed","type":"fifo"},{}]}""")).Problem);
        Assert.Equal(refused.Body, (await PutAsync(
            """{"queues":[{"name":"unborn"},{"name":"standing","leaseSeconds":-1,"colour":"red"},{"name":"unborn"},{"name":"typed","type":"fifo"},{"name":"tagged","tags":{"":"x"}},7]}""", "?dryRun=true")).Body);
    }

    [Fact]
    public async Task Of_many_errors_the_first_are_listed_and_all_are_counted()
    {
        string entries = string.Join(',', Enumerable.Range(0, 1_001).Select(i => i % 2 == 0 ? $$"""{"name":"m{{i}}","delaySeconds":-1}""" : """{"name":"twice","tags":{"":""}}"""));

        Answer refused = await PutAsync($$"""{"queues":[{{entries}}]}""");

        Assert.Equal((1_000, 1_001), (refused.Json["errors"]!.AsArray().Count, refused.Json["errorCount"]!.GetValue<int>()));
        Assert.Equal(Enumerable.Range(0, 1_000).Select(i => $"queues[{i}].{(i % 2 == 0 ? "delaySeconds" : i == 1 ? "tags" : "name")}"), refused.Json["errors"]!.AsArray().Select(error => error!["field"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_dry_run_tells_the_same_and_changes_nothing()
    {
        const string Document = """{"queues":[{"name":"dry","leaseSeconds":1}]}""";
        Answer before = await server.CallAsync("GET", Path);

        Answer dry = await PutAsync(Document, "?dryRun=true");

        Assert.Equal("""{"applied":false,"changes":[{"kind":"queue","namespace":"default","name":"dry","change":"created","fields":["leaseSeconds"]}],"unchanged":0}""", dry.Body);
        Assert.Equal(404, (await server.CallAsync("GET", "/v1/queues/dry")).Status);
        Assert.Equal(before.Response.Headers.ETag, dry.Response.Headers.ETag);
        Assert.Equal(dry.Body.Replace("false", "true", StringComparison.Ordinal), (await PutAsync(Document, "?dryRun=false", ("If-Match", dry.Response.Headers.ETag!.Tag))).Body);
    }

    [Fact]
    public async Task Of_two_who_change_what_they_have_read_one_is_refused()
    {
        string tag = (await server.CallAsync("GET", Path)).Response.Headers.ETag!.Tag;

        Assert.Equal(200, (await PutAsync("""{"queues":[{"name":"raced","leaseSeconds":1}]}""", "", ("If-Match", tag))).Status);
        Assert.Equal((412, "preconditionFailed", null), (await PutAsync("""{"queues":[{"name":"raced","leaseSeconds":2}]}""", "", ("If-Match", tag))).Problem);
        Assert.Equal((412, "preconditionFailed", null), (await PutAsync("""{"queues":[{"name":"raced","leaseSeconds":2}]}""", "?dryRun=true", ("If-Match", tag))).Problem);
        Assert.Equal((412, "preconditionFailed", null), (await PutAsync("""{"queues":[]}""", "", ("If-None-Match", "*"))).Problem);
        Assert.Equal(200, (await PutAsync("""{"queues":[]}""", "", ("If-Match", "*"))).Status);
        Assert.Equal(1, (await server.CallAsync("GET", "/v1/queues/raced")).Json["leaseSeconds"]!.GetValue<int>());
    }

    [Fact]
    public async Task Messages_stay_when_a_definition_changes_and_queues_that_are_not_named_too()
    {
        string queue = await server.CreateQueueAsync();
        await server.CallAsync("POST", queue + "/messages", """{"messages":[{"body":"kept"}]}""");

        await PutAsync($$"""{"queues":[{"name":"{{queue.Split('/')[^1]}}","leaseSeconds":9}]}""");
        await PutAsync("""{"queues":[]}""");

        Assert.Equal((1, 0, 0), await server.CountsAsync(queue));
    }

    [Theory]
    [InlineData("", "{", 400, "malformedJson", null)]
    [InlineData("", "", 400, "malformedJson", null)]
    [InlineData("", "{}", 400, "missingField", "queues")]
    [InlineData("", """{"queues":[],"groups":[]}""", 400, "unknownField", "groups")]
    [InlineData("?dryRun=yes", """{"queues":[]}""", 400, "invalidValue", "dryRun")]
    [InlineData("?dryRun", """{"queues":[]}""", 400, "invalidValue", "dryRun")]
    [InlineData("?dry=true", """{"queues":[]}""", 400, "unknownField", "dry")]
    public async Task What_is_no_document_is_refused(string query, string json, int status, string code, string? field) =>
        Assert.Equal((status, code, field), (await PutAsync(json, query)).Problem);

    [Fact]
    public async Task Other_refusals_are_those_of_every_call()
    {
        Assert.Equal((415, "unsupportedMediaType", "Content-Type"), (await server.CallAsync("PUT", Path, new StringContent("queues: []", Encoding.UTF8, "text/plain"))).Problem);
        Assert.Equal((400, "unknownField", "dryRun"), (await server.CallAsync("GET", Path + "?dryRun=true")).Problem);
        Assert.Equal((400, "notSupported", "If-Match"), (await server.CallAsync("GET", Path, null as string, ("If-Match", "\"1\""))).Problem);
        Assert.Equal((405, "methodNotAllowed", null), (await server.CallAsync("PATCH", Path, "{}")).Problem);
        Assert.Equal((413, "bodyTooLarge", null), (await PutAsync(new string(' ', (16 << 20) + 1))).Problem);
        Assert.Equal((400, "malformedJson", null), (await PutAsync(new string(' ', 16 << 20))).Problem);
    }

    private Task<Answer> PutAsync(string json, string query = "", params (string Name, string Value)[] headers) => server.CallAsync("PUT", Path + query, json, headers);

    private async Task<IEnumerable<JsonObject>> ReadAsync() => (await server.CallAsync("GET", Path)).Json["queues"]!.AsArray().Select(queue => queue!.AsObject());
}
