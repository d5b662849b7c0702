using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Messaging.TestKit.Processes;
using Xunit.Abstractions;

namespace Messaging.Api.Tests.Faults;

/// <summary>SIGKILL of the real server while messages die, are rejected and are redriven: each is once in one queue, and none is delivered beyond its limit.</summary>
public sealed class DeadLetterKillTests(ITestOutputHelper output) : IDisposable
{
    private const int Messages = 300;
    private const int MaxReceives = 2;
    private static readonly TimeSpan DrainMax = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private int _answers;

    [Fact]
    public async Task Kills_leave_every_message_once_in_one_queue()
    {
        int seed = Run.Seed();
        var random = new Random(seed);
        for (int round = FaultRounds.Of(4); round > 0; round--)
        {
            await using ServerProcess server = await StartAsync();
            if (_answers == 0) await SendAsync(server);
            Task load = Task.WhenAll(Enumerable.Range(0, 4).Select(number => Task.Run(() => LoadAsync(server.Address, new Random(seed + (10 * round) + number)))));
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(100, 900)), Run.Clock, CancellationToken.None);
            await server.KillHardAsync();
            await load;
        }

        await using ServerProcess last = await StartAsync();
        output.WriteLine($"seed {seed}: {_answers} answers");
        await DrainAsync(last.Address);
        await Run.StopsSoundAsync(last, _folder["data"]);
    }

    public void Dispose() => _folder.Dispose();

    private static HttpClient Client(Uri address) => new() { BaseAddress = address };

    private static StringContent Json(string text) => new(text, System.Text.Encoding.UTF8, "application/json");

    private static async Task<JsonArray> ReceiveAsync(HttpClient client, string queue, int max, int leaseSeconds)
    {
        using HttpResponseMessage response = await client.PostAsync($"/v1/queues/{queue}/receive", Json($$"""{"max":{{max}},"leaseSeconds":{{leaseSeconds}} }"""));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonNode>())!["messages"]!.AsArray();
    }

    private async Task<ServerProcess> StartAsync()
    {
        ServerProcess server = await ServerProcess.StartAsync(new ServerStart(_folder["data"]));
        using HttpClient client = Client(server.Address);
        (await client.PutAsync("/v1/queues/dead", Json("{}"))).EnsureSuccessStatusCode();
        (await client.PutAsync("/v1/queues/alive", Json($$"""{"deadLetter":{"queue":"dead","maxReceives":{{MaxReceives}}} }"""))).EnsureSuccessStatusCode();
        return server;
    }

    private async Task SendAsync(ServerProcess server)
    {
        using HttpClient client = Client(server.Address);
        string messages = string.Join(',', Enumerable.Range(0, Messages).Select(number => $$"""{"body":"{{number}}"}"""));
        (await client.PostAsync("/v1/queues/alive/messages", Json($$"""{"messages":[{{messages}}]}"""))).EnsureSuccessStatusCode();
        _answers++;
    }

    // Until the server is gone.
    private async Task LoadAsync(Uri address, Random random)
    {
        using HttpClient client = Client(address);
        try
        {
            while (true)
            {
                await LoadOnceAsync(client, random);
                Interlocked.Increment(ref _answers);
            }
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException or TaskCanceledException)
        {
            // What it asked last is unknown.
        }
    }

    private static async Task LoadOnceAsync(HttpClient client, Random random)
    {
        if (random.Next(10) == 0)
        {
            using HttpResponseMessage redrive = await client.PostAsync("/v1/queues/dead/redrive", Json(random.Next(2) == 0 ? "{}" : """{"messagesPerSecond":50}"""));
            Assert.Contains(redrive.StatusCode, new[] { HttpStatusCode.Accepted, HttpStatusCode.Conflict });
            return;
        }

        JsonArray received = await ReceiveAsync(client, "alive", random.Next(1, 20), random.Next(2));
        Assert.All(received, message => Assert.InRange(message!["receiveCount"]!.GetValue<int>(), 1, MaxReceives));
        if (received.Count == 0 || random.Next(2) == 0) return;
        string receipt = received[0]!["receipt"]!.GetValue<string>();
        using HttpResponseMessage rejected = await client.PostAsync("/v1/queues/alive/reject", Json($$"""{"entries":[{"receipt":"{{receipt}}","reason":"no"}]}"""));
        Assert.True((int)rejected.StatusCode < 500);
    }

    private async Task DrainAsync(Uri address)
    {
        using HttpClient client = Client(address);
        long began = Run.Clock.GetTimestamp();
        foreach (JsonNode? operation in (await client.GetFromJsonAsync<JsonNode>("/v1/operations?pageSize=1000"))!["operations"]!.AsArray())
        {
            (await client.DeleteAsync($"/v1/operations/{operation!["id"]}")).EnsureSuccessStatusCode();
        }

        var found = new HashSet<string>();
        while (found.Count < Messages)
        {
            Assert.True(Run.Clock.GetElapsedTime(began) < DrainMax, $"{found.Count} of {Messages} messages were found");
            foreach (string queue in new[] { "alive", "dead" })
            {
                foreach (JsonNode? message in await ReceiveAsync(client, queue, 1_000, 600)) Assert.True(found.Add(message!["body"]!.GetValue<string>()), $"{message} is there twice");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), Run.Clock, CancellationToken.None);
        }

        int leased = 0;
        foreach (string queue in new[] { "alive", "dead" })
        {
            JsonNode counts = (await client.GetFromJsonAsync<JsonNode>($"/v1/queues/{queue}"))!["counts"]!;
            Assert.Equal(0, counts["ready"]!.GetValue<int>());
            leased += counts["leased"]!.GetValue<int>();
        }

        Assert.Equal(Messages, leased);
    }
}
