using Messaging.TestKit;
using Messaging.TestKit.Contracts;
using Messaging.TestKit.Processes;

namespace Messaging.Sdk.Tests.TypeScript;

/// <summary>
/// The folder of a user of TypeScript, as docs/sdks.md has it made: the example's files, the client that is generated from what a server says of itself,
/// and scripts of these tests beside them, all of it compiled. With a server of its own. Where a tool is missing there is neither.
/// </summary>
public sealed class TypeScriptWorkspace : IAsyncLifetime
{
    public const string Requirement = "typescript-sdk";

    private static readonly string Example = Path.Combine(SourceTree.Root, "docs", "examples", "typescript-rest");
    private static readonly string Scripts = Path.Combine(SourceTree.Root, "tests", "Messaging.Sdk.Tests", "node");

    private TemporaryFolder? _folder;
    private SdkServer? _server;

    internal SdkServer Server => _server!;

    public async Task InitializeAsync()
    {
        if (TestKit.Requirement.WhyNot(Requirement) is not null) return;
        _folder = new TemporaryFolder();
        _server = await SdkServer.StartOpenAsync();
        foreach (string file in Directory.GetFiles(Example).Concat(Directory.GetFiles(Scripts, "*.ts")))
            File.Copy(file, _folder[Path.GetFileName(file)]);
        string packages = Path.Combine(ClientPrograms.TypeScriptFolder, "node_modules");
        Directory.CreateSymbolicLink(_folder["node_modules"], packages);
        await RunToolAsync("openapi-ts");
        await RunToolAsync("tsc");
    }

    public async Task DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        _folder?.Dispose();
    }

    /// <summary>Starts a compiled file, which learns by its environment where the server is.</summary>
    internal ProgramProcess Start(Uri server, string script, params string[] words) =>
        ProgramProcess.Start(ClientPrograms.Node!, [_folder![Path.Combine("dist", script)], .. words], _folder.FullName, Environment(server));

    /// <summary>Runs a compiled file of tests by node's own runner, and fails with what it printed and what the server said.</summary>
    internal async Task AssertPassesAsync(string script, SdkServer server)
    {
        ScriptOutcome outcome = await ClientProgram.RunAsync(
            script, ClientPrograms.Node!, Environment(server.Address), ["--test", "--test-reporter=tap", _folder![Path.Combine("dist", script)]], _folder.FullName);
        Assert.True(outcome.Passed, $"{outcome}\nThe server:\n{server.Output}");
    }

    private static Action<IDictionary<string, string?>> Environment(Uri server) => environment =>
    {
        environment["MESSAGING_URL"] = server.GetLeftPart(UriPartial.Authority);
        environment["MESSAGING_ACCESS_KEY"] = SdkServer.AccessKey;
    };

    private Task RunToolAsync(string tool) =>
        UserTool.AssertSucceedsAsync(ClientPrograms.Node!, [_folder![Path.Combine("node_modules", ".bin", tool)]], _folder.FullName, Environment(_server!.Address));
}
