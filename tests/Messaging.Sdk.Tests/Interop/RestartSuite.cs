using System.Text.Json.Nodes;

namespace Messaging.Sdk.Tests.Interop;

/// <summary>One channel of a client, and one stream after the other on it, over stops and starts of the server: restarted of a language's scripts says what it sees.</summary>
internal static class RestartSuite
{
    public static async Task RunAsync(GrpcWorkspace workspace)
    {
        await using SdkServer server = await SdkServer.StartOpenAsync();
        await server.CreateQueueAsync("restarted");
        await using Worker client = new(workspace.Start(server, "restarted", "restarted"));
        await SendAsync(1);

        // A server that stops says so to its streams.
        await server.StopAsync();
        await client.PrintsAsync("ended UNAVAILABLE stopping");
        await server.StartAgainAsync();
        await SendAsync(2);

        // One that is killed does not; the connection tells it.
        await server.KillAsync();
        await client.PrintsAsync("ended UNAVAILABLE without a word");
        await server.StartAgainAsync();
        await SendAsync(3);

        async Task SendAsync(int number)
        {
            await server.SendAsync("restarted", new JsonObject { ["number"] = number });
            await client.PrintsAsync($$"""received {"number":{{number}}}""");
        }
    }
}
