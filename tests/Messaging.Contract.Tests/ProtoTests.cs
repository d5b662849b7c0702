using Messaging.TestKit;
using Messaging.TestKit.Contracts;
using Messaging.TestKit.Processes;

namespace Messaging.Contract.Tests;

/// <summary>api/proto by the rules of its buf.yaml, and against what was released: generated code of a release goes on working with every later server of its version.</summary>
public sealed class ProtoTests
{
    private const string Released = "released/messaging.v1.binpb";

    private static readonly string Contract = Path.Combine(SourceTree.Root, "api", "proto");

    [RequiresFact("buf")]
    public async Task The_contract_breaks_no_rule_and_every_field_is_described() => Assert.Equal("", await RunAsync(Contract, "lint"));

    [RequiresFact("buf")]
    public async Task Nothing_that_was_released_has_changed_or_gone() => Assert.Equal("", await RunAsync(Contract, "breaking", "--against", Released));

    [RequiresTheory("buf")]
    [InlineData("queue_service.proto", "  // Where to.\n  string queue = 1;", "  string queue = 1;", "lint", "should have a non-empty comment")]
    [InlineData("queue_service.proto", "rpc PurgeQueue(PurgeQueueRequest) returns (PurgeQueueResponse);", "", "breaking", "PurgeQueue")]
    [InlineData("message.proto", "  string receipt = 13;", "  string receipt = 113;", "breaking", "\"13\"")]
    [InlineData("message.proto", "  int32 receive_count = 12;", "  string receive_count = 12;", "breaking", "receive_count")]
    [InlineData("message.proto", "  MESSAGE_STATE_LEASED = 2;", "  MESSAGE_STATE_LEASED = 22;", "breaking", "\"2\"")]
    public async Task A_change_that_breaks_clients_is_found(string file, string old, string changed, string command, string said)
    {
        using var folder = new TemporaryFolder();
        foreach (string path in Directory.EnumerateFiles(Contract, "*", SearchOption.AllDirectories))
        {
            string copy = folder[Path.GetRelativePath(Contract, path)];
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(path, copy);
        }
        string target = folder[Path.Combine("messaging", "v1", file)];
        string text = await File.ReadAllTextAsync(target);
        Assert.Contains(old, text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(target, text.Replace(old, changed, StringComparison.Ordinal));

        string found = await RunAsync(Path.GetDirectoryName(folder["x"])!, command == "lint" ? [command] : [command, "--against", Released]);

        Assert.Contains(said, found, StringComparison.Ordinal);
    }

    // What it found; empty where that is nothing.
    private static async Task<string> RunAsync(string folder, params string[] words)
    {
        ProgramRun run = await ProgramRun.RunAsync(ContractPrograms.Buf, words, folder);
        Assert.True(run.ExitCode is 0 or 100, run.ToString());
        Assert.Equal(run.ExitCode == 0, run.Output.Length == 0);
        return run.Output;
    }
}
