namespace Messaging.Broker.Messages;

/// <summary>A number in a header's value: an unsigned varint, seven bits a byte, low ones first.</summary>
internal static class StoredNumber
{
    /// <summary>The longest one.</summary>
    public const int BytesMax = 10;

    /// <summary>Writes it and returns its bytes.</summary>
    public static int Write(Span<byte> destination, long value)
    {
        int written = 0;
        ulong rest = (ulong)value;
        for (; rest > 0x7F; rest >>= 7) destination[written++] = (byte)(rest | 0x80);
        destination[written++] = (byte)rest;
        return written;
    }

    /// <summary>All of a header's value; 0 where that is none.</summary>
    public static long Read(ReadOnlySpan<byte> source) => TryRead(ref source, out long value) ? value : 0;

    /// <summary>Takes it off the front; false where there is none. Nothing in a record may throw.</summary>
    public static bool TryRead(ref ReadOnlySpan<byte> source, out long value)
    {
        ulong number = 0;
        for (int i = 0; i < BytesMax && i < source.Length; i++)
        {
            byte part = source[i];
            number |= (ulong)(part & 0x7F) << (7 * i);
            if (part > 0x7F) continue;
            source = source[(i + 1)..];
            value = (long)number;
            return true;
        }

        value = 0;
        return false;
    }
}
