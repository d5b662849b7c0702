using System.Text.Json.Nodes;

namespace Messaging.Grpc.Tests.Conformance.Definitions;

/// <summary>Documents of definitions over REST.</summary>
internal sealed class RestDefinitionFront(RestCalls rest) : IDefinitionFront
{
    private const string Path = "/v1/definitions";

    public async Task<(FrontDocument Document, string Version)> GetAsync()
    {
        string version = await rest.VersionAsync(Path);
        JsonNode json = (await rest.CallAsync(HttpMethod.Get, Path)).Json!;
        return (new FrontDocument(
            [.. json["queues"]!.AsArray().Select(one => new FrontQueueEntry(Text(one!, "namespace"), Text(one!, "name"), one!["leaseSeconds"]!.GetValue<int>()))],
            [.. json["topics"]!.AsArray().Select(one => new FrontTopicEntry(Text(one!, "namespace"), Text(one!, "name"), one!["partitions"]!.GetValue<int>()))],
            [.. json["subscriptions"]!.AsArray().Select(one => new FrontSubscriptionEntry(Text(one!, "namespace"), Text(one!, "topic"), Text(one!, "name"), Text(one!["target"]!, "queue")))]), version);
    }

    public async Task<FrontApplied> PutAsync(FrontDocument document, bool isDryRun = false, string? version = null)
    {
        (string outcome, JsonNode? json) = await rest.CallAsync(HttpMethod.Put, $"{Path}?dryRun={(isDryRun ? "true" : "false")}", Of(document), version);
        if (outcome.Length > 0) return new FrontApplied(json!["errors"] is JsonArray errors ? [.. errors.Select(error => ErrorOf(error!))] : [ErrorOf(json)], false, [], 0);
        return new FrontApplied([], json!["applied"]!.GetValue<bool>(), [.. json["changes"]!.AsArray().Select(change => ChangeOf(change!))], json["unchanged"]!.GetValue<int>());
    }

    public async Task<(int Queues, int Topics, int Subscriptions)> ResetAsync()
    {
        JsonNode json = (await rest.CallAsync(HttpMethod.Post, "/v1/reset")).Json!;
        return (json["queues"]!.GetValue<int>(), json["topics"]!.GetValue<int>(), json["subscriptions"]!.GetValue<int>());
    }

    private static JsonObject Of(FrontDocument document) => new()
    {
        ["queues"] = new JsonArray([.. document.Queues.Select(one => new JsonObject { ["namespace"] = one.Namespace, ["name"] = one.Name, ["leaseSeconds"] = one.LeaseSeconds })]),
        ["topics"] = new JsonArray([.. document.Topics.Select(one => new JsonObject { ["namespace"] = one.Namespace, ["name"] = one.Name, ["partitions"] = one.Partitions })]),
        ["subscriptions"] = new JsonArray([.. document.Subscriptions.Select(one => new JsonObject
        {
            ["namespace"] = one.Namespace, ["topic"] = one.Topic, ["name"] = one.Name, ["target"] = new JsonObject { ["queue"] = one.Queue },
        })]),
    };

    private static string ErrorOf(JsonNode error) => $"{Text(error, "code")} {error["field"]?.GetValue<string>()}";

    private static string ChangeOf(JsonNode change) =>
        $"{Text(change, "change")} {Text(change, "kind")} {Text(change, "namespace")}/{change["topic"]?.GetValue<string>()}/{Text(change, "name")}: {string.Join(' ', change["fields"]!.AsArray())}";

    private static string Text(JsonNode json, string name) => json[name]!.GetValue<string>();
}
