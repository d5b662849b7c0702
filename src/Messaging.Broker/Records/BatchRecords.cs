using Messaging.Storage.Records;

namespace Messaging.Broker.Records;

/// <summary>
/// The records of one stored batch for a consumer, in order, decompressed where need be. Bounds-safe: never throws, whatever the bytes are, and stops with
/// <see cref="Malformed"/>. Passes over nothing: whether a control batch or an offset is wanted is its caller's to see. Owned by one thread; what it hands out is
/// good until <see cref="Dispose"/>. Hot path: no allocation for an uncompressed batch, and none a record.
/// </summary>
internal ref struct BatchRecords
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly PooledBytes? _decompressed;
    private RecordEnumerator _records;
    private RecordBodyReader _body;

    /// <summary>Reads the batch at the start of the memory. What is decompressed counts in <see cref="DecompressedMemory"/> where it is for a client.</summary>
    public BatchRecords(ReadOnlyMemory<byte> batch, bool isForClient = true)
    {
        Malformed = !RecordBatch.TryReadHeader(batch.Span, out RecordBatchHeader header);
        if (Malformed) return;
        Header = header;
        if (header.Compression == RecordCompression.None)
        {
            _bytes = batch;
            _records = new RecordEnumerator(batch.Span);
            return;
        }

        Refusal = RecordCodecs.WhyNot(header.Compression);
        Malformed = Refusal is not null;
        if (Malformed) return;
        _decompressed = new PooledBytes(BatchLimits.BatchBytesUncompressedMax, isForClient);
        ReadOnlySpan<byte> records = batch.Span[RecordBatch.HeaderBytes..header.TotalBytes];
        Malformed = RecordCodecs.Find(header.Compression)!.Decompress(records, _decompressed) != Decompression.Whole;
        if (_decompressed.IsRefused) Refusal = DecompressedMemory.TooMuch;
        _bytes = _decompressed.Memory;
        _records = new RecordEnumerator(header, _bytes.Span);
    }

    /// <summary>All zeros where there is none.</summary>
    public RecordBatchHeader Header { get; }

    /// <summary>Known once <see cref="MoveNext"/> has returned false: the bytes were not exactly the announced records.</summary>
    public bool Malformed { get; private set; }

    /// <summary>Where the batch is malformed only because this machine lacks its codec, or has no memory for it now: the refusal that says so.</summary>
    public BrokerError? Refusal { get; }

    /// <summary>The record's offset in its partition.</summary>
    public readonly long Offset => Header.BaseOffset + _records.OffsetDelta;

    /// <summary>Milliseconds since 1970, -1 for none: the record's own, or the batch's time of appending.</summary>
    public readonly long TimestampMs => Header.HasAppendTime ? Header.MaxTimestamp : unchecked(Header.BaseTimestamp + _records.TimestampDelta);

    /// <summary>Key, value and headers, encoded.</summary>
    public readonly ReadOnlyMemory<byte> Body => _bytes.Slice(_records.BodyStart, _records.Body.Length);

    /// <summary>Empty when null.</summary>
    public readonly ReadOnlySpan<byte> Key => _body.Key;

    /// <summary>No key, as opposed to an empty one.</summary>
    public readonly bool KeyIsNull => _body.KeyIsNull;

    /// <summary>Empty when null.</summary>
    public readonly ReadOnlySpan<byte> Value => _body.Value;

    /// <summary>A tombstone.</summary>
    public readonly bool ValueIsNull => _body.ValueIsNull;

    /// <summary>How many <see cref="Headers"/> there are.</summary>
    public readonly int HeaderCount => _body.HeaderCount;

    /// <summary>In the order of the producer; well-formed, and their names as the producer wrote them.</summary>
    public readonly RecordHeaderEnumerator Headers => _body.Headers;

    /// <summary>Goes to the next record; false at the end, good or bad.</summary>
    public bool MoveNext()
    {
        if (Malformed) return false;
        if (!_records.MoveNext())
        {
            Malformed = _records.Malformed;
            return false;
        }

        Malformed = !RecordBody.IsValid(_records.Body) || !RecordBodyReader.TryRead(_records.Body, out _body);
        return !Malformed;
    }

    /// <summary>Gives back the memory of what was decompressed.</summary>
    public readonly void Dispose() => _decompressed?.Dispose();
}
