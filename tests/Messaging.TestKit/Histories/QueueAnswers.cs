using System.Net;
using System.Text.Json;

namespace Messaging.TestKit.Histories;

/// <summary>What one entry of a call came to: a message id, nothing, or a refusal's code.</summary>
internal readonly record struct EntryAnswer(string? Id, string? Refusal);

/// <summary>One message as it was received.</summary>
internal sealed record Delivery(string Id, byte[] Body, int ReceiveCount, DateTimeOffset LeasedUntil, string Receipt);

/// <summary>Messages by state, as the server counts them.</summary>
internal readonly record struct QueueCounts(long Ready, long Leased, long Delayed)
{
    public long All => Ready + Leased + Delayed;
}

/// <summary>An answer that is no success.</summary>
internal sealed class RefusedException(HttpStatusCode status, string code, TimeSpan? retryAfter, string text) : Exception($"{(int)status} {text}")
{
    public HttpStatusCode Status { get; } = status;

    public string Code { get; } = code;

    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>The server says of itself that it failed: whether the call was done is open.</summary>
    public bool IsFault => Status == HttpStatusCode.InternalServerError;
}

/// <summary>A receive of messages that the server could not read.</summary>
internal sealed class DamagedException(string messages) : Exception($"The server reports damaged messages: {messages}");

/// <summary>Reads the bodies of the REST front's answers.</summary>
internal static class QueueAnswers
{
    public static EntryAnswer[] Entries(JsonElement answer) => [.. answer.GetProperty("results").EnumerateArray().Select(Entry)];

    public static Delivery[] Deliveries(JsonElement answer)
    {
        if (answer.TryGetProperty("damaged", out JsonElement damaged))
            throw new DamagedException(damaged.ToString());
        return [.. answer.GetProperty("messages").EnumerateArray().Select(message => new Delivery(
            message.GetProperty("id").GetString()!,
            message.GetProperty("bodyBase64").GetBytesFromBase64(),
            message.GetProperty("receiveCount").GetInt32(),
            message.GetProperty("leasedUntil").GetDateTimeOffset(),
            message.GetProperty("receipt").GetString()!))];
    }

    public static QueueCounts Counts(JsonElement answer)
    {
        JsonElement counts = answer.GetProperty("counts");
        return new(counts.GetProperty("ready").GetInt64(), counts.GetProperty("leased").GetInt64(), counts.GetProperty("delayed").GetInt64());
    }

    public static string? CodeOf(string problem)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(problem);
            return document.RootElement.TryGetProperty("code", out JsonElement code) ? code.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static EntryAnswer Entry(JsonElement entry) => new(
        entry.TryGetProperty("id", out JsonElement id) ? id.GetString() : null,
        entry.TryGetProperty("error", out JsonElement error) ? error.GetProperty("code").GetString() : null);
}
