namespace Messaging.Storage.Records;

/// <summary>The compression codec of a batch's records: bits 0 to 2 of its attributes.</summary>
public enum RecordCompression
{
    None = 0,
    Gzip = 1,
    Snappy = 2,
    Lz4 = 3,
    Zstandard = 4,
}

/// <summary>
/// The header of a record batch, decoded. <see cref="TotalBytes"/> is the whole batch with its header; timestamps are
/// milliseconds since 1970; a producer id of -1 means none; the
/// leader epoch is the generation of the folder that appended the batch.
/// </summary>
public readonly record struct RecordBatchHeader(
    long BaseOffset,
    int TotalBytes,
    int LastOffsetDelta,
    long BaseTimestamp,
    long MaxTimestamp,
    int Count,
    short Attributes,
    long ProducerId,
    short ProducerEpoch,
    int BaseSequence,
    int LeaderEpoch = 0)
{
    private const short CompressionMask = 0x07;

    /// <summary>The offset of the last record; kept when compaction removes that record.</summary>
    public long LastOffset => BaseOffset + LastOffsetDelta;

    /// <summary>May be a number without a name: the reader of the records decides what it can decompress.</summary>
    public RecordCompression Compression => (RecordCompression)(Attributes & CompressionMask);

    public bool HasAppendTime => (Attributes & RecordBatch.AppendTimeFlag) != 0;

    public bool IsTransactional => (Attributes & RecordBatch.TransactionalFlag) != 0;

    public bool IsControl => (Attributes & RecordBatch.ControlFlag) != 0;
}
