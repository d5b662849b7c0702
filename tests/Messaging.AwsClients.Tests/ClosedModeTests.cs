using Messaging.AwsClients.Tests.Scripts;
using Messaging.TestKit;
using Xunit.Abstractions;

namespace Messaging.AwsClients.Tests;

/// <summary>Clients that sign for real against a server that checks it, and what it says to those that do not.</summary>
public sealed class ClosedModeTests(ClosedModeTests.PythonSuite python, ClosedModeTests.NodeSuite node, ITestOutputHelper output)
    : IClassFixture<ClosedModeTests.PythonSuite>, IClassFixture<ClosedModeTests.NodeSuite>
{
    [RequiresFact("boto3")]
    public Task Signatures_by_boto3() => python.AssertPassedAsync("closed.py", output);

    [RequiresFact("boto3")]
    public Task Policies_by_boto3() => python.AssertPassedAsync("policies.py", output);

    [RequiresFact("boto3")]
    public Task Topics_by_boto3() => python.AssertPassedAsync("sns_closed.py", output);

    [RequiresFact("aws-sdk")]
    public Task Signatures_by_the_sdk_of_javascript() => node.AssertPassedAsync("closed.mjs", output);

    /// <summary>boto3 over a closed server.</summary>
    public sealed class PythonSuite() : ScriptSuite("boto3")
    {
        private protected override IEnumerable<ClientScript> Scripts() => [ClientScript.Python("closed.py"), ClientScript.Python("policies.py"), ClientScript.Python("sns_closed.py")];

        private protected override Task<SqsServer> StartServerAsync() => SqsServer.StartClosedAsync();
    }

    /// <summary>The SDK of JavaScript over a closed server.</summary>
    public sealed class NodeSuite() : ScriptSuite("aws-sdk")
    {
        private protected override IEnumerable<ClientScript> Scripts() => [ClientScript.Node("closed.mjs")];

        private protected override Task<SqsServer> StartServerAsync() => SqsServer.StartClosedAsync();
    }
}
