using System.Text.Json;
using Messaging.Broker;
using Messaging.Broker.Topics;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Wire;

/// <summary>
/// A record's headers: an array, since names may repeat and their order is kept. How long a name may be is the broker's to say. Their memory points into the document.
/// </summary>
internal static class RecordHeaderParser
{
    private const int Name = 0, Value = 1, ValueJson = 2;

    public static readonly FieldTable Fields = new(["name", "value", "valueJson", "valueBase64"]);

    public static Problem? Read(ref Utf8JsonReader reader, RequestDocument document, out IReadOnlyList<RecordHeader>? headers)
    {
        headers = null;
        if (reader.TokenType != JsonTokenType.StartArray)
            return Problem.Invalid("headers", "Must be an array of headers.");
        List<RecordHeader>? list = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            list ??= [];
            if (list.Count == TopicLimits.RecordHeadersMax)
                return Problem.Invalid("headers", $"A record has at most {TopicLimits.RecordHeadersMax} headers.");
            if (ReadOne(ref reader, document, out RecordHeader header) is { } problem)
                return problem.Under($"headers[{list.Count}]");
            list.Add(header);
        }
        headers = list;
        return null;
    }

    private static Problem? ReadOne(ref Utf8JsonReader reader, RequestDocument document, out RecordHeader header)
    {
        header = default;
        if (reader.TokenType != JsonTokenType.StartObject)
            return Problem.Of(ErrorCode.InvalidValue, "Must be an object with a name and a value.");
        string name = "";
        ReadOnlyMemory<byte>? value = null;
        uint seen = 0;
        while (true)
        {
            if (Fields.Next(ref reader, ref seen, out int field) is { } refused)
                return refused;
            if (field == FieldTable.End)
                break;
            Problem? problem = field switch
            {
                Name => JsonText.Text(ref reader, document, "name", out name),
                Value => SentBytes.Text(ref reader, document, "value", out value),
                ValueJson => SentBytes.Json(ref reader, document, out value),
                _ => SentBytes.Base64(ref reader, document, "valueBase64", out value),
            };
            if (problem is not null)
                return problem;
        }
        if ((seen & 1u << Name) == 0)
            return Problem.Of(FrontCode.MissingField, "A header has a name.", "name");
        header = new RecordHeader(name, value);
        return SentBytes.CheckExactlyOne(Fields, Value, seen);
    }
}
