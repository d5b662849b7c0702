using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Messaging.Grpc.Tests.Conformance;

/// <summary>Queues over REST.</summary>
internal sealed class RestQueueFront(GrpcServer server) : IQueueFront, IDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = server.Http };

    public Task<string> CreateQueueAsync(string name, QueueTerms terms)
    {
        var definition = new JsonObject { ["type"] = terms.IsFifo ? "fifo" : "standard" };
        if (terms.DelaySeconds is { } delay) definition["delaySeconds"] = delay;
        if (terms.MaxMessageBytes is { } bytes) definition["maxMessageBytes"] = bytes;
        if (terms.DeadLetter is { } dead) definition["deadLetter"] = new JsonObject { ["queue"] = dead.Queue, ["maxReceives"] = dead.MaxReceives };
        if (terms.IsDeduplicatedByContent) definition["deduplication"] = new JsonObject { ["contentBased"] = true };
        return OutcomeAsync(HttpMethod.Put, name, "", definition);
    }

    public Task<string> DeleteQueueAsync(string name) => OutcomeAsync(HttpMethod.Delete, name, "", null);

    public Task<string> PurgeQueueAsync(string name) => OutcomeAsync(HttpMethod.Post, name, "/purge", null);

    public async Task<string[]> ListQueuesAsync(string prefix) =>
        [.. (await CallAsync(HttpMethod.Get, $"/v1/queues?prefix={prefix}", null)).Json!["queues"]!.AsArray().Select(queue => queue!["name"]!.GetValue<string>())];

    public Task<string[]> SendAsync(string queue, params FrontSend[] messages)
    {
        var entries = new JsonArray();
        foreach (FrontSend message in messages)
        {
            var entry = new JsonObject { ["body"] = message.Body };
            if (message.Group is not null) entry["group"] = message.Group;
            if (message.DeduplicationId is not null) entry["deduplicationId"] = message.DeduplicationId;
            if (message.DelaySeconds is { } delay) entry["delaySeconds"] = delay;
            if (message.Number is not null) entry["attributes"] = new JsonObject { ["n"] = new JsonObject { ["type"] = "number", ["value"] = message.Number } };
            entries.Add((JsonNode)entry);
        }

        return OutcomesAsync(queue, "/messages", new JsonObject { ["messages"] = entries });
    }

    public async Task<(string Outcome, FrontDelivery[] Messages)> ReceiveAsync(string queue, int leaseSeconds = 30)
    {
        (bool isOk, JsonNode? json) = await CallAsync(HttpMethod.Post, PathOf(queue, "/receive"), new JsonObject { ["max"] = 10, ["waitSeconds"] = 0, ["leaseSeconds"] = leaseSeconds });
        return isOk
            ? ("", [.. json!["messages"]!.AsArray().Select(message => new FrontDelivery(
                message!["id"]!.GetValue<string>(), message["body"]!.GetValue<string>(), message["group"]?.GetValue<string>(), message["receiveCount"]!.GetValue<int>(),
                message["attributes"]?["n"]?["value"]?.GetValue<string>(), message["receipt"]!.GetValue<string>()))])
            : (json!["code"]!.GetValue<string>(), []);
    }

    public Task<string[]> AcknowledgeAsync(string queue, params string[] receipts) =>
        OutcomesAsync(queue, "/acknowledge", new JsonObject { ["receipts"] = new JsonArray([.. receipts.Select(receipt => JsonValue.Create(receipt))]) });

    public async Task<string> ExtendAsync(string queue, string receipt, int seconds) => (await OutcomesAsync(
        queue, "/extend", new JsonObject { ["entries"] = new JsonArray(new JsonObject { ["receipt"] = receipt, ["leaseSeconds"] = seconds }) }))[0];

    public void Dispose() => _client.Dispose();

    private async Task<string> OutcomeAsync(HttpMethod method, string queue, string rest, JsonObject? body)
    {
        (bool isOk, JsonNode? json) = await CallAsync(method, PathOf(queue, rest), body);
        return isOk ? "" : json!["code"]!.GetValue<string>();
    }

    // Of each entry, also where all of them failed; or of the call.
    private async Task<string[]> OutcomesAsync(string queue, string rest, JsonObject body)
    {
        (_, JsonNode? json) = await CallAsync(HttpMethod.Post, PathOf(queue, rest), body);
        return json!["results"] is JsonArray results ? [.. results.Select(result => result!["error"]?["code"]?.GetValue<string>() ?? "")] : [json["code"]!.GetValue<string>()];
    }

    private async Task<(bool IsOk, JsonNode? Json)> CallAsync(HttpMethod method, string path, JsonObject? body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body, options: System.Text.Json.JsonSerializerOptions.Web) };
        if (request.Content is not null) await request.Content.LoadIntoBufferAsync();
        using HttpResponseMessage response = await _client.SendAsync(request);
        string text = await response.Content.ReadAsStringAsync();
        return (response.IsSuccessStatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    private static string PathOf(string queue, string rest) => $"/v1/queues/{queue}{rest}";
}
