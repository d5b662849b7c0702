namespace Messaging.Storage.Records;

/// <summary>
/// What stands before the body of a record and depends on its place in the batch: length, attributes (always 0),
/// timestamp delta, offset delta. Hot path: no allocation.
/// </summary>
public static class RecordPrefix
{
    /// <summary>Length (5), attributes (1), timestamp delta (10) and offset delta (5) before a record's body.</summary>
    public const int BytesMax = 21;

    /// <summary>Bytes of the prefix and the body together.</summary>
    public static int MeasureRecord(int offsetDelta, long timestampDelta, int bodyBytes)
    {
        var length = MeasureLength(offsetDelta, timestampDelta, bodyBytes);
        return Varint.Measure(length) + length;
    }

    /// <summary>Writes a whole record and returns its bytes; the body is what <see cref="RecordBodyWriter"/> wrote.</summary>
    public static int WriteRecord(Span<byte> destination, int offsetDelta, long timestampDelta, ReadOnlySpan<byte> body)
    {
        var prefix = Write(destination, offsetDelta, timestampDelta, body.Length);
        body.CopyTo(destination[prefix..]);
        return prefix + body.Length;
    }

    /// <summary>Writes the prefix alone, for a body of <paramref name="bodyBytes"/> that is copied or gathered after it; returns the prefix's bytes.</summary>
    public static int Write(Span<byte> destination, int offsetDelta, long timestampDelta, int bodyBytes)
    {
        var at = Varint.Write(destination, MeasureLength(offsetDelta, timestampDelta, bodyBytes));
        destination[at++] = 0;
        at += Varint.Write(destination[at..], timestampDelta);
        return at + Varint.Write(destination[at..], offsetDelta);
    }

    // What the length field counts: everything after itself.
    private static int MeasureLength(int offsetDelta, long timestampDelta, int bodyBytes)
        => checked(1 + Varint.Measure(timestampDelta) + Varint.Measure(offsetDelta) + bodyBytes);
}
