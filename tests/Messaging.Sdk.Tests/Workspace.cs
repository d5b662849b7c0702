using Messaging.TestKit;
using Messaging.TestKit.Contracts;
using Messaging.TestKit.Processes;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Messaging.Sdk.Tests;

/// <summary>
/// The folder of a user of one language, as docs/sdks.md has it made: the example's files, what is generated beside them, and scripts of these tests, all of it compiled. With a server of its own.
/// Where a tool is missing there is neither.
/// </summary>
/// <param name="requirement">What the language needs of the machine; null: nothing that the tests do not need themselves.</param>
/// <param name="example">A folder of docs/examples.</param>
/// <param name="scripts">A folder of this project.</param>
public abstract class Workspace(string? requirement, string example, string scripts) : IAsyncLifetime
{
    private TemporaryFolder? _folder;
    private SdkServer? _server;

    internal SdkServer Server => _server!;

    private protected TemporaryFolder Folder => _folder!;

    /// <summary>The example's program that prints the messages of a queue.</summary>
    internal abstract string Consumer { get; }

    /// <summary>The example's program that sends messages to a queue.</summary>
    internal abstract string Producer { get; }

    public async Task InitializeAsync()
    {
        if (requirement is not null && Requirement.WhyNot(requirement) is not null) return;
        _folder = new TemporaryFolder();
        _server = await SdkServer.StartOpenAsync();
        Copy(Path.Combine(SourceTree.Root, "docs", "examples", example), "");
        Copy(Path.Combine(SourceTree.Root, "tests", "Messaging.Sdk.Tests", scripts), "");
        await BuildAsync();
    }

    public async Task DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        _folder?.Dispose();
    }

    /// <summary>Starts a program of the folder, which learns by its environment where the server is.</summary>
    internal ProgramProcess Start(SdkServer server, string program, params string[] words) => StartThrough(AddressOf(server), server, program, words);

    /// <summary>The same, where the server is reached at another address than its own.</summary>
    internal ProgramProcess StartThrough(Uri address, SdkServer server, string program, params string[] words)
    {
        string[] command = Command(program);
        return ProgramProcess.Start(command[0], [.. command[1..], .. words], Folder.FullName, Environment(server, address));
    }

    /// <summary>Runs a script to its end, and fails with what it printed and what the server said.</summary>
    internal async Task AssertPassesAsync(string script, SdkServer? server = null)
    {
        server ??= Server;
        string[] command = TestCommand(script);
        ScriptOutcome outcome = await ClientProgram.RunAsync(script, command[0], Environment(server, AddressOf(server)), command[1..], Folder.FullName);
        Assert.True(outcome.Passed, $"{outcome}\nThe server:\n{server.Output}");
    }

    /// <summary>What it speaks with a server.</summary>
    internal abstract HttpProtocols Protocols { get; }

    /// <summary>Where it reaches a server.</summary>
    internal abstract Uri AddressOf(SdkServer server);

    /// <summary>The variable of the environment by which its programs learn that.</summary>
    private protected abstract (string Name, string Value) Variable(Uri address);

    /// <summary>As the user does it by hand.</summary>
    private protected abstract Task BuildAsync();

    private protected abstract string[] Command(string program);

    /// <summary>The command under which a script counts its cases.</summary>
    private protected virtual string[] TestCommand(string script) => Command(script);

    private protected Task RunToolAsync(string tool, params IEnumerable<string> words) => UserTool.AssertSucceedsAsync(tool, words, Folder.FullName, Environment(Server, AddressOf(Server)));

    private protected void Copy(string from, string to)
    {
        Directory.CreateDirectory(Folder[to]);
        foreach (string file in Directory.GetFiles(from))
            File.Copy(file, Folder[Path.Combine(to, Path.GetFileName(file))]);
    }

    private Action<IDictionary<string, string?>> Environment(SdkServer server, Uri address) => environment =>
    {
        (string name, string value) = Variable(address);
        environment[name] = value;
        environment["MESSAGING_ACCESS_KEY"] = server.IsClosed ? SdkServer.AccessKey : null;
    };
}
