using Messaging.TestKit.Processes;

namespace Messaging.Sdk.Tests;

/// <summary>How programs are run that were compiled into dist/, and tools of node_modules/.</summary>
internal static class NodePrograms
{
    public static string[] Command(string program) => [ClientPrograms.Node!, Compiled(program)];

    /// <summary>By node's own runner, which counts cases.</summary>
    public static string[] TestCommand(string script) => [ClientPrograms.Node!, "--test", "--test-reporter=tap", Compiled(script)];

    private static string Compiled(string program) => Path.Combine("dist", program + ".js");
}
