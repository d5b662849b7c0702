using System.Text.Json.Nodes;

namespace Messaging.Grpc.Tests.Conformance.Pages;

/// <summary>Lists over REST.</summary>
internal sealed class RestPagedFront(RestCalls rest, string queue, string topic) : IPagedFront
{
    public string[] Lists => ["queues", "topics", "groups", "operations", "subscriptions", "messages"];

    public async Task<(string Outcome, string? Next)> PageAsync(string list, string? token)
    {
        string path = list switch
        {
            "subscriptions" => $"/v1/topics/{topic}/subscriptions?pageSize=1&pageToken=",
            "messages" => $"/v1/queues/{queue}/messages?limit=1&after=",
            _ => $"/v1/{list}?pageSize=1&pageToken=",
        };
        (string outcome, JsonNode? json) = await rest.CallAsync(HttpMethod.Get, token is null ? path[..path.LastIndexOf('&')] : path + token);
        return (outcome, json!["nextPageToken"]?.GetValue<string>());
    }
}
