using System.Buffers;
using Messaging.Broker.FanOut;
using Messaging.Broker.Messages;
using Messaging.Broker.Queues;
using Messaging.Broker.Records;
using Messaging.Storage;

namespace Messaging.Broker.Topics;

/// <summary>
/// The records of one publish as they are going to be stored, with who gets copies. Encoded outside of the sequencer into one rented buffer, which the journal borrows until the commit has completed: dispose it
/// then. When the commit throws, the process is about to end and the buffer is left to the collector. Used by one call. Hot path.
/// </summary>
/// <remarks>
/// Many bytes for one partition become batches here, which the journal writes from where they are; other records are packed into batches there, together with those of concurrent publishes to their
/// partitions. Where somebody may get copies every record stands alone, and ends with the place that it is published at.
/// </remarks>
internal sealed class EncodedRecords : IDisposable
{
    /// <summary>Where all records of a call go to one partition, they become batches from so many bytes on: below it, it is better that concurrent calls share one.</summary>
    private const int WholeBytesMin = 16 * 1024;

    /// <summary>A batch is full at this size: who reads one of its records reads all of it.</summary>
    private const int WholeBytesTarget = 128 * 1024;

    private readonly LiveTopic _topic;
    private readonly TopicDefinition _definition;
    private readonly byte[] _buffer;
    private readonly Encoded[] _records;
    private readonly int _count;

    private EncodedRecords(LiveTopic topic, int records, int bytes, FanOutCall? fanOut)
    {
        (_topic, _definition, _count, FanOut) = (topic, topic.Definition, records, fanOut);
        _records = ArrayPool<Encoded>.Shared.Rent(records);
        _buffer = ArrayPool<byte>.Shared.Rent(bytes);
    }

    /// <summary>One accepted record; its place in the buffer is that of its body, or where it is the first of a batch, of the batch.</summary>
    internal struct Encoded
    {
        public int Start;
        public int Length;

        /// <summary>Records of the batch that begins with this one; 0: its body stands alone, or else in an earlier one's batch, with no <see cref="Length"/>.</summary>
        public int BatchCount;

        /// <summary>Null: the record was refused.</summary>
        public LivePartition? Partition;
        public long TimestampMs;

        /// <summary>Its number in the fan-out, where there is one.</summary>
        public int Copied;

        /// <summary>It is stored once under this id.</summary>
        public bool HasId;
        public Hash128 Id;
    }

    /// <summary>Of the call's records, in their order.</summary>
    public ReadOnlySpan<Encoded> Records => _records.AsSpan(0, _count);

    /// <summary>Null where nobody subscribes.</summary>
    public FanOutCall? FanOut { get; }

    /// <summary>How long ids are remembered; 0 where there are none.</summary>
    public long WindowMs => (_definition.Deduplication?.WindowSeconds ?? 0) * 1_000L;

    /// <summary>With all that are not refused; <paramref name="bytes"/> holds their bodies.</summary>
    public static EncodedRecords Encode(ReadOnlySpan<OutgoingRecord> records, LiveTopic topic, int bytes, long now, PublishOutcome[] outcomes, FanOutCall? fanOut)
    {
        int beside = Math.Max(BatchWriter.OverheadBytesMax, PublishedPlace.Bytes);
        var encoded = new EncodedRecords(topic, records.Length, bytes + (records.Length * beside), fanOut);
        bool isWhole = encoded.Place(records, bytes, now, outcomes) && bytes >= WholeBytesMin && fanOut is null && topic.Definition.Type == TopicType.Standard;
        if (isWhole) encoded.EncodeBatches(records);
        else encoded.EncodeBodies(records);
        if (fanOut is not null) encoded.Spread(records, fanOut);
        return encoded;
    }

    /// <summary>The most that the command appends with all copies, where it appends so much without any.</summary>
    public long Measure(int commandBytes)
    {
        if (FanOut is null) return commandBytes;
        long bytes = commandBytes + FanOut.Bytes;
        foreach (ref readonly Encoded record in Records)
        {
            if (record.Partition is null) continue;
            bytes += FanOut.IsShared(record.Copied) ? PublishedPlace.Bytes - Command.RecordBytes(record.Length) : PublishedPlace.Bytes;
        }

        return bytes;
    }

    /// <summary>Inside a command: stores the record, with its copies, and returns its offset; of one in an earlier one's batch, the offset that follows <paramref name="before"/>.</summary>
    public long Append(in Command command, in Encoded record, long before, long now)
    {
        if (FanOut is { } shared && shared.IsShared(record.Copied)) return shared.Append(command, record.Copied, now);
        ReadOnlyMemory<byte> bytes = _buffer.AsMemory(record.Start, record.Length);
        long offset = record.BatchCount > 0 ? command.AppendBatch(record.Partition!.Stream, bytes)
            : record.Length > 0 ? command.AppendRecordAt(record.Partition!.Stream, record.TimestampMs, bytes)
            : before + 1;
        FanOut?.Appended(command, record.Copied, offset, now);
        return offset;
    }

    public void Dispose()
    {
        FanOut?.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
        Array.Clear(_records, 0, _count);
        ArrayPool<Encoded>.Shared.Return(_records);
    }

    // True where all of them go to one partition.
    private bool Place(ReadOnlySpan<OutgoingRecord> records, int bytes, long now, PublishOutcome[] outcomes)
    {
        LivePartition[] partitions = _topic.Partitions;
        LivePartition? one = null;
        bool isOne = true;
        int sticky = -1;
        bool hasOwnTime = _definition.Timestamps == TopicTimestamps.Create;
        for (int i = 0; i < records.Length; i++)
        {
            _records[i] = default;
            if (outcomes[i].Error is not null) continue;
            ref readonly OutgoingRecord record = ref records[i];
            LivePartition partition = partitions[PublishRecords.PartitionOf(record, _topic, bytes, partitions.Length, ref sticky)];
            _records[i] = new Encoded { Partition = partition, TimestampMs = hasOwnTime ? record.TimestampMs ?? now : now };
            isOne &= partition == (one ??= partition);
        }

        return isOne;
    }

    private void EncodeBodies(ReadOnlySpan<OutgoingRecord> records)
    {
        int start = 0;
        Span<byte> idBuffer = stackalloc byte[MessageLimits.DeduplicationIdBytesMax];
        for (int i = 0; i < records.Length; i++)
        {
            ref Encoded encoded = ref _records[i];
            if (encoded.Partition is null) continue;
            ref readonly OutgoingRecord record = ref records[i];
            Span<byte> id = idBuffer[..DeduplicationIds.Measure(record.DeduplicationId, _definition.Deduplication)];
            if (!id.IsEmpty)
            {
                DeduplicationIds.Write(record.DeduplicationId, record.Value is { } value ? value.Span : default, id);
                (encoded.HasId, encoded.Id) = (true, DeduplicationIds.Hash(_definition.Deduplication!.Scope, record.Key!.Value.Span, id));
            }

            (encoded.Start, encoded.Length) = (start, TopicRecordEncoder.Write(_buffer.AsSpan(start), record, hasPlace: FanOut is not null, id));
            start += encoded.Length;
        }
    }

    private void EncodeBatches(ReadOnlySpan<OutgoingRecord> records)
    {
        int start = 0;
        for (int i = 0; i < records.Length;)
        {
            ref Encoded first = ref _records[i];
            if (first.Partition is null)
            {
                i++;
                continue;
            }

            var writer = new BatchWriter(_buffer.AsSpan(start));
            for (; i < records.Length && writer.Length < WholeBytesTarget; i++)
            {
                if (_records[i].Partition is null) continue;
                TopicRecordEncoder.Write(writer.Next(_records[i].TimestampMs, TopicRecordEncoder.Measure(records[i])), records[i]);
            }

            writer.End(BatchProducer.None);
            (first.Start, first.Length, first.BatchCount) = (start, writer.Length, writer.Count);
            start += writer.Length;
        }
    }

    // A record with a time of its own stands in its partition with that, and in queues with the broker's.
    private void Spread(ReadOnlySpan<OutgoingRecord> records, FanOutCall fanOut)
    {
        bool hasOwnTime = _definition.Timestamps == TopicTimestamps.Create;
        for (int i = 0; i < records.Length; i++)
        {
            ref Encoded encoded = ref _records[i];
            if (encoded.Partition is null) continue;
            bool isShared = !hasOwnTime || records[i].TimestampMs is null;
            encoded.Copied = fanOut.Add(encoded.Partition.Stream, _buffer.AsMemory(encoded.Start, encoded.Length), isShared);
        }

        fanOut.Match();
    }
}
