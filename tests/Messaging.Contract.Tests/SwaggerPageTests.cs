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
        await using ContractServer server = await ContractServer.StartOpenAsync();

        List<JsonNode> lines = await RunAsync("open.mjs", server);
        List<JsonNode> calls = [.. lines.Where(line => line["operation"] is not null)];

        Assert.Equal("Messaging API", lines[0]["title"]!.GetValue<string>());
        Assert.Equal(Contract.Tags, lines[0]["tags"]!.AsArray().Select(tag => tag!.GetValue<string>()));
        Assert.Equal(Contract.Operations.Select(IdOf).Order(StringComparer.Ordinal), calls.Select(Id).Distinct().Order(StringComparer.Ordinal));
        AssertNothing.In(calls.Select(Judge));
        // The token of its example is nobody's: only the endpoint of a pushed subscription is told one.
        Assert.Equal(["confirmSubscription 400"], calls.Where(call => Status(call) >= 300).Select(call => $"{Id(call)} {Status(call)}"));
    }

    [RequiresFact("browser")]
    public async Task A_closed_server_refuses_until_one_logs_in_on_the_page()
    {
        await using ContractServer server = await ContractServer.StartClosedAsync();

        List<JsonNode> calls = [.. (await RunAsync("closed.mjs", server)).Skip(1)];

        AssertNothing.In(calls.Select(Judge));
        Assert.Equal(
            ["getLiveness 200", "listQueues 401", "putQueue 401", "putQueue 201", "sendMessages 200", "receiveMessages 200", "listQueues 200"],
            calls.Select(call => $"{Id(call)} {Status(call)}"));
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
