using System.Text.Json.Nodes;

namespace Messaging.Grpc.Tests.Conformance.Groups;

/// <summary>Consumer groups over REST.</summary>
internal sealed class RestGroupFront(RestCalls rest) : IGroupFront
{
    public Task<string[]> CommitAsync(string group, FrontMember? member, params GroupPlace[] places)
    {
        JsonObject body = Of(places);
        if (member is not null) (body["memberId"], body["generation"]) = (member.Id, member.Generation);
        if (member?.Instance is { } instance) body["instanceId"] = instance;
        return rest.OutcomesAsync(PathOf(group, "/commit"), body);
    }

    public Task<string> CommitTokenAsync(string group, string token) => rest.OutcomeAsync(HttpMethod.Post, PathOf(group, "/commit"), new JsonObject { ["token"] = token });

    public Task<string> ReleaseAsync(string group, string token) => rest.OutcomeAsync(HttpMethod.Post, PathOf(group, "/release"), new JsonObject { ["token"] = token });

    public async Task<(string Outcome, GroupProgress[] Offsets)> GetOffsetsAsync(string group)
    {
        (string outcome, JsonNode? json) = await rest.CallAsync(HttpMethod.Get, PathOf(group, "/offsets"));
        return (outcome, [.. (json!["offsets"]?.AsArray() ?? []).Select(one => new GroupProgress(
            one!["topic"]!.GetValue<string>(), one["partition"]!.GetValue<int>(), one["offset"]?.GetValue<long>(), one["metadata"]?.GetValue<string>() ?? "", one["lag"]!.GetValue<long>()))]);
    }

    public Task<string> PutOffsetsAsync(string group, params GroupPlace[] places) => rest.OutcomeAsync(HttpMethod.Put, PathOf(group, "/offsets"), Of(places));

    public Task<string> DeleteOffsetsAsync(string group, string topic) => rest.OutcomeAsync(HttpMethod.Delete, PathOf(group, $"/offsets?topic={topic}"));

    public async Task<(string Outcome, IReadOnlyList<long> Offsets)> ResetAsync(string group, string to)
    {
        (string outcome, JsonNode? json) = await rest.CallAsync(HttpMethod.Post, PathOf(group, "/reset"), new JsonObject { ["to"] = to });
        return (outcome, [.. (json!["offsets"]?.AsArray() ?? []).Select(one => one!["offset"]!.GetValue<long>())]);
    }

    public async Task<(string Outcome, string[] Bodies, string Token)> FetchAsync(string group, string topic, int max)
    {
        (string outcome, JsonNode? json) = await rest.CallAsync(HttpMethod.Post, PathOf(group, "/fetch"), new JsonObject { ["topics"] = new JsonArray(topic), ["max"] = max });
        return (outcome, [.. (json!["records"]?.AsArray() ?? []).Select(record => record!["body"]!.GetValue<string>())], json["commitToken"]?.GetValue<string>() ?? "");
    }

    public Task<(string Outcome, FrontMember? Member)> JoinAsync(string group, string topic, string? instance = null)
    {
        var body = new JsonObject { ["topics"] = new JsonArray(topic) };
        if (instance is not null) body["instanceId"] = instance;
        return AskAsync(PathOf(group, "/members"), body, topic, instance);
    }

    public Task<(string Outcome, FrontMember? Member)> HeartbeatAsync(string group, FrontMember member)
    {
        var body = new JsonObject { ["generation"] = member.Generation, ["owned"] = new JsonArray([.. member.Assigned.Select(one => new JsonObject { ["topic"] = member.Topic, ["partition"] = one })]) };
        if (member.Instance is not null) body["instanceId"] = member.Instance;
        return AskAsync(PathOf(group, $"/members/{member.Id}/heartbeat"), body, member.Topic, member.Instance);
    }

    public Task<string> LeaveAsync(string group, FrontMember member) => rest.OutcomeAsync(HttpMethod.Delete, PathOf(group, $"/members/{member.Id}"));

    public async Task<(string Outcome, string Status, int Members)> DescribeAsync(string group)
    {
        (string outcome, JsonNode? json) = await rest.CallAsync(HttpMethod.Get, PathOf(group));
        return outcome.Length > 0 ? (outcome, "", 0) : ("", json!["status"]!.GetValue<string>(), json["members"]!.AsArray().Count);
    }

    public async Task<string[]> ListAsync(string prefix) =>
        [.. (await rest.CallAsync(HttpMethod.Get, $"/v1/groups?prefix={prefix}")).Json!["groups"]!.AsArray().Select(group => group!["name"]!.GetValue<string>())];

    public Task<string> DeleteAsync(string group) => rest.OutcomeAsync(HttpMethod.Delete, PathOf(group));

    private async Task<(string Outcome, FrontMember? Member)> AskAsync(string path, JsonObject body, string topic, string? instance)
    {
        (string outcome, JsonNode? json) = await rest.CallAsync(HttpMethod.Post, path, body);
        return (outcome, outcome.Length > 0 ? null : new FrontMember(
            json!["memberId"]!.GetValue<string>(), topic, instance, json["generation"]!.GetValue<int>(),
            [.. json["assigned"]!.AsArray().Select(one => one!["partition"]!.GetValue<int>())], json["settled"]!.GetValue<bool>()));
    }

    private static JsonObject Of(GroupPlace[] places) => new()
    {
        ["offsets"] = new JsonArray([.. places.Select(place => new JsonObject
        {
            ["topic"] = place.Topic, ["partition"] = place.Partition, ["offset"] = place.Offset, ["metadata"] = place.Metadata,
        })]),
    };

    private static string PathOf(string group, string rest = "") => $"/v1/groups/{group}{rest}";
}
