using System.Text;
using System.Text.Json;
using Messaging.Broker.Groups;
using Messaging.Broker.Topics;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;

namespace Messaging.Rest.Wire;

/// <summary>Where a group is to go on: an end, a time, or one offset of partitions that are named.</summary>
internal static class ResetParser
{
    private const int To = 0;

    public static readonly FieldTable Fields = new(["to", "topics"]);

    public static Problem? Read(ref Utf8JsonReader reader, RequestDocument document, Box box)
    {
        uint seen = 0;
        while (true)
        {
            if (Fields.Next(ref reader, ref seen, out int field) is { } refused)
                return refused;
            if (field == FieldTable.End)
                break;
            Problem? problem = field == To
                ? ReadTo(ref reader, document, box)
                : GroupPlaceParser.List<ResetTarget>(ref reader, document, Fields.Served[field], GroupPlaceParser.ReadTarget, out box.Targets);
            if (problem is not null)
                return problem;
        }
        if ((seen & (1u << To)) == 0)
            return Problem.Of(FrontCode.MissingField, "A reset says where to: earliest, latest, a time or an offset.", "to");
        if (box.Offset is null || (box.Targets.Count > 0 && box.Targets.TrueForAll(static target => target.Partition is not null)))
            return null;
        return Problem.Of(FrontCode.MissingField, "An offset is one of partitions: name each with its topic.", "topics");
    }

    private static Problem? ReadTo(ref Utf8JsonReader reader, RequestDocument document, Box box)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            Problem? problem = JsonText.Integer(ref reader, "to", 0, long.MaxValue, out long offset);
            box.Offset = offset;
            return problem;
        }
        if (JsonText.Bytes(ref reader, document, "to", out ReadOnlyMemory<byte> text) is not null)
            return Problem.Invalid("to", "Must be earliest, latest, a time of RFC 3339, or an offset.");
        if (OffsetParameter.TryReadEnd(Encoding.UTF8.GetString(text.Span), out box.At))
            return null;
        bool isTime = Timestamps.TryParse(text.Span, out DateTimeOffset time);
        // No record is older than 1970.
        box.At = Math.Max(0, time.ToUnixTimeMilliseconds());
        return isTime ? null : Problem.Invalid("to", "Must be earliest, latest, a time of RFC 3339, or an offset.");
    }

    /// <summary>What has been read.</summary>
    internal sealed class Box
    {
        public long At = FetchRequest.Earliest;
        public long? Offset;
        public List<ResetTarget> Targets = [];
    }
}
