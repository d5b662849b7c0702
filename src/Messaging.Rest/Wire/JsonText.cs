using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Wire;

/// <summary>The value that a word names; false where it names none.</summary>
internal delegate bool WordParser<T>(string text, out T value);

/// <summary>
/// Values out of a reader that lies over one whole document in one piece, each with its range. A value that is not escaped is a slice of
/// the document; an escaped one is undone into the document's scratch memory. Hot path.
/// </summary>
internal static class JsonText
{
    /// <summary>The string's bytes as UTF-8. They live as long as the document.</summary>
    public static Problem? Bytes(ref Utf8JsonReader reader, RequestDocument document, string field, out ReadOnlyMemory<byte> value)
    {
        value = default;
        return reader.TokenType == JsonTokenType.String
            ? Unescaped(ref reader, document, field, out value)
            : Problem.Invalid(field, "Must be a string.");
    }

    /// <summary>A name that the client chose, with the reader on it.</summary>
    public static Problem? Name(ref Utf8JsonReader reader, RequestDocument document, out string name)
    {
        Problem? problem = Unescaped(ref reader, document, "", out ReadOnlyMemory<byte> bytes);
        name = Encoding.UTF8.GetString(bytes.Span);
        return problem is null ? null : problem with { Field = null };
    }

    /// <summary>The bytes that the string's base64 stands for.</summary>
    public static Problem? Base64Bytes(ref Utf8JsonReader reader, RequestDocument document, string field, out ReadOnlyMemory<byte> value)
    {
        if (Bytes(ref reader, document, field, out value) is { } problem)
            return problem;
        Memory<byte> scratch = document.TakeScratch(Base64.GetMaxDecodedFromUtf8Length(value.Length));
        if (Base64.DecodeFromUtf8(value.Span, scratch.Span, out _, out int written) != OperationStatus.Done)
            return Problem.Invalid(field, "Must be base64 with padding (RFC 4648, section 4).");
        value = scratch[..written];
        return null;
    }

    /// <summary>Any JSON value, kept as the bytes that the client wrote. It has no problem.</summary>
    public static Problem? Raw(ref Utf8JsonReader reader, RequestDocument document, out ReadOnlyMemory<byte> value)
    {
        int start = (int)reader.TokenStartIndex;
        reader.Skip();
        value = document.Bytes[start..(int)reader.BytesConsumed];
        return null;
    }

    /// <summary>A time, in ms since 1970. Which times there may be is the broker's to say.</summary>
    public static Problem? Time(ref Utf8JsonReader reader, RequestDocument document, string field, out long unixMilliseconds)
    {
        unixMilliseconds = 0;
        return Bytes(ref reader, document, field, out ReadOnlyMemory<byte> text) ?? Timestamps.Read(text.Span, field, out unixMilliseconds);
    }

    /// <summary>The string as text; for what is short and kept.</summary>
    public static Problem? Text(ref Utf8JsonReader reader, RequestDocument document, string field, out string value)
    {
        Problem? problem = Bytes(ref reader, document, field, out ReadOnlyMemory<byte> bytes);
        value = problem is null ? Encoding.UTF8.GetString(bytes.Span) : "";
        return problem;
    }

    public static Problem? Boolean(ref Utf8JsonReader reader, string field, out bool value)
    {
        value = reader.TokenType == JsonTokenType.True;
        return value || reader.TokenType == JsonTokenType.False ? null : Problem.Invalid(field, "Must be true or false.");
    }

    /// <summary>One of a few words; <paramref name="rule"/> says which.</summary>
    public static Problem? Word<T>(ref Utf8JsonReader reader, RequestDocument document, string field, WordParser<T> parse, string rule, out T value)
        where T : struct, Enum
    {
        value = default;
        if (Text(ref reader, document, field, out string text) is { } problem)
            return problem;
        return parse(text, out value) ? null : Problem.Invalid(field, rule);
    }

    /// <summary>A whole number, however it is written: 30.0 and 3e1 are integers to JSON Schema too.</summary>
    public static Problem? Integer(ref Utf8JsonReader reader, string field, int min, int max, out int value)
    {
        value = 0;
        bool inRange = reader.TokenType == JsonTokenType.Number && (reader.TryGetInt32(out value) || TryGetWhole(ref reader, out value))
            && value >= min && value <= max;
        return inRange ? null : Problem.Invalid(field, $"Must be a whole number from {min} to {max}.");
    }

    /// <summary>The same of a number that may be larger.</summary>
    public static Problem? Integer(ref Utf8JsonReader reader, string field, long min, long max, out long value)
    {
        value = 0;
        bool inRange = reader.TokenType == JsonTokenType.Number && (reader.TryGetInt64(out value) || TryGetWhole(ref reader, out value))
            && value >= min && value <= max;
        return inRange ? null : Problem.Invalid(field, $"Must be a whole number from {min} to {max}.");
    }

    private static bool TryGetWhole(ref Utf8JsonReader reader, out int value)
    {
        bool isWhole = TryGetWhole(ref reader, out long number) && number is >= int.MinValue and <= int.MaxValue;
        value = isWhole ? (int)number : 0;
        return isWhole;
    }

    private static bool TryGetWhole(ref Utf8JsonReader reader, out long value)
    {
        bool isWhole = reader.TryGetDecimal(out decimal number) && number is >= long.MinValue and <= long.MaxValue && decimal.IsInteger(number);
        value = isWhole ? (long)number : 0;
        return isWhole;
    }

    /// <summary>The name or value under the reader, cut to what a problem may repeat. Never throws.</summary>
    public static string Echo(ref Utf8JsonReader reader)
    {
        Span<byte> plain = stackalloc byte[RestLimits.EchoCharactersMax * 6];
        scoped ReadOnlySpan<byte> raw = reader.ValueSpan;
        if (reader.ValueIsEscaped && raw.Length <= plain.Length && TryUnescape(ref reader, plain, out int written))
            raw = plain[..written];
        string text = Encoding.UTF8.GetString(raw[..Math.Min(raw.Length, plain.Length)]);
        return text.Length <= RestLimits.EchoCharactersMax ? text : text[..RestLimits.EchoCharactersMax] + "...";
    }

    private static Problem? Unescaped(ref Utf8JsonReader reader, RequestDocument document, string field, out ReadOnlyMemory<byte> value)
    {
        value = default;
        int length = reader.ValueSpan.Length;
        if (!reader.ValueIsEscaped)
        {
            value = document.Bytes.Slice((int)reader.TokenStartIndex + 1, length);
            return null;
        }
        Memory<byte> scratch = document.TakeScratch(length);
        if (!TryUnescape(ref reader, scratch.Span, out int written))
            return Problem.Invalid(field, "Has an escape that is half of a surrogate pair.");
        value = scratch[..written];
        return null;
    }

    private static bool TryUnescape(ref Utf8JsonReader reader, scoped Span<byte> plain, out int written)
    {
        try
        {
            written = reader.CopyString(plain);
            return true;
        }
        catch (InvalidOperationException)
        {
            // The reader knows no other way to tell of "\ud800" alone.
            written = 0;
            return false;
        }
    }
}
