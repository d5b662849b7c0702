using System.Text.Json;
using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Operations;
using Messaging.Broker.Queues;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Wire;

/// <summary>What a redrive is asked to do, as JSON.</summary>
internal static class RedriveParser
{
    public static readonly FieldTable Fields = new(["destination", "messagesPerSecond", "filter"]);

    public static readonly FieldTable FilterFields = new(["reason", "origin", "sentAfter", "sentBefore", "attributes"]);

    /// <summary>What is read so far.</summary>
    internal sealed class Box
    {
        public RedriveRequest Request { get; set; } = new();
    }

    public static Problem? Read(ref Utf8JsonReader reader, RequestDocument document, Box target)
    {
        uint seen = 0;
        while (true)
        {
            if (Fields.Next(ref reader, ref seen, out int field) is { } refused)
                return refused;
            if (field == FieldTable.End)
                return null;
            Problem? problem = field switch
            {
                0 => ReadDestination(ref reader, document, target),
                1 => ReadRate(ref reader, target),
                _ => ReadFilter(ref reader, document, target)?.Under("filter"),
            };
            if (problem is not null)
                return problem;
        }
    }

    private static Problem? ReadDestination(ref Utf8JsonReader reader, RequestDocument document, Box target)
    {
        if (ReadName(ref reader, document, "destination", out QueueName name) is { } problem)
            return problem;
        target.Request = target.Request with { Destination = name };
        return null;
    }

    private static Problem? ReadRate(ref Utf8JsonReader reader, Box target)
    {
        if (JsonText.Integer(ref reader, "messagesPerSecond", 1, QueueLimits.RedrivePerSecondMax, out int rate) is { } problem)
            return problem;
        target.Request = target.Request with { MessagesPerSecond = rate };
        return null;
    }

    private static Problem? ReadFilter(ref Utf8JsonReader reader, RequestDocument document, Box target)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return Problem.Of(ErrorCode.InvalidValue, "Must be an object.");
        var filter = new RedriveFilter();
        uint seen = 0;
        while (true)
        {
            if (FilterFields.Next(ref reader, ref seen, out int field) is { } refused)
                return refused;
            if (field == FieldTable.End)
                break;
            Problem? problem = field switch
            {
                0 => ReadReason(ref reader, document, ref filter),
                1 => ReadOrigin(ref reader, document, ref filter),
                2 => ReadTime(ref reader, document, "sentAfter", ref filter),
                3 => ReadTime(ref reader, document, "sentBefore", ref filter),
                _ => ReadAttributes(ref reader, document, ref filter)?.Under("attributes"),
            };
            if (problem is not null)
                return problem;
        }
        target.Request = target.Request with { Filter = filter };
        return null;
    }

    private static Problem? ReadReason(ref Utf8JsonReader reader, RequestDocument document, ref RedriveFilter filter)
    {
        if (JsonText.Text(ref reader, document, "reason", out string text) is { } problem)
            return problem;
        MoveReason? reason = text switch { "maxReceives" => MoveReason.MaxReceives, "rejected" => MoveReason.Rejected, _ => null };
        filter = filter with { Reason = reason };
        return reason is null ? Problem.Invalid("reason", "Must be maxReceives or rejected.") : null;
    }

    private static Problem? ReadOrigin(ref Utf8JsonReader reader, RequestDocument document, ref RedriveFilter filter)
    {
        if (ReadName(ref reader, document, "origin", out QueueName name) is { } problem)
            return problem;
        filter = filter with { Origin = name };
        return null;
    }

    private static Problem? ReadTime(ref Utf8JsonReader reader, RequestDocument document, string field, ref RedriveFilter filter)
    {
        if (JsonText.Bytes(ref reader, document, field, out ReadOnlyMemory<byte> text) is { } problem)
            return problem;
        if (!Timestamps.TryParse(text.Span, out DateTimeOffset time))
            return Problem.Invalid(field, "Must be a time with its offset (RFC 3339), such as 2026-01-31T09:05:00Z.");
        long ms = Math.Max(0, time.ToUnixTimeMilliseconds());
        filter = field == "sentAfter" ? filter with { SentAfterMs = ms } : filter with { SentBeforeMs = ms };
        return null;
    }

    // How many names and values there may be, and how long, is the broker's to say.
    private static Problem? ReadAttributes(ref Utf8JsonReader reader, RequestDocument document, ref RedriveFilter filter)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return Problem.Of(ErrorCode.InvalidValue, "Must be an object with an array of values for each name.");
        var attributes = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            if (JsonText.Name(ref reader, document, out string name) is { } problem)
                return problem;
            reader.Read();
            if (ReadValues(ref reader, document, name, out List<string> values) is { } wrong)
                return wrong;
            if (!attributes.TryAdd(name, values))
                return Problem.Of(FrontCode.DuplicateField, "The field may stand there only once.", Cut(name));
        }
        filter = filter with { Attributes = attributes };
        return null;
    }

    private static Problem? ReadValues(ref Utf8JsonReader reader, RequestDocument document, string name, out List<string> values)
    {
        values = [];
        if (reader.TokenType != JsonTokenType.StartArray)
            return Problem.Invalid(Cut(name), "Must be an array of strings.");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (JsonText.Text(ref reader, document, Cut(name), out string value) is { } problem)
                return problem;
            values.Add(value);
        }
        return null;
    }

    private static Problem? ReadName(ref Utf8JsonReader reader, RequestDocument document, string field, out QueueName name)
    {
        name = default;
        if (JsonText.Text(ref reader, document, field, out string text) is { } problem)
            return problem;
        return QueueName.TryParse(text, out name)
            ? null
            : Problem.Of(ErrorCode.InvalidName, $"A queue's name is 1 to {BrokerLimits.NameBytesMax} bytes of UTF-8 without control characters.", field);
    }

    private static string Cut(string name) => name.Length <= RestLimits.EchoCharactersMax ? name : name[..RestLimits.EchoCharactersMax] + "...";
}
