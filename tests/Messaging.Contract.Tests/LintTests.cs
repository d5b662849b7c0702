using System.Text.Json.Nodes;
using Messaging.TestKit;
using Messaging.TestKit.Contracts;
using Messaging.TestKit.Processes;

namespace Messaging.Contract.Tests;

/// <summary>openapi.yaml by the rules of api/redocly.yaml, as a linter that is not ours reads them.</summary>
public sealed class LintTests
{
    [RequiresFact("redocly")]
    public async Task The_contract_breaks_no_rule_of_the_linter() => AssertNothing.In(await LintAsync(SourceTree.OpenApiFile));

    [RequiresFact("redocly")]
    public async Task The_linter_finds_a_text_that_ends_at_a_comma_and_an_example_that_is_not_of_its_schema()
    {
        using var folder = new TemporaryFolder();
        string contract = await File.ReadAllTextAsync(SourceTree.OpenApiFile);
        string cut = Replace(contract, "description: 'A throttle. Absent, it goes as fast as it can.'", "description: A throttle. Absent, it goes as fast as it can.");
        string wrong = Replace(cut, "example: { max: 10, waitSeconds: 20, leaseSeconds: 30 }", "example: { max: 10, waitSeconds: 200 }");
        await File.WriteAllTextAsync(folder["openapi.yaml"], wrong);

        string[] found = await LintAsync(folder["openapi.yaml"]);

        Assert.Contains(found, problem => problem.StartsWith("struct: ", StringComparison.Ordinal));
        Assert.Contains(found, problem => problem.StartsWith("no-invalid-media-type-examples: ", StringComparison.Ordinal));
    }

    private static string Replace(string text, string old, string replacement)
    {
        Assert.Contains(old, text, StringComparison.Ordinal);
        return text.Replace(old, replacement, StringComparison.Ordinal);
    }

    // Warnings count: they are what nobody reads.
    private static async Task<string[]> LintAsync(string file)
    {
        string rules = Path.Combine(SourceTree.Root, "api", "redocly.yaml");
        ProgramRun run = await ProgramRun.RunAsync(ClientPrograms.Node!, [ContractPrograms.Linter, "lint", file, $"--config={rules}", "--format=json"], SourceTree.Root,
            ("REDOCLY_TELEMETRY", "off"), ("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true"));
        int start = run.Output.IndexOf('{', StringComparison.Ordinal);
        Assert.True(start >= 0, run.ToString());
        return [.. from problem in JsonNode.Parse(run.Output[start..])!["problems"]!.AsArray()
                   select $"{problem["ruleId"]}: {problem["message"]} {problem["location"]?[0]?["pointer"]}"];
    }
}
