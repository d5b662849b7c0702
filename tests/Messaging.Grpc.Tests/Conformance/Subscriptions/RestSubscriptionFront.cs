using System.Text.Json.Nodes;
using Messaging.Grpc.Tests.Conformance.Queues;
using Messaging.Grpc.Tests.Conformance.Topics;

namespace Messaging.Grpc.Tests.Conformance.Subscriptions;

/// <summary>Subscriptions over REST.</summary>
internal sealed class RestSubscriptionFront(RestCalls rest) : IPausingFront
{
    private readonly RestTopicFront _topics = new(rest);

    public Task<string> CreateTopicAsync(string name, bool isFifo = false) => _topics.CreateTopicAsync(name, new TopicTerms(IsFifo: isFifo));

    public Task<string> DeleteTopicAsync(string name) => _topics.DeleteTopicAsync(name);

    public Task<string[]> ListTopicsAsync(string prefix) => _topics.ListTopicsAsync(prefix);

    public Task<string[]> PublishAsync(string topic, params FrontSend[] messages) =>
        rest.OutcomesAsync(PathOf(topic, "/records"), new JsonObject { ["records"] = new JsonArray([.. messages.Select(Of)]) });

    public Task<string> SubscribeAsync(string topic, string queue, SubscriptionTerms terms)
    {
        var definition = new JsonObject { ["target"] = new JsonObject { ["queue"] = queue }, ["raw"] = terms.IsRaw };
        if (terms.Filter is not null) definition["filter"] = Of(terms.Filter);
        if (terms.DeadLetter is not null) definition["deadLetter"] = new JsonObject { ["queue"] = terms.DeadLetter };
        return rest.OutcomeAsync(HttpMethod.Put, PathOf(topic, "/subscriptions/" + GrpcServer.NewName()), definition);
    }

    public async Task<string> FilterAsync(string topic, string queue, FrontFilter filter) =>
        await rest.OutcomeAsync(HttpMethod.Patch, await FindAsync(topic, queue), new JsonObject { ["filter"] = Of(filter) });

    public async Task<string> UnsubscribeAsync(string topic, string target) => await rest.OutcomeAsync(HttpMethod.Delete, await FindAsync(topic, target));

    public async Task<(string Outcome, FrontSubscription[] Subscriptions)> ListAsync(string topic)
    {
        (string outcome, JsonNode? json) = await rest.CallAsync(HttpMethod.Get, PathOf(topic, "/subscriptions"));
        return (outcome, [.. (json!["subscriptions"]?.AsArray() ?? []).Select(one => new FrontSubscription(TargetOf(one!), new SubscriptionTerms(
            one!["raw"]!.GetValue<bool>(),
            one["filter"] is { } filter ? new FrontFilter(filter["scope"]!.GetValue<string>() == "body", filter["policy"]!.ToJsonString()) : null,
            one["deadLetter"]?["queue"]!.GetValue<string>())))]);
    }

    public async Task<string> PauseAsync(string topic, string queue, bool isPaused) => await rest.OutcomeAsync(HttpMethod.Post, await FindAsync(topic, queue) + (isPaused ? "/pause" : "/resume"));

    public Task<string> SubscribeEndpointAsync(string topic, string url) => rest.OutcomeAsync(
        HttpMethod.Put, PathOf(topic, "/subscriptions/" + GrpcServer.NewName()), new JsonObject { ["target"] = new JsonObject { ["url"] = url }, ["raw"] = false });

    public async Task<string> ConfirmAsync(string topic, string url, string token) => await rest.OutcomeAsync(HttpMethod.Post, await FindAsync(topic, url) + "/confirm", new JsonObject { ["token"] = token });

    public async Task<bool> IsPendingAsync(string topic, string url) => (await rest.CallAsync(HttpMethod.Get, await FindAsync(topic, url))).Json!["pending"]?.GetValue<bool>() ?? false;

    public async Task<string> ReplayAsync(string topic, string queue, DateTimeOffset from, DateTimeOffset? to)
    {
        var body = new JsonObject { ["from"] = from.ToString("O") };
        if (to is { } end) body["to"] = end.ToString("O");
        return await rest.OutcomeAsync(HttpMethod.Post, await FindAsync(topic, queue) + "/replay", body);
    }

    public async Task<string?> ReplayStatusAsync(string topic, string queue) => (await rest.CallAsync(HttpMethod.Get, await FindAsync(topic, queue))).Json!["replay"]?["status"]!.GetValue<string>();

    public async Task<string> EndReplayAsync(string topic, string queue) => await rest.OutcomeAsync(HttpMethod.Delete, await FindAsync(topic, queue) + "/replay");

    private async Task<string> FindAsync(string topic, string target)
    {
        JsonNode list = (await rest.CallAsync(HttpMethod.Get, PathOf(topic, "/subscriptions"))).Json!;
        return PathOf(topic, "/subscriptions/" + list["subscriptions"]!.AsArray().Single(one => TargetOf(one!) == target)!["name"]!.GetValue<string>());
    }

    private static string TargetOf(JsonNode subscription) => (subscription["target"]!["queue"] ?? subscription["target"]!["url"])!.GetValue<string>();

    private static JsonObject Of(FrontFilter filter) => new() { ["scope"] = filter.IsOfBody ? "body" : "attributes", ["policy"] = JsonNode.Parse(filter.Policy) };

    private static JsonObject Of(FrontSend message)
    {
        var record = new JsonObject { ["body"] = message.Body, ["attributes"] = RestQueueFront.AttributesOf(message) };
        if (message.Group is not null) record["key"] = message.Group;
        if (message.DeduplicationId is not null) record["deduplicationId"] = message.DeduplicationId;
        return record;
    }

    private static string PathOf(string topic, string rest = "") => $"/v1/topics/{topic}{rest}";
}
