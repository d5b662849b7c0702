namespace Messaging.Sdk.Tests.TypeScript;

/// <summary>A client of TypeScript as it is generated from openapi.yaml, compiled strictly, against the real server: one fact for each file in node/.</summary>
[Collection(nameof(TypeScriptCollection))]
[Requires(TypeScriptWorkspace.Requirement)]
public sealed class GeneratedClientTests(TypeScriptWorkspace workspace)
{
    [LanguageFact]
    public Task Queues_are_sent_to_and_received_from() => workspace.AssertPassesAsync("queues");

    [LanguageFact]
    public Task Topics_are_published_to_fetched_and_followed() => workspace.AssertPassesAsync("topics");

    [LanguageFact]
    public Task Refusals_are_typed_problems_and_what_passes_is_waited_for() => workspace.AssertPassesAsync("refusals");

    [LanguageFact]
    public async Task A_closed_server_is_called_with_an_access_key()
    {
        await using SdkServer closed = await SdkServer.StartClosedAsync();
        await workspace.AssertPassesAsync("closed", closed);
    }

    [LanguageFact]
    public async Task The_page_tells_a_refusal_from_an_answer()
    {
        await using SdkServer server = await SdkServer.StartOpenAsync();

        await PrintsAsync("queueNotFound ");
        await server.CreateQueueAsync("orders");
        await PrintsAsync("0");

        async Task PrintsAsync(string line)
        {
            await using Worker page = new(workspace.Start(server, "page0"));
            await page.AssertStopsAsync();
            Assert.Equal(1, page.Count(line));
        }
    }

    [LanguageFact]
    public async Task The_page_follows_a_partition()
    {
        await workspace.Server.PublishAsync("events", "a");
        await using Worker page = new(workspace.Start(workspace.Server, "page1"));

        await page.PrintsAsync("0 a");
        await workspace.Server.PublishAsync("events", "b");
        await page.PrintsAsync("1 b");
    }

    [LanguageFact]
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
