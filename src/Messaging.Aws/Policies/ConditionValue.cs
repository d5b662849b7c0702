using System.Globalization;

namespace Messaging.Aws.Policies;

/// <summary>Numbers and times as conditions write them. Source: IAM User Guide, "IAM JSON policy elements: Condition operators". Pure.</summary>
internal static class ConditionValue
{
    // Those of ISO 8601 that W3C's profile has, and the basic form.
    private static readonly string[] Dates =
    [
        "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd", "yyyyMMdd'T'HHmmss'Z'",
    ];

    /// <summary>A time may be a date or a number of seconds since 1970, which is what it becomes.</summary>
    public static bool TryReadNumber(string text, bool isDate, out double number)
    {
        if (double.TryParse(text, NumberStyles.Float & ~(NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite), CultureInfo.InvariantCulture, out number))
            return double.IsFinite(number);
        if (!isDate)
            return false;
        bool isLegal = DateTimeOffset.TryParseExact(text, Dates, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time);
        number = (time - DateTimeOffset.UnixEpoch).TotalSeconds;
        return isLegal;
    }
}
