using System.Diagnostics;
using System.Text.Json.Nodes;
using Messaging.Grpc.Tests.Conformance.Topics;

namespace Messaging.Grpc.Tests.Conformance.Transactions;

/// <summary>Producers and transactions over REST.</summary>
internal sealed class RestTransactionFront(RestCalls rest) : ITransactionFront
{
    public Task<(string Outcome, FrontProducer? Producer)> InitProducerAsync(string? transactionalId) =>
        AskAsync("/v1/producers", transactionalId is null ? null : new JsonObject { ["transactionalId"] = transactionalId });

    public async Task<(string Outcome, FrontProducer? Producer)> BeginAsync(FrontProducer producer)
    {
        (string outcome, JsonNode? json) = await rest.CallAsync(HttpMethod.Post, $"/v1/producers/{producer.Id}/transactions", new JsonObject { ["epoch"] = producer.Epoch });
        return (outcome, outcome.Length > 0 ? null : producer with { Transaction = json!["transaction"]!.GetValue<string>() });
    }

    public Task<(string Outcome, FrontProducer? Producer)> EndAsync(FrontProducer producer, bool isCommit) =>
        AskAsync($"/v1/producers/{producer.Id}/transactions/{producer.Transaction}/{(isCommit ? "commit" : "abort")}", null);

    public Task<string> RunAsync(params FrontOperation[] operations) =>
        rest.OutcomeAsync(HttpMethod.Post, "/v1/transactions", new JsonObject { ["operations"] = new JsonArray([.. operations.Select(Of)]) });

    private async Task<(string Outcome, FrontProducer? Producer)> AskAsync(string path, JsonObject? body)
    {
        (string outcome, JsonNode? json) = await rest.CallAsync(HttpMethod.Post, path, body);
        return (outcome, outcome.Length > 0 ? null : new FrontProducer(json!["id"]!.GetValue<long>(), json["epoch"]!.GetValue<int>()));
    }

    private static JsonObject Of(FrontOperation operation) => operation switch
    {
        FrontOperation.Acknowledge done => new() { ["acknowledge"] = new JsonObject { ["queue"] = done.Queue, ["receipts"] = new JsonArray(done.Receipt) } },
        FrontOperation.Send send => new() { ["send"] = new JsonObject { ["queue"] = send.Queue, ["messages"] = new JsonArray(new JsonObject { ["body"] = send.Body }) } },
        FrontOperation.Publish publish => new() { ["publish"] = new JsonObject { ["topic"] = publish.Topic, ["records"] = new JsonArray(new JsonObject { ["body"] = publish.Body }) } },
        FrontOperation.Commit commit => new()
        {
            ["commit"] = new JsonObject { ["group"] = commit.Group, ["offsets"] = new JsonArray([.. commit.Offsets.Select(offset => new JsonObject { ["topic"] = commit.Topic, ["partition"] = 0, ["offset"] = offset })]) },
        },
        _ => throw new UnreachableException(),
    };
}
