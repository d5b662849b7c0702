using System.Globalization;
using Messaging.Aws.Errors;

namespace Messaging.Aws.Auth;

/// <summary>
/// The time of a signature, and whether it is now: at most 15 minutes from the server's either way, or within the time that a presigned request asks for.
/// Pure: the clock is an argument. Hot path.
/// </summary>
internal static class SignatureTime
{
    /// <summary>Of <c>20150830T123600Z</c>.</summary>
    public const int Characters = 16;

    /// <summary>Of <c>20150830</c>.</summary>
    public const int DateCharacters = 8;

    private const string Format = "yyyyMMdd'T'HHmmss'Z'";
    private const DateTimeStyles Universal = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;

    // Source: the texts below, and IAM User Guide, "Elements of an AWS API request signature".
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(AwsLimits.ClockSkewMinutes);

    /// <summary>ISO 8601 in its basic form, or a date of HTTP; <paramref name="timestamp"/> gets the former, which is what is signed.</summary>
    public static AwsError? Read(ReadOnlySpan<char> text, Span<char> timestamp, out DateTime time)
    {
        if (DateTime.TryParseExact(text, Format, CultureInfo.InvariantCulture, Universal, out time))
        {
            text.CopyTo(timestamp);
            return null;
        }
        if (!DateTime.TryParseExact(text, "R", CultureInfo.InvariantCulture, Universal, out time))
            return AuthenticationErrors.Incomplete($"Date must be in ISO-8601 'basic format'. Got '{AuthenticationErrors.Shown(text)}'. See http://en.wikipedia.org/wiki/ISO_8601");
        time.TryFormat(timestamp, out _, Format, CultureInfo.InvariantCulture);
        return null;
    }

    /// <summary>Null while the signature is good.</summary>
    public static AwsError? Check(DateTime time, in SignatureFields fields, DateTime now)
    {
        TimeSpan life = fields.IsPresigned ? TimeSpan.FromSeconds(fields.ExpiresSeconds) : Skew;
        // As differences, since a client may name the first or the last second that there is.
        if (now - time > life)
            return AuthenticationErrors.Mismatch($"Signature expired: {Text(time)} is now earlier than {Text(now - life)} ({Text(now)} - {Duration(life)})");
        if (time - now > Skew)
            return AuthenticationErrors.Mismatch($"Signature not yet current: {Text(time)} is still later than {Text(now + Skew)} ({Text(now)} + {Duration(Skew)})");
        return null;
    }

    private static string Text(DateTime time) => time.ToString(Format, CultureInfo.InvariantCulture);

    private static string Duration(TimeSpan time) => time.Ticks % TimeSpan.TicksPerMinute == 0 ? $"{time.TotalMinutes:0} min." : $"{time.TotalSeconds:0} s.";
}
