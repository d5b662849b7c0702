using System.Numerics;
using System.Text.Json;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Wire;

/// <summary>Bytes that a client sends in one of three fields: as text, as a JSON value, or as base64. Null instead of a text or of base64 is no value. Hot path.</summary>
internal static class SentBytes
{
    private const uint Three = 0b111;

    public static Problem? Text(ref Utf8JsonReader reader, RequestDocument document, string field, out ReadOnlyMemory<byte>? value)
    {
        value = null;
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        Problem? problem = JsonText.Bytes(ref reader, document, field, out ReadOnlyMemory<byte> bytes);
        value = bytes;
        return problem;
    }

    /// <summary>Null is the JSON value null, and a value.</summary>
    public static Problem? Json(ref Utf8JsonReader reader, RequestDocument document, out ReadOnlyMemory<byte>? value)
    {
        Problem? problem = JsonText.Raw(ref reader, document, out ReadOnlyMemory<byte> bytes);
        value = bytes;
        return problem;
    }

    public static Problem? Base64(ref Utf8JsonReader reader, RequestDocument document, string field, out ReadOnlyMemory<byte>? value)
    {
        value = null;
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        Problem? problem = JsonText.Base64Bytes(ref reader, document, field, out ReadOnlyMemory<byte> bytes);
        value = bytes;
        return problem;
    }

    /// <summary>Whether at most one of the three fields was there that follow one another in <paramref name="fields"/> from <paramref name="first"/> on.</summary>
    public static Problem? CheckOne(FieldTable fields, int first, uint seen)
    {
        uint there = (seen >> first) & Three;
        if (BitOperations.PopCount(there) <= 1)
            return null;
        int last = first + BitOperations.Log2(there);
        return Problem.Invalid(fields.Served[last], $"Only one of {Names(fields, first)} may be there.");
    }

    /// <summary>The same, and one has to be there.</summary>
    public static Problem? CheckExactlyOne(FieldTable fields, int first, uint seen) => ((seen >> first) & Three) == 0
        ? Problem.Of(FrontCode.MissingField, $"One of {Names(fields, first)} has to be there.", fields.Served[first])
        : CheckOne(fields, first, seen);

    private static string Names(FieldTable fields, int first) => $"{fields.Served[first]}, {fields.Served[first + 1]} and {fields.Served[first + 2]}";
}
