using System.Text.Json;
using System.Text;
using Messaging.Broker.Filters;
using Messaging.Broker.Subscriptions;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Wire;

/// <summary>The words of a subscription's definition, both ways.</summary>
internal static class SubscriptionWords
{
    /// <summary>Forms of a mail's body.</summary>
    public const string Json = "json", Text = "text";

    private const string Now = "now", Earliest = "earliest";

    private const string StartField = "startAt";

    private static readonly JsonEncodedText StartAt = JsonEncodedText.Encode(StartField);

    public static string NameOf(GatewayProtocol protocol) => protocol switch { GatewayProtocol.Sms => "sms", GatewayProtocol.Application => "application", GatewayProtocol.Firehose => "firehose" };

    public static bool TryParse(string text, out GatewayProtocol protocol)
    {
        (bool known, protocol) = text switch
        {
            "sms" => (true, GatewayProtocol.Sms),
            "application" => (true, GatewayProtocol.Application),
            "firehose" => (true, GatewayProtocol.Firehose),
            _ => (false, default),
        };
        return known;
    }

    public static string NameOf(FilterScope scope) => scope switch { FilterScope.Attributes => "attributes", FilterScope.Body => "body" };

    public static bool TryParse(string text, out FilterScope scope)
    {
        (bool known, scope) = text switch { "attributes" => (true, FilterScope.Attributes), "body" => (true, FilterScope.Body), _ => (false, default) };
        return known;
    }

    public static string NameOf(ReplayStatus status) => status switch
    {
        ReplayStatus.Pending => "pending",
        ReplayStatus.InProgress => "inProgress",
        ReplayStatus.Completed => "completed",
        ReplayStatus.Failed => "failed",
    };

    public static void WriteStart(Utf8JsonWriter writer, SubscriptionStart start) => WriteStart(writer, StartAt, start);

    public static void WriteStart(Utf8JsonWriter writer, JsonEncodedText name, SubscriptionStart start)
    {
        if (start.Kind == SubscriptionStartKind.Time)
            Timestamps.Write(writer, name, start.TimeMs);
        else
            writer.WriteString(name, start.Kind == SubscriptionStartKind.Now ? Now : Earliest);
    }

    /// <summary>An end, or a time; no record is older than 1970.</summary>
    public static Problem? ReadStart(ref Utf8JsonReader reader, RequestDocument document, out SubscriptionStart start) => ReadStart(ref reader, document, StartField, out start);

    /// <summary>The same of a field of another name.</summary>
    public static Problem? ReadStart(ref Utf8JsonReader reader, RequestDocument document, string field, out SubscriptionStart start)
    {
        start = default;
        if (JsonText.Bytes(ref reader, document, field, out ReadOnlyMemory<byte> bytes) is { } problem)
            return problem;
        string text = Encoding.UTF8.GetString(bytes.Span);
        if (text is Now or Earliest)
        {
            start = text == Now ? SubscriptionStart.Now : SubscriptionStart.Earliest;
            return null;
        }
        bool isTime = Timestamps.TryParse(bytes.Span, out DateTimeOffset time);
        start = SubscriptionStart.At(Math.Max(0, time.ToUnixTimeMilliseconds()));
        return isTime ? null : Problem.Invalid(field, "Must be now, earliest or a time of RFC 3339, such as 2026-01-31T09:05:00.250Z.");
    }
}
