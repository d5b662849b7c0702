namespace Messaging.Storage.Records;

/// <summary>Reads length-prefixed fields off the front of a span; a false leaves the position where it was. Never throws, whatever the bytes say.</summary>
internal ref struct FieldReader(ReadOnlySpan<byte> rest)
{
    public ReadOnlySpan<byte> Rest { get; private set; } = rest;

    public bool TryReadInt32(out int value)
    {
        if (!Varint.TryRead(Rest, out value, out var bytes))
        {
            return false;
        }

        Rest = Rest[bytes..];
        return true;
    }

    public bool TryReadInt64(out long value)
    {
        if (!Varint.TryRead(Rest, out value, out var bytes))
        {
            return false;
        }

        Rest = Rest[bytes..];
        return true;
    }

    /// <summary>A field whose length may be -1, null; lengths below that, or beyond the end, are refused.</summary>
    public bool TryReadField(out ReadOnlySpan<byte> field, out bool isNull)
    {
        field = default;
        isNull = false;
        if (!Varint.TryRead(Rest, out int length, out var bytes) || length < RecordBody.NullLength || length > Rest.Length - bytes)
        {
            return false;
        }

        isNull = length == RecordBody.NullLength;
        field = isNull ? default : Rest.Slice(bytes, length);
        Rest = Rest[(bytes + field.Length)..];
        return true;
    }
}
