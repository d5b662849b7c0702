using System.Text.Json.Nodes;

namespace Messaging.Grpc.Tests.Conformance.Topics;

/// <summary>Topics over REST.</summary>
internal sealed class RestTopicFront(RestCalls rest) : ITopicFront
{
    public Task<string> CreateTopicAsync(string name, TopicTerms terms) => rest.OutcomeAsync(HttpMethod.Put, PathOf(name), Of(terms));

    public Task<string> PatchTopicAsync(string name, TopicTerms terms, string? version = null) => rest.OutcomeAsync(HttpMethod.Patch, PathOf(name), Of(terms), version);

    public Task<string> GetVersionAsync(string name) => rest.VersionAsync(PathOf(name));

    public async Task<(string Outcome, TopicTerms? Terms)> GetTopicAsync(string name)
    {
        (string outcome, JsonNode? json) = await rest.CallAsync(HttpMethod.Get, PathOf(name));
        return (outcome, outcome.Length > 0 ? null : new TopicTerms(
            json!["partitions"]!.GetValue<int>(), json["type"]!.GetValue<string>() == "fifo", json["retentionSeconds"]?.GetValue<int>(), json["maxMessageBytes"]!.GetValue<int>()));
    }

    public Task<string> DeleteTopicAsync(string name) => rest.OutcomeAsync(HttpMethod.Delete, PathOf(name));

    public async Task<string[]> ListTopicsAsync(string prefix) =>
        [.. (await rest.CallAsync(HttpMethod.Get, $"/v1/topics?prefix={prefix}")).Json!["topics"]!.AsArray().Select(topic => topic!["name"]!.GetValue<string>())];

    public Task<FrontPublished[]> PublishAsync(string topic, FrontProducer? producer, params FrontRecord[] records)
    {
        var body = new JsonObject { ["records"] = new JsonArray([.. records.Select(Of)]) };
        if (producer is not null)
        {
            body["producer"] = new JsonObject { ["id"] = producer.Id, ["epoch"] = producer.Epoch };
            if (producer.Transaction is not null) body["producer"]!["transaction"] = producer.Transaction;
        }

        return rest.EntriesAsync(PathOf(topic, "/records"), body, (outcome, result) => outcome.Length > 0
            ? new FrontPublished(outcome)
            : new FrontPublished("", result!["partition"]!.GetValue<int>(), result["offset"]!.GetValue<long>(), result["duplicate"]?.GetValue<bool>() ?? false));
    }

    public async Task<FrontPage> FetchAsync(string topic, int partition, long offset, bool isCommittedOnly = false)
    {
        string isolation = isCommittedOnly ? "readCommitted" : "readUncommitted";
        (string outcome, JsonNode? json) = await rest.CallAsync(HttpMethod.Get, PathOf(topic, $"/partitions/{partition}/records?offset={offset}&isolation={isolation}"));
        return outcome.Length > 0
            ? new FrontPage(outcome, [], 0, null)
            : new FrontPage("", [.. json!["records"]!.AsArray().Select(Fetched)], json["nextOffset"]!.GetValue<long>(), Partition(partition, json));
    }

    public async Task<(string Outcome, FrontPartition[] Partitions)> ListPartitionsAsync(string topic)
    {
        (string outcome, JsonNode? json) = await rest.CallAsync(HttpMethod.Get, PathOf(topic, "/partitions"));
        return (outcome, [.. (json!["partitions"]?.AsArray() ?? []).Select(one => Partition(one!["partition"]!.GetValue<int>(), one))]);
    }

    public async Task<(string Outcome, IReadOnlyList<long> Offsets)> FindOffsetsAsync(string topic, string at)
    {
        (string outcome, JsonNode? json) = await rest.CallAsync(HttpMethod.Get, PathOf(topic, $"/offsets?at={at}"));
        return (outcome, [.. (json!["offsets"]?.AsArray() ?? []).Select(one => one!["offset"]!.GetValue<long>())]);
    }

    public async Task<(string Outcome, FrontPartition? Partition)> DeleteRecordsAsync(string topic, int partition, long before)
    {
        (string outcome, JsonNode? json) = await rest.CallAsync(HttpMethod.Delete, PathOf(topic, $"/partitions/{partition}/records?before={before}"));
        return (outcome, outcome.Length > 0 ? null : Partition(partition, json!));
    }

    private static JsonObject Of(TopicTerms terms)
    {
        var definition = new JsonObject();
        if (terms.Partitions is { } partitions) definition["partitions"] = partitions;
        if (terms.IsFifo is { } isFifo) definition["type"] = isFifo ? "fifo" : "standard";
        if (terms.RetentionSeconds is { } seconds) definition["retentionSeconds"] = seconds;
        if (terms.MaxMessageBytes is { } bytes) definition["maxMessageBytes"] = bytes;
        return definition;
    }

    private static JsonNode Of(FrontRecord record)
    {
        var json = new JsonObject { ["body"] = record.Body };
        if (record.Key is not null) json["key"] = record.Key;
        if (record.Header is not null) json["headers"] = new JsonArray(new JsonObject { ["name"] = "h", ["value"] = record.Header });
        if (record.Time is { } time) json["timestamp"] = time.ToString("O");
        if (record.Partition is { } partition) json["partition"] = partition;
        if (record.Sequence is { } sequence) json["sequence"] = sequence;
        if (record.DeduplicationId is not null) json["deduplicationId"] = record.DeduplicationId;
        return json;
    }

    private static FrontFetched Fetched(JsonNode? record) => new(
        record!["offset"]!.GetValue<long>(), record["body"]?.GetValue<string>(), record["key"]?.GetValue<string>(),
        record["headers"]!.AsArray().SingleOrDefault(header => header!["name"]!.GetValue<string>() == "h")?["value"]!.GetValue<string>(), record["timestamp"]?.GetValue<DateTimeOffset>());

    private static FrontPartition Partition(int number, JsonNode json) =>
        new(number, json["lowOffset"]!.GetValue<long>(), json["highWatermark"]!.GetValue<long>(), json["lastStableOffset"]!.GetValue<long>());

    private static string PathOf(string topic, string rest = "") => $"/v1/topics/{topic}{rest}";
}
