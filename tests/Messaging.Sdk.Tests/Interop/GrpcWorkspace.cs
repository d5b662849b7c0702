using Messaging.TestKit;
using Messaging.TestKit.Contracts;
using Messaging.TestKit.Processes;

namespace Messaging.Sdk.Tests.Interop;

/// <summary>
/// The folder of a user of one language, as docs/sdks.md has it made: the example's files, the contract in proto/, and what is generated from it; and scripts of these tests beside them. With a server of its own.
/// Where a tool is missing there is neither.
/// </summary>
/// <param name="requirement">What the language needs of the machine; null: nothing that the tests do not need themselves.</param>
/// <param name="example">A folder of docs/examples.</param>
/// <param name="scripts">A folder beside this file.</param>
public abstract class GrpcWorkspace(string? requirement, string example, string scripts) : IAsyncLifetime
{
    private static readonly string Contract = Path.Combine(SourceTree.Root, "api", "proto");

    private TemporaryFolder? _folder;
    private SdkServer? _server;

    internal SdkServer Server => _server!;

    private protected TemporaryFolder Folder => _folder!;

    /// <summary>The contract's files, from the folder on.</summary>
    private protected static IEnumerable<string> ProtoFiles =>
        Directory.GetFiles(Contract, "*.proto", SearchOption.AllDirectories).Select(static file => Path.Combine("proto", Path.GetRelativePath(Contract, file)));

    /// <summary>What only these tests are compiled with: the details of a status, health and reflection.</summary>
    private protected static IEnumerable<string> OtherProtos =>
    [
        "-I", ClientPrograms.StatusProtos!, "-I", ClientPrograms.GrpcProtos,
        Path.Combine(ClientPrograms.StatusProtos!, "rpc", "status.proto"), Path.Combine(ClientPrograms.StatusProtos!, "rpc", "error_details.proto"),
        Path.Combine(ClientPrograms.GrpcProtos, "health", "v1", "health.proto"), Path.Combine(ClientPrograms.GrpcProtos, "reflection", "v1", "reflection.proto"),
    ];

    public async Task InitializeAsync()
    {
        if (requirement is not null && Requirement.WhyNot(requirement) is not null) return;
        _folder = new TemporaryFolder();
        _server = await SdkServer.StartOpenAsync();
        Copy(Path.Combine(SourceTree.Root, "docs", "examples", example), "");
        Copy(Path.Combine(SourceTree.Root, "tests", "Messaging.Sdk.Tests", "Interop", scripts), "");
        Copy(Path.Combine(Contract, "messaging", "v1"), Path.Combine("proto", "messaging", "v1"));
        await BuildAsync();
    }

    public async Task DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        _folder?.Dispose();
    }

    /// <summary>Starts a program of the folder, which learns by its environment where the server is.</summary>
    internal ProgramProcess Start(SdkServer server, string program, params string[] words) => StartThrough(server.GrpcAddress.Authority, server, program, words);

    /// <summary>The same, where the server is reached at another address than its own.</summary>
    internal ProgramProcess StartThrough(string address, SdkServer server, string program, params string[] words)
    {
        string[] command = Command(program);
        return ProgramProcess.Start(command[0], [.. command[1..], .. words], Folder.FullName, Environment(server, address));
    }

    /// <summary>Runs a script to its end, and fails with what it printed and what the server said.</summary>
    internal async Task AssertPassesAsync(string script, SdkServer? server = null)
    {
        server ??= Server;
        string[] command = TestCommand(script);
        ScriptOutcome outcome = await ClientProgram.RunAsync(script, command[0], Environment(server, server.GrpcAddress.Authority), command[1..], Folder.FullName);
        Assert.True(outcome.Passed, $"{outcome}\nThe server:\n{server.Output}");
    }

    /// <summary>The example's program that prints the messages of a queue.</summary>
    internal abstract string Consumer { get; }

    /// <summary>The example's program that sends messages to a queue.</summary>
    internal abstract string Producer { get; }

    /// <summary>As the user does it by hand.</summary>
    private protected abstract Task BuildAsync();

    private protected abstract string[] Command(string program);

    /// <summary>The command under which a script counts its cases.</summary>
    private protected virtual string[] TestCommand(string script) => Command(script);

    private protected Task RunToolAsync(string tool, params IEnumerable<string> words) => UserTool.AssertSucceedsAsync(tool, words, Folder.FullName);

    private static Action<IDictionary<string, string?>> Environment(SdkServer server, string address) => environment =>
    {
        environment["MESSAGING_GRPC"] = address;
        environment["MESSAGING_ACCESS_KEY"] = server.IsClosed ? SdkServer.AccessKey : null;
    };

    private void Copy(string from, string to)
    {
        Directory.CreateDirectory(Folder[to]);
        foreach (string file in Directory.GetFiles(from))
            File.Copy(file, Folder[Path.Combine(to, Path.GetFileName(file))]);
    }
}
