using System.Text;
using System.Text.Json;

namespace Messaging.Benchmarks.Processes;

/// <summary>The built server on a data folder of its own.</summary>
internal sealed class ServerProcess : HttpProcess
{
    private ServerProcess(string folder, int port, int grpcPort, string[] settings)
        : base(
            Binary, Path.GetDirectoryName(folder)!, port,
            [$"--Messaging:DataDirectory={folder}", $"--Kestrel:Endpoints:Http:Url=http://127.0.0.1:{port}", $"--Kestrel:Endpoints:Grpc:Url=http://127.0.0.1:{grpcPort}", .. settings]) =>
        GrpcPort = grpcPort;

    /// <summary>Where HTTP/2 is spoken.</summary>
    public int GrpcPort { get; }

    /// <summary>Beside the benchmarks' own output, in the same configuration.</summary>
    private static string Binary
    {
        get
        {
            string output = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
            string framework = Path.GetFileName(output), configuration = Path.GetFileName(Path.GetDirectoryName(output)!);
            DirectoryInfo? root = new(output);
            while (root is not null && !File.Exists(Path.Combine(root.FullName, "Messaging.Api.sln")))
            {
                root = root.Parent;
            }

            string binary = Path.Combine(root?.FullName ?? output, "src", "Messaging.Api", "bin", configuration, framework, "Messaging.Api.dll");
            return File.Exists(binary) ? binary : throw new FileNotFoundException("The server is not built.", binary);
        }
    }

    /// <summary>Begins; ask <see cref="HttpProcess.UntilReadyAsync"/> next.</summary>
    public static ServerProcess Begin(string folder, params string[] settings) => new(folder, FreePort(), FreePort(), settings);

    public static async Task<ServerProcess> StartAsync(string folder, params string[] settings)
    {
        var server = Begin(folder, settings);
        await server.UntilReadyAsync();
        return server;
    }

    public async Task CreateQueueAsync(string queue, string definition = "{}")
    {
        using HttpResponseMessage response = await Client.PutAsync($"/v1/queues/{queue}", new StringContent(definition, Encoding.UTF8, "application/json"));
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Of one partition, and kept for ever: the records of <see cref="TestKit.ProducedBatch"/> are years old.</summary>
    public async Task CreateTopicAsync(string topic)
    {
        using HttpResponseMessage response = await Client.PutAsync($"/v1/topics/{topic}", new StringContent("""{"retentionSeconds":null}""", Encoding.UTF8, "application/json"));
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Under the queue's name.</summary>
    public async Task SubscribeAsync(string topic, string queue)
    {
        using var definition = new StringContent($$$"""{"target":{"queue":"{{{queue}}}"}}""", Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await Client.PutAsync($"/v1/topics/{topic}/subscriptions/{queue}", definition);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Drops all messages of a queue.</summary>
    public async Task PurgeAsync(string queue)
    {
        using HttpResponseMessage response = await Client.PostAsync($"/v1/queues/{queue}/purge", null);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Messages that are ready.</summary>
    public async Task<long> ReadyAsync(string queue)
    {
        using var description = JsonDocument.Parse(await Client.GetStringAsync($"/v1/queues/{queue}"));
        return description.RootElement.GetProperty("counts").GetProperty("ready").GetInt64();
    }

    public Task<HttpResponseMessage> SendOneAsync(string queue) =>
        Client.PostAsync($"/v1/queues/{queue}/messages", new StringContent("""{"messages":[{"body":"hi"}]}""", Encoding.UTF8, "application/json"));
}
