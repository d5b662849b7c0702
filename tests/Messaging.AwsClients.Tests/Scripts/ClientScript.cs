using Messaging.TestKit.Contracts;
using Messaging.TestKit.Processes;

namespace Messaging.AwsClients.Tests.Scripts;

/// <summary>One script of a client. Immutable.</summary>
/// <param name="Program">What runs it.</param>
/// <param name="Folder">Below the folder of these tests.</param>
/// <param name="Name">Its file.</param>
/// <param name="Words">What stands before the file.</param>
internal sealed record ClientScript(string Program, string Folder, string Name, params string[] Words)
{
    public static ClientScript Python(string name) => new(ClientPrograms.Python!, "python", name);

    /// <summary>By node's own test runner.</summary>
    public static ClientScript Node(string name) => new(ClientPrograms.Node!, "node", name, "--test", "--test-reporter=tap");

    public Task<ScriptOutcome> RunAsync(SqsServer server)
    {
        string folder = Path.Combine(SourceTree.Root, "tests", "Messaging.AwsClients.Tests", Folder);
        return ClientProgram.RunAsync(Name, Program, ClientEnvironment.Of(server), [.. Words, Path.Combine(folder, Name)], folder);
    }
}
