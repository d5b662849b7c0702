namespace Messaging.Sdk.Tests.Interop;

/// <summary>A language's library of gRPC, with what is generated for it, against the real server: one fact for each script of the language's folder.</summary>
public abstract class ScriptedClientTests(GrpcWorkspace workspace)
{
    [LanguageFact]
    public Task Calls_refusals_and_deadlines() => workspace.AssertPassesAsync("calls");

    [LanguageFact]
    public Task Streams_both_ways_with_credit_and_acknowledgements() => workspace.AssertPassesAsync("streams");

    [LanguageFact]
    public Task Large_messages_compression_and_pings() => workspace.AssertPassesAsync("wire");

    [LanguageFact]
    public Task Topics_and_queues_from_end_to_end() => workspace.AssertPassesAsync("topics");

    [LanguageFact]
    public Task A_client_that_learns_everything_by_reflection() => workspace.AssertPassesAsync("discovery");

    [LanguageFact]
    public async Task A_closed_server_is_called_with_an_access_key()
    {
        await using SdkServer closed = await SdkServer.StartClosedAsync();
        await workspace.AssertPassesAsync("closed", closed);
    }

    [LanguageFact]
    public Task A_channel_connects_again_to_a_server_that_was_stopped_or_killed() => RestartSuite.RunAsync(workspace);
}
