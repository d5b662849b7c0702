using System.Text.Json.Nodes;

namespace Messaging.Grpc.Tests.Conformance.Operations;

/// <summary>Redrives over REST.</summary>
internal sealed class RestRedriveFront(RestCalls rest) : IRedriveFront
{
    public Task<string> RedriveAsync(string queue, string? destination = null, int? perSecond = null)
    {
        var body = new JsonObject();
        if (destination is not null) body["destination"] = destination;
        if (perSecond is not null) body["messagesPerSecond"] = perSecond;
        return rest.OutcomeAsync(HttpMethod.Post, $"/v1/queues/{queue}/redrive", body);
    }

    public async Task<FrontRedrive?> FindAsync(string queue) => await LatestAsync(queue) is not { } latest ? null : new FrontRedrive(
        latest["status"]!.GetValue<string>(), latest["destination"]?.GetValue<string>(), latest["messagesPerSecond"]?.GetValue<int>(), latest["moved"]!.GetValue<long>());

    public async Task<string> CancelAsync(string queue) => await rest.OutcomeAsync(HttpMethod.Delete, "/v1/operations/" + (await LatestAsync(queue))!["id"]!.GetValue<string>());

    private async Task<JsonNode?> LatestAsync(string queue) =>
        (await rest.CallAsync(HttpMethod.Get, "/v1/operations")).Json!["operations"]!.AsArray().FirstOrDefault(one => one!["queue"]!.GetValue<string>() == queue);
}
