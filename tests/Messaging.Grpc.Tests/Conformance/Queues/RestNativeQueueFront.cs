using System.Text.Json.Nodes;

namespace Messaging.Grpc.Tests.Conformance.Queues;

/// <summary>Queues over REST, beyond what all fronts can.</summary>
internal sealed class RestNativeQueueFront(RestCalls rest) : INativeQueueFront
{
    public Task<string> PatchAsync(string queue, int leaseSeconds) => rest.OutcomeAsync(HttpMethod.Patch, PathOf(queue), new JsonObject { ["leaseSeconds"] = leaseSeconds });

    public async Task<(string Outcome, FrontQueue? Queue)> GetAsync(string queue)
    {
        (string outcome, JsonNode? json) = await rest.CallAsync(HttpMethod.Get, PathOf(queue));
        return (outcome, outcome.Length > 0 ? null : new FrontQueue(
            json!["leaseSeconds"]!.GetValue<int>(), json["counts"]!["ready"]!.GetValue<long>(), json["counts"]!["leased"]!.GetValue<long>(), json["counts"]!["delayed"]!.GetValue<long>()));
    }

    public Task<string> ReleaseAsync(string queue, string receipt, int delaySeconds, bool isUnhandled) =>
        EntryAsync(queue, "/release", new JsonObject { ["receipt"] = receipt, ["delaySeconds"] = delaySeconds, ["unhandled"] = isUnhandled });

    public Task<string> RejectAsync(string queue, string receipt, string reason) => EntryAsync(queue, "/reject", new JsonObject { ["receipt"] = receipt, ["reason"] = reason });

    public async Task<(string Outcome, FrontMessage[] Messages)> BrowseAsync(string queue, string? state = null)
    {
        (string outcome, JsonNode? json) = await rest.CallAsync(HttpMethod.Get, PathOf(queue, "/messages" + (state is null ? "" : "?state=" + state)));
        return (outcome, [.. (json!["messages"]?.AsArray() ?? []).Select(message => Of(message!))]);
    }

    public async Task<(string Outcome, FrontMessage? Message)> LookAtAsync(string queue, string id)
    {
        (string outcome, JsonNode? json) = await rest.CallAsync(HttpMethod.Get, PathOf(queue, "/messages/" + id));
        return (outcome, outcome.Length > 0 ? null : Of(json!));
    }

    public Task<string> CancelAsync(string queue, string id) => rest.OutcomeAsync(HttpMethod.Delete, PathOf(queue, "/messages/" + id));

    private async Task<string> EntryAsync(string queue, string path, JsonObject entry) => (await rest.OutcomesAsync(PathOf(queue, path), new JsonObject { ["entries"] = new JsonArray(entry) }))[0];

    private static FrontMessage Of(JsonNode message) => new(
        message["id"]!.GetValue<string>(), message["body"]!.GetValue<string>(), message["state"]!.GetValue<string>(), message["receiveCount"]!.GetValue<int>(),
        message["origin"] is { } origin ? (origin["queue"]!.GetValue<string>(), origin["reason"]!.GetValue<string>(), origin["detail"]?.GetValue<string>() ?? "") : null);

    private static string PathOf(string queue, string rest = "") => $"/v1/queues/{queue}{rest}";
}
