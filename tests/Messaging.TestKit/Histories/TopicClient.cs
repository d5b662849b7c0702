using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Messaging.TestKit.Histories;

/// <summary>A record to publish: text that names itself, where it goes (null: where its key leads), and its sequence where its producer counts.</summary>
internal readonly record struct TopicRecord(string Key, byte[] Body, int? Partition, int? Sequence = null);

/// <summary>One client of one topic over REST, on one connection of its own; one call at a time, which fails as <see cref="RestConnection"/> says.</summary>
internal sealed class TopicClient(Uri server, string topic) : IDisposable
{
    // Longer than a test takes: transactions end by their producers, or by who takes their place.
    private const int TransactionTimeoutSeconds = 900;

    // What subscriptions choose by: who has published, which is the key without its number.
    private const string KindHeader = "kind";

    private readonly RestConnection _connection = new(server);

    public async Task PutAsync(int partitions) =>
        await _connection.CallAsync(HttpMethod.Put, $"/v1/topics/{topic}", new StringContent($"{{\"partitions\":{partitions}}}", Encoding.UTF8, "application/json"));

    /// <summary>Copies go to a queue of this name, under it: of all records, or of those whose kind begins with <paramref name="kind"/>.</summary>
    public async Task SubscribeAsync(string queue, string? kind = null)
    {
        var definition = new JsonObject { ["target"] = new JsonObject { ["queue"] = queue } };
        if (kind is not null) definition["filter"] = new JsonObject { ["policy"] = new JsonObject { [KindHeader] = new JsonArray(new JsonObject { ["prefix"] = kind }) } };
        await _connection.CallAsync(HttpMethod.Put, $"/v1/topics/{topic}/subscriptions/{queue}", new StringContent(definition.ToJsonString(), Encoding.UTF8, "application/json"));
    }

    /// <summary>Copies for that queue gather, or go on.</summary>
    public async Task PauseAsync(string queue, bool isPaused) => await _connection.PostAsync($"/v1/topics/{topic}/subscriptions/{queue}/{(isPaused ? "pause" : "resume")}", []);

    /// <summary>How many copies for that queue have gathered and not gone on.</summary>
    public async Task<long> WaitingAsync(string queue) =>
        (await _connection.CallAsync(HttpMethod.Get, $"/v1/topics/{topic}/subscriptions/{queue}/deliveries", null)).GetProperty("waiting").GetInt64();

    /// <summary>Of a record with this key.</summary>
    public static string KindOf(string key) => key[..Math.Max(0, key.LastIndexOf('-'))];

    /// <summary>Publishes in one call; as a producer, and in its transaction, where those are given.</summary>
    public async Task<PlaceAnswer[]> PublishAsync(IEnumerable<TopicRecord> records, ProducerName? producer, bool isTransactional)
    {
        var body = new JsonObject { ["records"] = Records(records) };
        if (producer is not null)
        {
            var claim = new JsonObject { ["id"] = producer.Id, ["epoch"] = producer.Epoch };
            if (isTransactional) claim["transaction"] = $"{producer.Epoch}";
            body["producer"] = claim;
        }

        return TopicAnswers.Places((await _connection.PostAsync($"/v1/topics/{topic}/records", body)).GetProperty("results"));
    }

    /// <summary>Acknowledges a message and publishes a record, in one call.</summary>
    public async Task<PlaceAnswer[]> ProcessAsync(string queue, string receipt, TopicRecord record)
    {
        var acknowledge = new JsonObject { ["queue"] = queue, ["receipts"] = new JsonArray(receipt) };
        var publish = new JsonObject { ["topic"] = topic, ["records"] = Records([record]) };
        var operations = new JsonArray(new JsonObject { ["acknowledge"] = acknowledge }, new JsonObject { ["publish"] = publish });
        JsonElement answer = await _connection.PostAsync("/v1/transactions", new JsonObject { ["operations"] = operations });
        return TopicAnswers.Places(answer.GetProperty("results")[1].GetProperty("records"));
    }

    /// <summary>A producer id; of a transactional id where that is given.</summary>
    public async Task<ProducerName> InitAsync(string? transactionalId)
    {
        JsonObject body = transactionalId is null ? [] : new JsonObject { ["transactionalId"] = transactionalId, ["transactionTimeoutSeconds"] = TransactionTimeoutSeconds };
        return TopicAnswers.Producer(await _connection.PostAsync("/v1/producers", body));
    }

    public async Task<string> BeginAsync(ProducerName producer) =>
        (await _connection.PostAsync($"/v1/producers/{producer.Id}/transactions", new JsonObject { ["epoch"] = producer.Epoch })).GetProperty("transaction").GetString()!;

    /// <summary>What the producer goes on as.</summary>
    public async Task<ProducerName> EndAsync(ProducerName producer, bool isCommit) =>
        TopicAnswers.Producer(await _connection.PostAsync($"/v1/producers/{producer.Id}/transactions/{producer.Epoch}/{(isCommit ? "commit" : "abort")}", []));

    public async Task<TopicPage> FetchAsync(int partition, long offset, int limit, bool isCommitted, int waitSeconds = 0) => TopicAnswers.Page(await _connection.CallAsync(
        HttpMethod.Get,
        $"/v1/topics/{topic}/partitions/{partition}/records?offset={offset}&limit={limit}&encoding=base64&waitSeconds={waitSeconds}&isolation={(isCommitted ? "readCommitted" : "readUncommitted")}",
        null));

    public void Dispose() => _connection.Dispose();

    private static JsonArray Records(IEnumerable<TopicRecord> records)
    {
        var entries = new JsonArray();
        foreach (TopicRecord record in records)
        {
            var kind = new JsonObject { ["name"] = KindHeader, ["value"] = KindOf(record.Key) };
            var entry = new JsonObject { ["key"] = record.Key, ["body"] = Encoding.ASCII.GetString(record.Body), ["headers"] = new JsonArray(kind) };
            if (record.Partition is { } partition) entry["partition"] = partition;
            if (record.Sequence is { } sequence) entry["sequence"] = sequence;
            entries.Add((JsonNode)entry);
        }

        return entries;
    }
}
