using Google.Protobuf.WellKnownTypes;
using Messaging.Broker.Messages;
using Messaging.Grpc.Errors;

namespace Messaging.Grpc.Calls;

/// <summary>Times as the wire has them, and as the broker does: milliseconds since 1970, UTC.</summary>
internal static class Times
{
    private const string Rule = "Must be a time from the year 1 to 9999, with 0 to 999,999,999 nanoseconds.";
    private const long SecondsMin = -62_135_596_800;
    private const int NanosOfMs = 1_000_000;

    public static Timestamp Of(long ms) => new() { Seconds = ms / 1000, Nanos = (int)(ms % 1000) * NanosOfMs };

    public static Timestamp Of(DateTimeOffset time) => Of(time.ToUnixTimeMilliseconds());

    /// <summary>Null for 0, which means that there is none.</summary>
    public static Timestamp? Maybe(long ms) => ms > 0 ? Of(ms) : null;

    /// <summary>The time, or a refusal thrown where it is none; what is before 1970 is 1970.</summary>
    public static long Read(Timestamp time, string field) => Read(time, out long ms) is { } wrong ? throw Refusal.Invalid(field, wrong) : ms;

    /// <summary>The same; null where nothing is said.</summary>
    public static long? Maybe(Timestamp? time, string field)
    {
        if (time is null)
            return null;
        return Read(time, field);
    }

    /// <summary>Null where it can be read.</summary>
    public static string? Read(Timestamp time, out long ms)
    {
        ms = Math.Max(0, (time.Seconds * 1000) + (time.Nanos / NanosOfMs));
        return time.Seconds >= SecondsMin && time.Seconds <= MessageLimits.TimestampMsMax / 1000 && time.Nanos is >= 0 and < 1000 * NanosOfMs ? null : Rule;
    }
}
