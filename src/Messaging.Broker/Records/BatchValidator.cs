using Messaging.Storage.Records;

namespace Messaging.Broker.Records;

/// <summary>
/// The check of a producer's batch on its way in, all of it: what passes is read by everyone else without a question. As Kafka's broker checks, except that a maximum
/// timestamp that lies is refused and not mended. Hot path: an uncompressed batch is checked without an allocation.
/// </summary>
internal static class BatchValidator
{
    /// <summary>Kafka's bit 6: compaction has put a delete horizon in place of the base timestamp.</summary>
    private const short DeleteHorizonFlag = 0x40;

    private const int UnknownFlags = 0xFF80;
    private const long None = -1;

    /// <summary>The first rule that the bytes break, which are to be exactly one batch; null when there is none. The header is what stands there, and all zeros where there is no room for one.</summary>
    public static BrokerError? Validate(ReadOnlySpan<byte> batch, in BatchRules rules, out RecordBatchHeader header)
    {
        header = default;
        if (CheckBytes(batch, rules) is { } unreadable) return unreadable;
        header = RecordBatch.ReadHeader(batch, batch.Length);
        return CheckAttributes(header) ?? CheckCounts(header) ?? CheckProducer(header) ?? CheckRecords(batch, header, rules);
    }

    private static BrokerError? CheckBytes(ReadOnlySpan<byte> batch, in BatchRules rules)
    {
        if (batch.Length > rules.BytesMax)
        {
            return new BrokerError(ErrorCode.MessageTooLarge, $"The batch has {batch.Length} bytes; the topic takes at most {rules.BytesMax}.");
        }

        if (batch.Length < RecordBatch.HeaderBytes) return Invalid($"A batch has at least {RecordBatch.HeaderBytes} bytes, not {batch.Length}.");
        byte magic = RecordBatch.ReadMagic(batch);
        if (magic < RecordBatch.Magic) return Invalid($"The batch is in format {magic}, which Kafka gave up; formats before {RecordBatch.Magic} are not taken.");
        if (magic > RecordBatch.Magic) return Invalid($"The batch is in format {magic}; format {RecordBatch.Magic} is the only one that is known.");
        if (!RecordBatch.TryReadTotalBytes(batch, out int totalBytes)) return Invalid($"The batch's length is not possible; {batch.Length} bytes are there.");
        if (totalBytes != batch.Length) return Invalid($"The batch says that it has {totalBytes} bytes; {batch.Length} are there.");
        return RecordBatch.CrcIsValid(batch) ? null : new BrokerError(ErrorCode.BatchCorrupt, $"The batch's checksum is not that of its {batch.Length} bytes.");
    }

    private static BrokerError? CheckAttributes(in RecordBatchHeader header)
    {
        if (header.IsControl) return Invalid("The batch is a control batch, which only the broker writes.");
        if (header.HasAppendTime) return Invalid("The batch says that its time is that of appending, which only the broker says.");
        if ((header.Attributes & DeleteHorizonFlag) != 0) return Invalid("The batch has a delete horizon, which only compaction sets.");
        if ((header.Attributes & UnknownFlags) != 0) return Invalid($"The batch's attributes are 0x{header.Attributes:X4}; bits 7 to 15 mean nothing.");
        return RecordCodecs.WhyNot(header.Compression);
    }

    private static BrokerError? CheckCounts(in RecordBatchHeader header)
    {
        if (header.BaseOffset < 0) return Invalid($"The batch's base offset is {header.BaseOffset}; it is 0 or more.");
        if (header.Count < 1) return Invalid($"The batch says that it has {header.Count} records; it has at least one.");
        if (header.Count > BatchLimits.BatchRecordsMax)
        {
            return new BrokerError(ErrorCode.MessageTooLarge, $"The batch says that it has {header.Count} records; it has at most {BatchLimits.BatchRecordsMax}.");
        }

        if (header.LastOffsetDelta != header.Count - 1)
        {
            return Invalid($"The batch says that it has {header.Count} records and that the last offset delta is {header.LastOffsetDelta}, which is not {header.Count - 1}.");
        }

        if (header.BaseOffset > long.MaxValue - header.LastOffsetDelta) return Invalid($"The batch's base offset is {header.BaseOffset}, which leaves no room for {header.Count} offsets.");
        return header.BaseTimestamp < None ? Invalid($"The batch's base timestamp is {header.BaseTimestamp}; it is 0 or more, or -1 for none.") : null;
    }

    private static BrokerError? CheckProducer(in RecordBatchHeader header)
    {
        bool isOfNobody = header.ProducerId == None && header.ProducerEpoch == None && header.BaseSequence == None;
        if (isOfNobody) return header.IsTransactional ? Invalid("The batch is transactional and names no producer.") : null;
        return header.ProducerId >= 0 && header.ProducerEpoch >= 0 && header.BaseSequence >= 0
            ? null
            : Invalid($"Producer id {header.ProducerId}, epoch {header.ProducerEpoch} and base sequence {header.BaseSequence} are all 0 or more, or all -1 for none.");
    }

    private static BrokerError? CheckRecords(ReadOnlySpan<byte> batch, in RecordBatchHeader header, in BatchRules rules)
    {
        if (RecordCodecs.Find(header.Compression) is not { } codec) return RecordValidator.Validate(header, batch[RecordBatch.HeaderBytes..], rules);
        using var records = new PooledBytes(BatchLimits.BatchBytesUncompressedMax, isCounted: true);
        return codec.Decompress(batch[RecordBatch.HeaderBytes..], records) switch
        {
            Decompression.Whole => RecordValidator.Validate(header, records.Span, rules),
            Decompression.Malformed => Invalid($"The batch's {batch.Length - RecordBatch.HeaderBytes} bytes of records are not exactly what {codec.Name} makes."),
            Decompression.TooLarge when records.IsRefused => DecompressedMemory.TooMuch,
            Decompression.TooLarge => new BrokerError(
                ErrorCode.MessageTooLarge, $"The batch's records have more than {BatchLimits.BatchBytesUncompressedMax} bytes once they are decompressed."),
        };
    }

    private static BrokerError Invalid(string detail) => new(ErrorCode.BatchInvalid, detail);
}
