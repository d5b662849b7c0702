using System.Text.Json;

namespace Messaging.TestKit.Histories;

/// <summary>What one record of a publish came to: its place, or a refusal's code.</summary>
internal readonly record struct PlaceAnswer(int? Partition, long? Offset, string? Refusal);

/// <summary>One page of a partition: the records, where to go on, and the partition's ends when it was read.</summary>
internal sealed record TopicPage(IReadOnlyList<SeenRecord> Records, long NextOffset, long HighWatermark, long LastStable);

/// <summary>Reads the bodies of the REST front's answers about topics.</summary>
internal static class TopicAnswers
{
    public static PlaceAnswer[] Places(JsonElement results) => [.. results.EnumerateArray().Select(Place)];

    public static TopicPage Page(JsonElement answer) => new(
        [.. answer.GetProperty("records").EnumerateArray().Select(record => new SeenRecord(record.GetProperty("offset").GetInt64(), record.GetProperty("bodyBase64").GetBytesFromBase64()))],
        answer.GetProperty("nextOffset").GetInt64(),
        answer.GetProperty("highWatermark").GetInt64(),
        answer.GetProperty("lastStableOffset").GetInt64());

    public static ProducerName Producer(JsonElement answer) => new(answer.GetProperty("id").GetInt64(), answer.GetProperty("epoch").GetInt32());

    private static PlaceAnswer Place(JsonElement entry) => entry.TryGetProperty("error", out JsonElement error)
        ? new PlaceAnswer(null, null, error.GetProperty("code").GetString())
        : new PlaceAnswer(entry.GetProperty("partition").GetInt32(), entry.GetProperty("offset").GetInt64(), null);
}
