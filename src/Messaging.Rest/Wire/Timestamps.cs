using System.Globalization;
using System.Text;
using System.Text.Json;
using Messaging.Broker.Messages;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Wire;

/// <summary>
/// Times on the wire: RFC 3339, UTC, milliseconds ("2026-01-31T09:05:00.250Z"). Writing is a hot path, three times for each received
/// message, and by hand, since a format string is interpreted anew each time.
/// </summary>
internal static class Timestamps
{
    public const int Length = 24;

    private static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    public static void Write(Utf8JsonWriter writer, JsonEncodedText name, long unixMilliseconds)
    {
        Span<byte> text = stackalloc byte[Length];
        Format(unixMilliseconds, text);
        writer.WriteString(name, text);
    }

    /// <summary>A record's time, which its producer may have chosen: left out where it gave none, or one that no text can name.</summary>
    public static void WriteKnown(Utf8JsonWriter writer, JsonEncodedText name, long unixMilliseconds)
    {
        if (unixMilliseconds is >= 0 and <= MessageLimits.TimestampMsMax)
            Write(writer, name, unixMilliseconds);
    }

    public static void Format(long unixMilliseconds, Span<byte> text)
    {
        DateTime time = DateTime.UnixEpoch.AddMilliseconds(unixMilliseconds);
        "0000-00-00T00:00:00.000Z"u8.CopyTo(text);
        Digits(text[..4], time.Year);
        Digits(text.Slice(5, 2), time.Month);
        Digits(text.Slice(8, 2), time.Day);
        Digits(text.Slice(11, 2), time.Hour);
        Digits(text.Slice(14, 2), time.Minute);
        Digits(text.Slice(17, 2), time.Second);
        Digits(text.Slice(20, 3), time.Millisecond);
    }

    /// <summary>A full date and time with its offset, as RFC 3339 asks; a fraction of at most 7 digits.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out DateTimeOffset time)
    {
        time = default;
        // A format's K also takes no offset at all, which would mean this machine's own.
        bool hasOffset = text.Length is >= 20 and <= 40 && (text[^1] == (byte)'Z' || text[^6] is (byte)'+' or (byte)'-');
        return hasOffset
            && DateTimeOffset.TryParseExact(Encoding.UTF8.GetString(text), Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
    }

    /// <summary>A time that a client gives, in ms since 1970.</summary>
    public static Problem? Read(ReadOnlySpan<byte> text, string field, out long unixMilliseconds)
    {
        bool isTime = TryParse(text, out DateTimeOffset time);
        unixMilliseconds = time.ToUnixTimeMilliseconds();
        return isTime ? null : Problem.Invalid(field, "Must be a time of RFC 3339, such as 2026-01-31T09:05:00.250Z.");
    }

    private static void Digits(Span<byte> text, int value)
    {
        for (int index = text.Length - 1; index >= 0; index--, value /= 10)
            text[index] = (byte)('0' + (value % 10));
    }
}
