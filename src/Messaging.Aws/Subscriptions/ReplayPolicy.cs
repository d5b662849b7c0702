using System.Globalization;
using System.Text.Json;
using Messaging.Aws.Queues;
using Messaging.Broker.Subscriptions;

namespace Messaging.Aws.Subscriptions;

/// <summary>
/// What a subscription's attribute ReplayPolicy asks for (SNS Developer Guide, "Amazon SNS message archiving and replay for FIFO topics"): the messages of the topic's archive from one time on, up to another one where there
/// is one. A value.
/// </summary>
internal readonly record struct ReplayPolicy(SubscriptionStart From, long? ToMs)
{
    public const string Attribute = "ReplayPolicy";

    private const string PointType = "PointType", StartingPoint = "StartingPoint", EndingPoint = "EndingPoint", OfTime = "Timestamp";

    /// <summary>What is wrong with the text, or null.</summary>
    public static string? Read(string text, out ReplayPolicy policy)
    {
        policy = default;
        if (!PolicyText.TryParse(text, out JsonElement members))
            return "failed to parse JSON.";
        if (TextOf(members, PointType) != OfTime)
            return $"{PointType} must be {OfTime}";
        if (!TryReadTime(members, StartingPoint, out long? from) || from is not { } start)
            return $"{StartingPoint} must be a timestamp, such as 2026-01-31T09:05:00.000Z";
        if (!TryReadTime(members, EndingPoint, out long? to))
            return $"{EndingPoint} must be a timestamp, such as 2026-01-31T09:05:00.000Z";
        policy = new ReplayPolicy(SubscriptionStart.At(start), to);
        return to <= start ? $"{EndingPoint} must be after {StartingPoint}" : null;
    }

    /// <summary>The attribute ReplayStatus.</summary>
    public static string NameOf(ReplayStatus status) => status switch
    {
        ReplayStatus.Pending => "Pending",
        ReplayStatus.InProgress => "In progress",
        ReplayStatus.Completed => "Completed",
        ReplayStatus.Failed => "Failed",
    };

    private static string? TextOf(JsonElement members, string name) =>
        members.TryGetProperty(name, out JsonElement member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;

    // True, and null, where there is none.
    private static bool TryReadTime(JsonElement members, string name, out long? milliseconds)
    {
        milliseconds = null;
        if (!members.TryGetProperty(name, out _))
            return true;
        bool isTime = DateTimeOffset.TryParse(TextOf(members, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time);
        milliseconds = Math.Max(0, time.ToUnixTimeMilliseconds());
        return isTime;
    }
}
