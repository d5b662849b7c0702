using System.Text.Json.Nodes;
using Messaging.TestKit;
using Messaging.TestKit.Contracts;
using Messaging.TestKit.Processes;

namespace Messaging.Contract.Tests;

/// <summary>Swagger UI in a real browser, used as people use it by the scripts in node/: they print what the page shows, and it is judged here.</summary>
public sealed class SwaggerPageTests
{
    private static readonly OpenApiContract Contract = OpenApiContract.Current;

    [RequiresFact("browser")]
    public async Task Every_operation_can_be_tried_with_what_its_form_has_by_itself()
    {
        // Each story with a server of its own, beside the others: what takes its time is the page, which resolves the whole document for each operation that is opened.
        List<JsonNode>[] stories = await Task.WhenAll(((string[])["queues.mjs", "topics.mjs", "groups.mjs"]).Select(TellOpenAsync));
        List<JsonNode> calls = [.. stories.SelectMany(lines => lines).Where(line => line["operation"] is not null)];
        JsonNode page = stories[0][0];

        Assert.Equal("Messaging API", page["title"]!.GetValue<string>());
        Assert.Equal(Contract.Tags, page["tags"]!.AsArray().Select(tag => tag!.GetValue<string>()));
        Assert.Equal(Contract.Operations.Select(IdOf).Order(StringComparer.Ordinal), calls.Select(Id).Distinct().Order(StringComparer.Ordinal));
        AssertNothing.In(calls.Select(Judge));
        // The token of its example is nobody's: only the endpoint of a pushed subscription is told one.
        Assert.Equal(["confirmSubscription 400"], calls.Where(call => Status(call) >= 300).Select(call => $"{Id(call)} {Status(call)}"));
    }

    [RequiresFact("browser")]
    public async Task A_closed_server_is_looked_at_and_refuses_until_one_logs_in_on_the_page()
    {
        await using ContractServer server = await ContractServer.StartClosedAsync();

        List<JsonNode> lines = await RunAsync("closed.mjs", server);
        List<JsonNode> calls = [.. lines.Where(line => line["operation"] is not null)];

        // Parameters of a whole path would be fields without a name, where one comes by the operation's own address.
        Assert.Equal(["queue", "If-Match", "If-None-Match", "Messaging-Namespace"], lines[1]["fields"]!.AsArray().Select(field => field?.GetValue<string>()));
        AssertNothing.In(calls.Select(Judge));
        Assert.Equal(
            ["getLiveness 200", "listQueues 401", "putQueue 401", "putQueue 201", "sendMessages 200", "receiveMessages 200", "listQueues 200"],
            calls.Select(call => $"{Id(call)} {Status(call)}"));
    }

    private static async Task<List<JsonNode>> TellOpenAsync(string script)
    {
        await using ContractServer server = await ContractServer.StartOpenAsync();
        return await RunAsync(script, server);
    }

    private static async Task<List<JsonNode>> RunAsync(string script, ContractServer server)
    {
        string folder = Path.Combine(SourceTree.Root, "tests", "Messaging.Contract.Tests", "node");
        ProgramRun run = await ProgramRun.RunAsync(ClientPrograms.Node!, [script], folder,
            ("CONTRACT_ENDPOINT", server.Endpoint), ("CONTRACT_PACKAGES", ContractPrograms.Packages), ("CONTRACT_BROWSER", ContractPrograms.Browser!),
            ("CONTRACT_KEY_ID", ContractServer.KeyId), ("CONTRACT_SECRET", ContractServer.Secret));
        Assert.True(run.ExitCode == 0, $"{run}\nThe server:\n{server.Output}");
        List<JsonNode> lines = [.. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
        AssertNothing.In(lines.Select(line => line["complaint"]?.GetValue<string>()));
        return lines;
    }

    // What the page shows is what was answered, and is what the contract says.
    private static string? Judge(JsonNode call)
    {
        if (Status(call) != call["status"]!.GetValue<int>())
            return $"{Id(call)}: the page shows {Status(call)}, and the answer was {call["status"]}";
        string[] operation = Contract.Operations.Single(operation => IdOf(operation) == Id(call)).Split(' ');
        return Contract.Judge(operation[0], operation[1], Status(call), call["type"]?.GetValue<string>(), call["body"]!.GetValue<string>());
    }

    private static string Id(JsonNode call) => call["operation"]!.GetValue<string>();

    private static string IdOf(string operation) => Contract.Operation(operation)["operationId"]!.GetValue<string>();

    private static int Status(JsonNode call) => call["shown"]!.GetValue<int>();
}
