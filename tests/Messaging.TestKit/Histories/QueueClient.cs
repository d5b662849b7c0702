using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Messaging.TestKit.Histories;

/// <summary>
/// One client of one queue over REST, on one connection of its own; one call at a time. A refusal is a <see cref="RefusedException"/>;
/// a lost connection an <see cref="HttpRequestException"/>, after which it is open whether the call was done.
/// </summary>
internal sealed class QueueClient(Uri server, string queue) : IDisposable
{
    private readonly RestConnection _connection = new(server);
    private readonly string _path = $"/v1/queues/{queue}";

    public Task PutAsync(JsonObject? definition = null) => CallAsync(HttpMethod.Put, "", JsonContent.Create(definition ?? []));

    public async Task<QueueCounts> CountsAsync() => QueueAnswers.Counts(await CallAsync(HttpMethod.Get, "", null));

    /// <summary>Sends in one call; text as text, other bytes as Base64.</summary>
    public async Task<EntryAnswer[]> SendAsync(IEnumerable<(byte[] Body, int DelaySeconds)> messages)
    {
        var entries = new JsonArray();
        foreach ((byte[] body, int delaySeconds) in messages)
        {
            var entry = new JsonObject { ["delaySeconds"] = delaySeconds };
            if (Ascii.IsValid(body)) entry["body"] = Encoding.ASCII.GetString(body);
            else entry["bodyBase64"] = Convert.ToBase64String(body);
            entries.Add((JsonNode)entry);
        }

        return QueueAnswers.Entries(await PostAsync("/messages", new JsonObject { ["messages"] = entries }));
    }

    /// <summary>Sends the bytes as they are.</summary>
    public async Task<EntryAnswer> SendRawAsync(byte[] body, int delaySeconds)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        content.Headers.Add("Message-Delay-Seconds", $"{delaySeconds}");
        return new EntryAnswer((await CallAsync(HttpMethod.Post, "/messages/raw", content)).GetProperty("id").GetString(), null);
    }

    public async Task<Delivery[]> ReceiveAsync(int max, int waitSeconds, int leaseSeconds) => QueueAnswers.Deliveries(await PostAsync(
        "/receive?encoding=base64", new JsonObject { ["max"] = max, ["waitSeconds"] = waitSeconds, ["leaseSeconds"] = leaseSeconds }));

    public async Task<EntryAnswer[]> AcknowledgeAsync(IEnumerable<string> receipts) =>
        QueueAnswers.Entries(await PostAsync("/acknowledge", new JsonObject { ["receipts"] = new JsonArray([.. receipts.Select(receipt => (JsonNode)receipt)]) }));

    public Task<EntryAnswer[]> ReleaseAsync(string receipt, int delaySeconds) => SettleAsync("/release", receipt, "delaySeconds", delaySeconds);

    public Task<EntryAnswer[]> ExtendAsync(string receipt, int leaseSeconds) => SettleAsync("/extend", receipt, "leaseSeconds", leaseSeconds);

    public void Dispose() => _connection.Dispose();

    private async Task<EntryAnswer[]> SettleAsync(string operation, string receipt, string field, int seconds)
    {
        var entry = new JsonObject { ["receipt"] = receipt, [field] = seconds };
        return QueueAnswers.Entries(await PostAsync(operation, new JsonObject { ["entries"] = new JsonArray(entry) }));
    }

    private Task<JsonElement> PostAsync(string operation, JsonObject body) => _connection.PostAsync(_path + operation, body);

    private Task<JsonElement> CallAsync(HttpMethod method, string operation, HttpContent? content) => _connection.CallAsync(method, _path + operation, content);
}
