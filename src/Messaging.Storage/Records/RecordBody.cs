namespace Messaging.Storage.Records;

/// <summary>
/// The part of a record that does not depend on its place in a batch: key length, key, value length, value, header
/// count, headers. Encoded once, outside of the sequencer (<see cref="RecordBodyWriter"/>), and copied as it is;
/// read by <see cref="RecordBodyReader"/>. Hot path: no allocation.
/// </summary>
public static class RecordBody
{
    /// <summary>The length that stands for null; an empty key or value is another thing.</summary>
    public const int NullLength = -1;

    /// <summary>Bytes of a body; lengths may be <see cref="NullLength"/>, <paramref name="headerBytes"/> is the sum of <see cref="MeasureHeader"/>.</summary>
    public static int Measure(int keyLength, int valueLength, int headerCount = 0, int headerBytes = 0)
        => checked(MeasureField(keyLength) + MeasureField(valueLength) + Varint.Measure(headerCount) + headerBytes);

    /// <summary>Bytes of one header; the value's length may be <see cref="NullLength"/>.</summary>
    public static int MeasureHeader(int nameLength, int valueLength) => checked(MeasureField(nameLength) + MeasureField(valueLength));

    /// <summary>Whether the bytes are one whole body, headers included, and nothing after it: the check on the way in.</summary>
    public static bool IsValid(ReadOnlySpan<byte> body)
    {
        if (!RecordBodyReader.TryRead(body, out var reader))
        {
            return false;
        }

        var headers = reader.Headers;
        while (headers.MoveNext())
        {
        }

        return !headers.Malformed;
    }

    private static int MeasureField(int length) => checked(Varint.Measure(length) + Math.Max(length, 0));
}
