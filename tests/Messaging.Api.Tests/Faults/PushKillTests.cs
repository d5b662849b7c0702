using System.Collections.Concurrent;
using System.Net.Http.Json;
using Messaging.Api.Tests.Hosting;
using Messaging.TestKit.Processes;
using Xunit.Abstractions;

namespace Messaging.Api.Tests.Faults;

/// <summary>SIGKILL of the real server while it pushes: what was published and answered reaches every endpoint, at least once.</summary>
public sealed class PushKillTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentBag<string> _published = [];
    private int _next;

    [Fact]
    public async Task Kills_while_it_pushes_lose_no_message_that_was_answered()
    {
        int seed = Run.Seed();
        var random = new Random(seed);
        await using PushedEndpoint one = await PushedEndpoint.StartAsync();
        await using PushedEndpoint other = await PushedEndpoint.StartAsync();
        for (int round = FaultRounds.Of(3); round > 0; round--)
        {
            await using ServerProcess server = await StartAsync();
            using var client = new HttpClient { BaseAddress = server.Address };
            await CreateAsync(client, one.Url, other.Url);
            using var ended = new CancellationTokenSource();
            Task running = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PublishAsync(client, ended.Token)));
            int enough = one.Bodies.Count + random.Next(50, 400);
            await one.UntilAsync(bodies => bodies.Count >= enough, Run.Timeout);
            await server.KillHardAsync();
            await ended.CancelAsync();
            await running;
        }

        await using ServerProcess last = await StartAsync();
        foreach (PushedEndpoint endpoint in new[] { one, other })
            await endpoint.UntilAsync(bodies => bodies.ToHashSet().IsSupersetOf(_published), Run.Timeout);
        output.WriteLine($"seed {seed}: {_published.Count} published, {one.Bodies.Count} and {other.Bodies.Count} deliveries");
        await Run.StopsSoundAsync(last, _folder["data"]);
    }

    public void Dispose() => _folder.Dispose();

    private Task<ServerProcess> StartAsync() => ServerProcess.StartAsync(new ServerStart(_folder["data"])
    {
        Settings = new Dictionary<string, string> { ["Messaging:Push:AllowPrivateNetworks"] = "true", ["Messaging:Push:TimeoutSeconds"] = "1" },
    });

    private static async Task CreateAsync(HttpClient client, params string[] urls)
    {
        (await client.PutAsJsonAsync("/v1/topics/pushed", new { })).EnsureSuccessStatusCode();
        for (int i = 0; i < urls.Length; i++)
            (await client.PutAsJsonAsync($"/v1/topics/pushed/subscriptions/s{i}", new { target = new { url = urls[i] }, confirmed = true })).EnsureSuccessStatusCode();
    }

    // Until the server is gone.
    private async Task PublishAsync(HttpClient client, CancellationToken ended)
    {
        while (!ended.IsCancellationRequested)
        {
            string body = $"m{Interlocked.Increment(ref _next)}";
            try
            {
                using HttpResponseMessage response = await client.PostAsJsonAsync("/v1/topics/pushed/records", new { records = new[] { new { body } } }, ended);
                if (response.IsSuccessStatusCode) _published.Add(body);
            }
            catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException)
            {
                return;
            }
        }
    }
}
