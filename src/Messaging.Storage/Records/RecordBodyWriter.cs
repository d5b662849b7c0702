namespace Messaging.Storage.Records;

/// <summary>
/// Writes one record body in the order of the format: key, value, header count, headers. The caller provides room
/// (<see cref="RecordBody.Measure"/>) and writes as many headers as announced. Hot path: no allocation.
/// </summary>
public ref struct RecordBodyWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;

    /// <summary>Bytes so far; of the whole body after the last header.</summary>
    public int Written { get; private set; }

    /// <summary>First of all.</summary>
    public void WriteKey(scoped ReadOnlySpan<byte> key) => WriteField(key);

    /// <summary>First of all, in place of a key.</summary>
    public void WriteNullKey() => WriteVarint(RecordBody.NullLength);

    /// <summary>Second, after the key.</summary>
    public void WriteValue(scoped ReadOnlySpan<byte> value) => WriteField(value);

    /// <summary>Second, in place of a value: a tombstone.</summary>
    public void WriteNullValue() => WriteVarint(RecordBody.NullLength);

    /// <summary>Third, also when it is zero.</summary>
    public void WriteHeaderCount(int count) => WriteVarint(count);

    /// <summary>A header; its name is UTF-8, its value any bytes.</summary>
    public void WriteHeader(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value)
    {
        WriteField(name);
        WriteField(value);
    }

    /// <summary>A header without a value.</summary>
    public void WriteNullHeader(scoped ReadOnlySpan<byte> name)
    {
        WriteField(name);
        WriteVarint(RecordBody.NullLength);
    }

    private void WriteField(scoped ReadOnlySpan<byte> bytes)
    {
        WriteVarint(bytes.Length);
        bytes.CopyTo(_destination[Written..]);
        Written += bytes.Length;
    }

    private void WriteVarint(int value) => Written += Varint.Write(_destination[Written..], value);
}
