using Messaging.Storage.Records;

namespace Messaging.Broker.Records;

/// <summary>
/// Writes one batch, uncompressed and without a place yet, into memory of the caller, record by record, whose bodies are encoded where they are to stand: nothing is copied twice. Offsets count
/// from 0 until it gets its place. Hot path: no allocation.
/// </summary>
internal ref struct BatchWriter(Span<byte> destination)
{
    /// <summary>What a batch of one record has at most beside the record's body; each further record has less. Bytes.</summary>
    public const int OverheadBytesMax = RecordBatch.HeaderBytes + RecordPrefix.BytesMax;

    private readonly Span<byte> _destination = destination;
    private long _baseTimestamp;
    private long _maxTimestamp;

    /// <summary>Bytes so far, the header's included.</summary>
    public int Length { get; private set; } = RecordBatch.HeaderBytes;

    public int Count { get; private set; }

    /// <summary>The room for the next record's body, which the caller fills.</summary>
    public Span<byte> Next(long timestampMs, int bodyBytes)
    {
        if (Count == 0) (_baseTimestamp, _maxTimestamp) = (timestampMs, timestampMs);
        _maxTimestamp = Math.Max(_maxTimestamp, timestampMs);
        Length += RecordPrefix.Write(_destination[Length..], Count, timestampMs - _baseTimestamp, bodyBytes);
        Count++;
        Span<byte> body = _destination.Slice(Length, bodyBytes);
        Length += bodyBytes;
        return body;
    }

    /// <summary>Writes the header: the batch is whole. It has a record.</summary>
    public readonly void End(in BatchProducer producer)
    {
        Invariant.Check(Count > 0, "A batch has a record.");
        RecordBatch.WriteHeader(
            _destination[..Length],
            baseOffset: 0,
            lastOffsetDelta: Count - 1,
            _baseTimestamp,
            _maxTimestamp,
            Count,
            producer.IsTransactional ? RecordBatch.TransactionalFlag : (short)0,
            producer.Id,
            producer.Epoch,
            producer.BaseSequence);
    }
}
