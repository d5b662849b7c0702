using System.Numerics;

namespace Messaging.Storage.Records;

/// <summary>
/// Zigzag varints, as in Kafka's records: seven bits a byte, low ones first, the top bit says that more follow.
/// At most 5 bytes for 32 bits and 10 for 64; what would not fit is refused, never cut. Hot path: no allocation.
/// </summary>
internal static class Varint
{
    /// <summary>The longest form of a 64-bit value, in bytes.</summary>
    public const int BytesMax = 10;

    /// <summary>Bytes that <see cref="Write"/> takes, 1 to 10; a 32-bit value has the same form as its 64-bit self.</summary>
    public static int Measure(long value)
    {
        // Seven bits a byte; the "| 1" gives zero its one byte.
        var bits = 64 - BitOperations.LeadingZeroCount(ZigZag(value) | 1);
        return (bits + 6) / 7;
    }

    /// <summary>Writes the value and returns the bytes that it took.</summary>
    public static int Write(Span<byte> destination, long value)
    {
        var rest = ZigZag(value);
        var count = 0;
        while (rest > 0x7F)
        {
            destination[count++] = (byte)(rest | 0x80);
            rest >>= 7;
        }

        destination[count++] = (byte)rest;
        return count;
    }

    /// <summary>Reads a 32-bit value; false when the bytes end too early or hold more than 32 bits.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out int value, out int bytes)
    {
        // The common case, lengths and deltas below 64, in one comparison.
        if (source.Length > 0 && source[0] <= 0x7F)
        {
            value = (source[0] >> 1) ^ -(source[0] & 1);
            bytes = 1;
            return true;
        }

        var whole = TryReadRaw(source, 5, out var raw, out bytes) && raw <= uint.MaxValue;
        value = whole ? (int)UnZigZag(raw) : 0;
        return whole;
    }

    /// <summary>Reads a 64-bit value; false when the bytes end too early or hold more than 64 bits.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out long value, out int bytes)
    {
        var whole = TryReadRaw(source, BytesMax, out var raw, out bytes);
        value = whole ? UnZigZag(raw) : 0;
        return whole;
    }

    private static bool TryReadRaw(ReadOnlySpan<byte> source, int bytesMax, out ulong raw, out int bytes)
    {
        raw = 0;
        for (bytes = 0; bytes < bytesMax && bytes < source.Length;)
        {
            var part = source[bytes];
            if (bytes == BytesMax - 1 && part > 1)
            {
                return false;
            }

            raw |= (ulong)(part & 0x7F) << (7 * bytes);
            bytes++;
            if (part <= 0x7F)
            {
                return true;
            }
        }

        return false;
    }

    private static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    private static long UnZigZag(ulong raw) => (long)(raw >> 1) ^ -(long)(raw & 1);
}
