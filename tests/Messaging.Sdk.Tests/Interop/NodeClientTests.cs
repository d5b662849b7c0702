using Messaging.TestKit;

namespace Messaging.Sdk.Tests.Interop;

/// <summary>grpc-js of Node.js, with what ts-proto generates, against the real server: one fact for each file in node/.</summary>
[Collection(nameof(NodeCollection))]
public sealed class NodeClientTests(NodeWorkspace workspace)
{
    [RequiresFact(NodeWorkspace.Requirement)]
    public Task Calls_refusals_and_deadlines() => workspace.AssertPassesAsync("calls");

    [RequiresFact(NodeWorkspace.Requirement)]
    public Task Streams_both_ways_with_credit_and_acknowledgements() => workspace.AssertPassesAsync("streams");

    [RequiresFact(NodeWorkspace.Requirement)]
    public Task Large_messages_compression_and_pings() => workspace.AssertPassesAsync("wire");

    [RequiresFact(NodeWorkspace.Requirement)]
    public Task Topics_and_queues_from_end_to_end() => workspace.AssertPassesAsync("topics");

    [RequiresFact(NodeWorkspace.Requirement)]
    public Task A_client_that_learns_everything_by_reflection() => workspace.AssertPassesAsync("discovery");

    [RequiresFact(NodeWorkspace.Requirement)]
    public async Task A_closed_server_is_called_with_an_access_key()
    {
        await using SdkServer closed = await SdkServer.StartClosedAsync();
        await workspace.AssertPassesAsync("closed", closed);
    }

    [RequiresFact(NodeWorkspace.Requirement)]
    public Task A_channel_connects_again_to_a_server_that_was_stopped_or_killed() => RestartSuite.RunAsync(workspace);
}
