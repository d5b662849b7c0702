using Messaging.TestKit;

namespace Messaging.Sdk.Tests.TypeScript;

/// <summary>A client of TypeScript as it is generated from openapi.yaml, compiled strictly, against the real server: one fact for each file in node/.</summary>
[Collection(nameof(TypeScriptCollection))]
public sealed class GeneratedClientTests(TypeScriptWorkspace workspace)
{
    [RequiresFact(TypeScriptWorkspace.Requirement)]
    public Task Queues_are_sent_to_and_received_from() => workspace.AssertPassesAsync("queues");

    [RequiresFact(TypeScriptWorkspace.Requirement)]
    public Task Topics_are_published_to_fetched_and_followed() => workspace.AssertPassesAsync("topics");

    [RequiresFact(TypeScriptWorkspace.Requirement)]
    public Task Refusals_are_typed_problems_and_what_passes_is_waited_for() => workspace.AssertPassesAsync("refusals");

    [RequiresFact(TypeScriptWorkspace.Requirement)]
    public async Task A_closed_server_is_called_with_an_access_key()
    {
        await using SdkServer closed = await SdkServer.StartClosedAsync();
        await workspace.AssertPassesAsync("closed", closed);
    }

    [RequiresFact(TypeScriptWorkspace.Requirement)]
    public async Task A_partition_that_is_followed_goes_on_behind_the_last_record_after_a_crash()
    {
        await using SdkServer server = await SdkServer.StartOpenAsync();
        await server.PublishAsync("followed", "a");
        await using Worker follower = new(workspace.Start(server, "follow", "followed"));

        await follower.PrintsAsync("record 0 a");
        await server.KillAsync();
        await server.StartAgainAsync();
        await server.PublishAsync("followed", "b");

        await follower.PrintsAsync("record 1 b");
        Assert.Equal(2, follower.Count("record"));
    }
}
