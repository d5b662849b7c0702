using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Messaging.TestKit.Processes;

namespace Messaging.Sdk.Tests;

/// <summary>The real server as a child process, and what a test sees of it without an SDK. Owned by the test that started it.</summary>
internal sealed class SdkServer : IAsyncDisposable
{
    /// <summary>As a client of a closed server has it: the id and the secret.</summary>
    public const string AccessKey = "AKIAMESSAGING0000001:wJalrXUtnFEMI-K7MDENG-bPxRfiCY0000000001";

    private const string AuthMode = "Messaging:Auth:Mode";
    private const string GrpcUrl = "Kestrel:Endpoints:Grpc:Url";

    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder;
    private readonly ServerStart _start;
    private readonly HttpClient _client;
    private ServerProcess _process;

    private SdkServer(TemporaryFolder folder, ServerStart start, ServerProcess process)
    {
        (_folder, _start, _process) = (folder, start, process);
        _client = new HttpClient { BaseAddress = Address = process.Address };
        GrpcAddress = process.GrpcAddress;
    }

    /// <summary>Stays the same over restarts.</summary>
    public Uri Address { get; }

    /// <summary>Where it speaks gRPC; stays the same over restarts.</summary>
    public Uri GrpcAddress { get; }

    public bool IsClosed => _start.Settings.ContainsKey(AuthMode);

    /// <summary>What it has printed since it was started last, for the message of a test that failed.</summary>
    public string Output => _process.Output;

    public static Task<SdkServer> StartOpenAsync() => StartAsync([]);

    /// <summary>Open to <see cref="AccessKey"/> only.</summary>
    public static Task<SdkServer> StartClosedAsync() => StartAsync(new()
    {
        [AuthMode] = "Closed",
        ["Messaging:Auth:AccessKeyId"] = AccessKey.Split(':')[0],
        ["Messaging:Auth:SecretAccessKey"] = AccessKey.Split(':')[1],
        ["Messaging:Auth:Account"] = "210987654321",
    });

    /// <summary>Kills it in the middle of whatever it does.</summary>
    public Task KillAsync() => _process.KillHardAsync();

    /// <summary>SIGTERM, and waits for the end.</summary>
    public async Task StopAsync()
    {
        _process.Terminate();
        int code = await _process.ExitAsync(StopTimeout);
        Assert.True(code == 0, $"The server ended with {code}:\n{Output}");
    }

    /// <summary>Starts it again after a stop or a kill, at the same addresses.</summary>
    public async Task StartAgainAsync()
    {
        await _process.DisposeAsync();
        var settings = new Dictionary<string, string>(_start.Settings, StringComparer.Ordinal)
        {
            ["Kestrel:Endpoints:Http:Url"] = Address.GetLeftPart(UriPartial.Authority), [GrpcUrl] = GrpcAddress.GetLeftPart(UriPartial.Authority),
        };
        _process = await ServerProcess.StartAsync(_start with { Settings = settings });
    }

    /// <summary>Makes a queue, whose definition is JSON.</summary>
    public async Task CreateQueueAsync(string queue, string definition = "{}")
    {
        using var content = new StringContent(definition, null, "application/json");
        using HttpResponseMessage answer = await _client.PutAsync($"/v1/queues/{queue}", content);
        answer.EnsureSuccessStatusCode();
    }

    public Task SendAsync(string queue, params JsonObject[] bodies) => SendToGroupAsync(queue, null, bodies);

    /// <summary>Sends messages of one group; null: of none.</summary>
    public async Task SendToGroupAsync(string queue, string? group, params JsonObject[] bodies)
    {
        var messages = new JsonArray([.. bodies.Select(body => new JsonObject { ["body"] = body.ToJsonString() })]);
        if (group is not null)
        {
            foreach (JsonNode? message in messages)
                message!["group"] = group;
        }
        using HttpResponseMessage answer = await _client.PostAsJsonAsync($"/v1/queues/{queue}/messages", new JsonObject { ["messages"] = messages });
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Publishes a record to a topic, which has one partition and is made where it is not there.</summary>
    public async Task PublishAsync(string topic, string body)
    {
        using var definition = new StringContent("{}", null, "application/json");
        using HttpResponseMessage made = await _client.PutAsync($"/v1/topics/{topic}", definition);
        made.EnsureSuccessStatusCode();
        using HttpResponseMessage answer = await _client.PostAsJsonAsync(
            $"/v1/topics/{topic}/records", new JsonObject { ["records"] = new JsonArray(new JsonObject { ["body"] = body }) });
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>How many messages are ready, leased and delayed.</summary>
    public async Task<(int Ready, int Leased, int Delayed)> CountsAsync(string queue)
    {
        JsonNode counts = (await _client.GetFromJsonAsync<JsonNode>($"/v1/queues/{queue}"))!["counts"]!;
        return ((int)counts["ready"]!, (int)counts["leased"]!, (int)counts["delayed"]!);
    }

    /// <summary>The messages that stand in a queue, in whatever state.</summary>
    public async Task<JsonArray> BrowseAsync(string queue) =>
        (await _client.GetFromJsonAsync<JsonNode>($"/v1/queues/{queue}/messages"))!["messages"]!.AsArray();

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    private static async Task<SdkServer> StartAsync(Dictionary<string, string> settings)
    {
        var folder = new TemporaryFolder();
        try
        {
            var start = new ServerStart(folder["data"]) { Settings = new Dictionary<string, string>(settings, StringComparer.Ordinal) { [GrpcUrl] = "http://127.0.0.1:0" } };
            return new SdkServer(folder, start, await ServerProcess.StartAsync(start));
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }
}
