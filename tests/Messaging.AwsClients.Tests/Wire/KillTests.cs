using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Messaging.TestKit.Processes;

namespace Messaging.AwsClients.Tests.Wire;

/// <summary>A server that is killed while SQS's clients send, receive and delete: what was acknowledged to one of them is as it was told.</summary>
public sealed class KillTests
{
    private const int Rounds = 3;
    private const int Clients = 8;
    private const int BatchesBeforeKill = 60;

    private readonly ConcurrentDictionary<string, byte> _sent = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> _deleted = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> _attempted = new(StringComparer.Ordinal);
    private int _next;

    [Fact]
    public async Task Nothing_that_was_acknowledged_by_SQS_is_lost_and_nothing_that_was_deleted_comes_back()
    {
        using var folder = new TemporaryFolder();
        string? url = null;
        for (int round = 0; round < Rounds; round++)
        {
            await using ServerProcess server = await ServerProcess.StartAsync(new ServerStart(folder["data"]));
            using var client = new HttpClient { BaseAddress = server.Address };
            url ??= (await CallAsync(client, "CreateQueue", new JsonObject { ["QueueName"] = "q", ["Attributes"] = new JsonObject { ["VisibilityTimeout"] = "0" } }))!["QueueUrl"]!.GetValue<string>();
            await KillUnderLoadAsync(server, client, url);
        }

        await using ServerProcess last = await ServerProcess.StartAsync(new ServerStart(folder["data"]));
        using var reader = new HttpClient { BaseAddress = last.Address };
        HashSet<string> found = await ReadAllAsync(reader, url!);
        Assert.NotEmpty(_deleted);
        Assert.DoesNotContain(_sent.Keys, body => !found.Contains(body) && !_attempted.ContainsKey(body));
        Assert.DoesNotContain(found, _deleted.ContainsKey);
    }

    private async Task KillUnderLoadAsync(ServerProcess server, HttpClient client, string url)
    {
        int batches = 0;
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task[] clients = [.. Enumerable.Range(0, Clients).Select(async index =>
        {
            try
            {
                while (true)
                {
                    if (index % 2 == 0) await SendAsync(client, url);
                    else await ConsumeAsync(client, url);
                    if (Interlocked.Increment(ref batches) == BatchesBeforeKill) enough.SetResult();
                }
            }
            catch (Exception cut) when (cut is HttpRequestException or IOException)
            {
                // The server is gone; what it had not answered may or may not have happened.
            }
        })];
        await enough.Task;
        await server.KillHardAsync();
        await Task.WhenAll(clients);
    }

    private async Task SendAsync(HttpClient client, string url)
    {
        string[] bodies = [.. Enumerable.Range(0, 10).Select(_ => $"m{Interlocked.Increment(ref _next)}")];
        JsonNode answer = (await CallAsync(client, "SendMessageBatch", new JsonObject
        {
            ["QueueUrl"] = url,
            ["Entries"] = new JsonArray([.. bodies.Select((body, index) => new JsonObject { ["Id"] = $"{index}", ["MessageBody"] = body })]),
        }))!;
        foreach (JsonNode? one in answer["Successful"]!.AsArray())
            _sent[bodies[int.Parse(one!["Id"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture)]] = 0;
    }

    private async Task ConsumeAsync(HttpClient client, string url)
    {
        JsonNode received = (await CallAsync(client, "ReceiveMessage", new JsonObject { ["QueueUrl"] = url, ["MaxNumberOfMessages"] = 3, ["WaitTimeSeconds"] = 1, ["VisibilityTimeout"] = 60 }))!;
        foreach (JsonNode? message in received["Messages"]?.AsArray() ?? [])
        {
            string body = message!["Body"]!.GetValue<string>();
            _attempted[body] = 0;
            await CallAsync(client, "DeleteMessage", new JsonObject { ["QueueUrl"] = url, ["ReceiptHandle"] = message["ReceiptHandle"]!.GetValue<string>() });
            _deleted[body] = 0;
        }
    }

    // By REST, which shows messages in whatever state: those that a killed client still has too.
    private static async Task<HashSet<string>> ReadAllAsync(HttpClient client, string url)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        string? after = null;
        do
        {
            string page = await client.GetStringAsync($"/v1/queues/{url.Split('/')[^1]}/messages?limit=1000{(after is null ? "" : "&after=" + Uri.EscapeDataString(after))}");
            JsonNode json = JsonNode.Parse(page)!;
            foreach (JsonNode? message in json["messages"]!.AsArray())
                found.Add(message!["body"]!.GetValue<string>());
            after = json["nextPageToken"]?.GetValue<string>();
        }
        while (after is not null);
        return found;
    }

    private static async Task<JsonNode?> CallAsync(HttpClient client, string operation, JsonObject body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/")
        {
            Content = new StringContent(body.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue(WireServer.JsonType)),
        };
        request.Headers.TryAddWithoutValidation("X-Amz-Target", $"AmazonSQS.{operation}");
        using HttpResponseMessage response = await client.SendAsync(request);
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text);
    }
}
