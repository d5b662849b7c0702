namespace Messaging.Storage.Records;

/// <summary>
/// The records of one uncompressed batch, in place and in order. Bounds-safe: whatever counts and lengths say, it reads
/// inside of the batch only, never throws, and stops with <see cref="Malformed"/>. The bodies are not looked into
/// (<see cref="RecordBodyReader"/>). Hot path: no allocation.
/// </summary>
public ref struct RecordEnumerator
{
    private readonly ReadOnlySpan<byte> _records;
    private readonly int _recordsStart;
    private readonly int _lastOffsetDelta;
    private int _position;
    private int _left;

    /// <summary>Enumerates the batch at the start of <paramref name="batch"/>. A batch without a possible header, or a compressed one, is malformed here.</summary>
    public RecordEnumerator(ReadOnlySpan<byte> batch)
    {
        OffsetDelta = -1;
        if (!RecordBatch.TryReadHeader(batch, out var header) || header.Compression != RecordCompression.None)
        {
            Malformed = true;
            return;
        }

        _records = batch[RecordBatch.HeaderBytes..header.TotalBytes];
        _recordsStart = RecordBatch.HeaderBytes;
        _lastOffsetDelta = header.LastOffsetDelta;
        _left = header.Count;
    }

    /// <summary>Enumerates records that were decompressed; positions then count from their start.</summary>
    public RecordEnumerator(scoped in RecordBatchHeader header, ReadOnlySpan<byte> records)
    {
        OffsetDelta = -1;
        _records = records;
        _lastOffsetDelta = header.LastOffsetDelta;
        _left = header.Count;
    }

    /// <summary>Known once <see cref="MoveNext"/> has returned false: the bytes were not exactly the announced records.</summary>
    public bool Malformed { get; private set; }

    /// <summary>From the batch's base offset; grows from record to record.</summary>
    public int OffsetDelta { get; private set; }

    /// <summary>Milliseconds from the batch's base timestamp; may be negative.</summary>
    public long TimestampDelta { get; private set; }

    /// <summary>Key, value and headers, still encoded.</summary>
    public ReadOnlySpan<byte> Body { get; private set; }

    /// <summary>Where the body begins, in bytes from the start of the batch.</summary>
    public int BodyStart { get; private set; }

    public bool MoveNext()
    {
        if (_left == 0 || Malformed)
        {
            Malformed |= _position < _records.Length;
            return false;
        }

        _left--;
        if (TryReadRecord())
        {
            return true;
        }

        Malformed = true;
        return false;
    }

    private bool TryReadRecord()
    {
        var rest = _records[_position..];
        if (!Varint.TryRead(rest, out int length, out var lengthBytes) || length < 1 || length > rest.Length - lengthBytes)
        {
            return false;
        }

        var record = rest.Slice(lengthBytes, length);
        var fields = new FieldReader(record[1..]);
        if (record[0] != 0
            || !fields.TryReadInt64(out var timestampDelta)
            || !fields.TryReadInt32(out var offsetDelta)
            || offsetDelta <= OffsetDelta
            || offsetDelta > _lastOffsetDelta)
        {
            return false;
        }

        TimestampDelta = timestampDelta;
        OffsetDelta = offsetDelta;
        Body = fields.Rest;
        _position += lengthBytes + length;
        BodyStart = _recordsStart + _position - Body.Length;
        return true;
    }
}
