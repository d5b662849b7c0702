using System.Text.Json.Nodes;

namespace Messaging.Grpc.Tests.Conformance.Topics;

/// <summary>Topics that SNS has too, over REST.</summary>
internal sealed class RestSharedTopicFront(RestCalls rest) : ISharedTopicFront
{
    public async Task<SharedTopic> GetAsync(string topic)
    {
        JsonNode json = (await rest.CallAsync(HttpMethod.Get, "/v1/topics/" + topic)).Json!;
        return new SharedTopic(
            json["deduplication"]?["contentBased"]!.GetValue<bool>() ?? false, json["deduplication"]?["scope"]!.GetValue<string>() == "group", json["retentionSeconds"]?.GetValue<int>(),
            json["annotations"]?.AsObject().ToDictionary(one => one.Key, one => one.Value!.GetValue<string>()) ?? []);
    }

    public Task<string> PatchAsync(string topic, bool isContentBased, bool isWithinGroup, int retentionSeconds) => rest.OutcomeAsync(HttpMethod.Patch, "/v1/topics/" + topic, new JsonObject
    {
        ["deduplication"] = new JsonObject { ["contentBased"] = isContentBased, ["scope"] = isWithinGroup ? "group" : "topic" },
        ["retentionSeconds"] = retentionSeconds,
    });
}
