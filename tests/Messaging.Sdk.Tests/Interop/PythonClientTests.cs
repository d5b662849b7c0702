using Messaging.TestKit;

namespace Messaging.Sdk.Tests.Interop;

/// <summary>grpcio of Python, over the core in C, against the real server: one fact for each file in python/.</summary>
[Collection(nameof(PythonCollection))]
public sealed class PythonClientTests(PythonWorkspace workspace)
{
    [RequiresFact(PythonWorkspace.Requirement)]
    public Task Calls_refusals_and_deadlines() => workspace.AssertPassesAsync("calls");

    [RequiresFact(PythonWorkspace.Requirement)]
    public Task Streams_both_ways_with_credit_and_acknowledgements() => workspace.AssertPassesAsync("streams");

    [RequiresFact(PythonWorkspace.Requirement)]
    public Task Large_messages_compression_and_pings() => workspace.AssertPassesAsync("wire");

    [RequiresFact(PythonWorkspace.Requirement)]
    public Task Topics_and_queues_from_end_to_end() => workspace.AssertPassesAsync("topics");

    [RequiresFact(PythonWorkspace.Requirement)]
    public Task A_client_that_learns_everything_by_reflection() => workspace.AssertPassesAsync("discovery");

    [RequiresFact(PythonWorkspace.Requirement)]
    public async Task A_closed_server_is_called_with_an_access_key()
    {
        await using SdkServer closed = await SdkServer.StartClosedAsync();
        await workspace.AssertPassesAsync("closed", closed);
    }

    [RequiresFact(PythonWorkspace.Requirement)]
    public Task A_channel_connects_again_to_a_server_that_was_stopped_or_killed() => RestartSuite.RunAsync(workspace);
}
