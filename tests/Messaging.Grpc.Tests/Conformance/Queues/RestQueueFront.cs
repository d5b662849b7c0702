using System.Text.Json.Nodes;

namespace Messaging.Grpc.Tests.Conformance.Queues;

/// <summary>Queues over REST.</summary>
internal sealed class RestQueueFront(RestCalls rest) : IQueueFront
{
    public Task<string> CreateQueueAsync(string name, QueueTerms terms)
    {
        var definition = new JsonObject { ["type"] = terms.IsFifo ? "fifo" : "standard" };
        if (terms.DelaySeconds is { } delay) definition["delaySeconds"] = delay;
        if (terms.MaxMessageBytes is { } bytes) definition["maxMessageBytes"] = bytes;
        if (terms.DeadLetter is { } dead) definition["deadLetter"] = new JsonObject { ["queue"] = dead.Queue, ["maxReceives"] = dead.MaxReceives };
        if (terms.IsDeduplicatedByContent) definition["deduplication"] = new JsonObject { ["contentBased"] = true };
        return rest.OutcomeAsync(HttpMethod.Put, PathOf(name), definition);
    }

    public Task<string> DeleteQueueAsync(string name) => rest.OutcomeAsync(HttpMethod.Delete, PathOf(name));

    public Task<string> PurgeQueueAsync(string name) => rest.OutcomeAsync(HttpMethod.Post, PathOf(name, "/purge"));

    public async Task<string[]> ListQueuesAsync(string prefix) =>
        [.. (await rest.CallAsync(HttpMethod.Get, $"/v1/queues?prefix={prefix}")).Json!["queues"]!.AsArray().Select(queue => queue!["name"]!.GetValue<string>())];

    public Task<string[]> SendAsync(string queue, params FrontSend[] messages)
    {
        var entries = new JsonArray();
        foreach (FrontSend message in messages)
        {
            var entry = new JsonObject { ["body"] = message.Body };
            if (message.Group is not null) entry["group"] = message.Group;
            if (message.DeduplicationId is not null) entry["deduplicationId"] = message.DeduplicationId;
            if (message.DelaySeconds is { } delay) entry["delaySeconds"] = delay;
            entry["attributes"] = AttributesOf(message);
            entries.Add((JsonNode)entry);
        }

        return rest.OutcomesAsync(PathOf(queue, "/messages"), new JsonObject { ["messages"] = entries });
    }

    public async Task<(string Outcome, FrontDelivery[] Messages)> ReceiveAsync(string queue, int leaseSeconds = 30)
    {
        (string outcome, JsonNode? json) = await rest.CallAsync(HttpMethod.Post, PathOf(queue, "/receive"), new JsonObject { ["max"] = 10, ["waitSeconds"] = 0, ["leaseSeconds"] = leaseSeconds });
        return (outcome, [.. (json?["messages"]?.AsArray() ?? []).Select(message => new FrontDelivery(
            message!["id"]!.GetValue<string>(), message["body"]!.GetValue<string>(), message["group"]?.GetValue<string>(), message["receiveCount"]!.GetValue<int>(),
            message["attributes"]?["n"]?["value"]?.GetValue<string>(), message["attributes"]?["kind"]?["value"]?.GetValue<string>(), message["receipt"]!.GetValue<string>()))]);
    }

    public Task<string[]> AcknowledgeAsync(string queue, params string[] receipts) =>
        rest.OutcomesAsync(PathOf(queue, "/acknowledge"), new JsonObject { ["receipts"] = new JsonArray([.. receipts.Select(receipt => JsonValue.Create(receipt))]) });

    public async Task<string> ExtendAsync(string queue, string receipt, int seconds) => (await rest.OutcomesAsync(
        PathOf(queue, "/extend"), new JsonObject { ["entries"] = new JsonArray(new JsonObject { ["receipt"] = receipt, ["leaseSeconds"] = seconds }) }))[0];

    /// <summary>Of a message, or of a record that becomes one.</summary>
    public static JsonObject AttributesOf(FrontSend message)
    {
        var attributes = new JsonObject();
        if (message.Number is not null) attributes["n"] = new JsonObject { ["type"] = "number", ["value"] = message.Number };
        if (message.Kind is not null) attributes["kind"] = new JsonObject { ["type"] = "string", ["value"] = message.Kind };
        return attributes;
    }

    private static string PathOf(string queue, string rest = "") => $"/v1/queues/{queue}{rest}";
}
