using System.Buffers;
using Messaging.Broker.FanOut;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Records;
using Messaging.Storage;

namespace Messaging.Broker.Topics;

/// <summary>
/// Publishes records, in one command for the whole call, whatever their partitions. One bad record never fails the others. Cancellation counts until the command is
/// sequenced. Hot path.
/// </summary>
/// <remarks>
/// Bodies are encoded outside of the sequencer into one rented buffer, which the journal borrows until the commit has completed; then it is returned here. When the commit
/// throws, the process is about to end and the buffer is left to the collector. Many bytes for one partition become batches here, which the journal writes from where they are; other
/// records are packed into batches there, together with those of concurrent publishes to their partitions.
/// </remarks>
internal sealed class PublishRecords(TopicHost host)
{
    /// <summary>Where all records of a call go to one partition, they become batches from so many bytes on: below it, it is better that concurrent calls share one.</summary>
    private const int WholeBytesMin = 16 * 1024;

    /// <summary>A batch is full at this size: who reads one of its records reads all of it.</summary>
    private const int WholeBytesTarget = 128 * 1024;

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
    }

    /// <summary>One call on its way through the sequencer. Its arrays are the call's, until <see cref="Return"/>.</summary>
    internal readonly record struct Batch(byte[] Buffer, Encoded[] Encoded, int Count, PublishOutcome[] Outcomes, IdempotentCall? Guard, FanOutCall? FanOut)
    {
        public ReadOnlySpan<Encoded> Records => Encoded.AsSpan(0, Count);
    }

    /// <summary>A call that was checked: bytes of all bodies, and the most that the command appends where nobody subscribes.</summary>
    internal readonly record struct Checked(int Bytes, int CommandBytes);

    public async ValueTask<Result<PublishOutcome[]>> RunAsync(
        TopicKey key, ReadOnlyMemory<OutgoingRecord> records, IdempotentRequest? request, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        BrokerError? refusal = Find(host, key, records.Length, out LiveTopic topic);
        if (refusal is not null) return await host.ToldAsync(refusal);
        using IdempotentCall? guard = request is { } asked ? new IdempotentCall(host.Shared, asked) : null;
        if (guard is not null && await guard.LookAsync(topic.First)) return Again(guard, records.Length);
        var outcomes = new PublishOutcome[records.Length];
        refusal = Check(records.Span, topic, guard, outcomes, out Checked found);
        if (refusal is not null) return await host.ToldAsync(refusal);
        if (found.Bytes == 0)
        {
            await host.Engine.SyncedAsync();
            return outcomes;
        }

        while (true)
        {
            Result<PublishOutcome[]>? result = await TryAsync(topic, records, found, outcomes, guard, cancellationToken);
            if (result is { } done) return done;
        }
    }

    // Null where subscriptions have changed meanwhile, so that others would get it.
    private async ValueTask<Result<PublishOutcome[]>?> TryAsync(
        LiveTopic topic, ReadOnlyMemory<OutgoingRecord> records, Checked call, PublishOutcome[] outcomes, IdempotentCall? guard, CancellationToken cancellationToken)
    {
        FanOutCall? fanOut = FanOutCall.Begin(host.Shared, topic.Subscriptions, topic.Key, records.Length);
        Batch batch = fanOut is null ? default : Encode(records.Span, topic, call.Bytes, outcomes, guard, fanOut);
        long bytes = fanOut is null ? call.CommandBytes : Measure(call, batch);
        if (bytes > host.Engine.CommandBytesMax)
        {
            Return(batch);
            return await host.ToldAsync(TooLarge(host, bytes));
        }

        using Admission admission = await host.Engine.AdmitRecordsAsync((int)bytes, cancellationToken);
        if (admission.IsRefused) return await host.WhyNotAdmittedAsync();
        if (fanOut is null) batch = Encode(records.Span, topic, call.Bytes, outcomes, guard, null);
        await Sequence(admission, topic, batch, (int)bytes, out bool found, out bool isStale);
        Return(batch);
        if (!found) return TopicHost.TopicNotFound(topic.Key);
        if (guard is { IsSettled: true }) return Again(guard, records.Length);
        return isStale ? (Result<PublishOutcome[]>?)null : outcomes;
    }

    /// <summary>The topic for a call with so many records, or why not.</summary>
    public static BrokerError? Find(TopicHost host, in TopicKey key, int records, out LiveTopic topic)
    {
        if (host.Find(key, out topic) is { } refusal) return refusal;
        if (records == 0) return new BrokerError(ErrorCode.BatchEmpty, "The call carries no records.");
        return records <= BrokerLimits.CallEntriesMax
            ? null
            : new BrokerError(ErrorCode.BatchTooLarge, $"One call carries at most {BrokerLimits.CallEntriesMax} records, not {records}.");
    }

    /// <summary>What is wrong with the call as a whole; with single records, in <paramref name="outcomes"/>.</summary>
    public BrokerError? Check(
        ReadOnlySpan<OutgoingRecord> records, LiveTopic topic, IdempotentCall? guard, PublishOutcome[] outcomes, out Checked call)
    {
        TopicDefinition definition = topic.Definition;
        int partitions = topic.Partitions.Length;
        long size = 0;
        long needed = 0;
        long appended = 0;
        call = default;
        for (int i = 0; i < records.Length; i++)
        {
            BrokerError? refusal = TopicRecordEncoder.Check(records[i], definition, partitions, i, out long recordSize);
            if (records[i].Sequence is not null) refusal ??= new BrokerError(ErrorCode.InvalidValue, "A sequence is one of a producer, and the call names none.", $"records[{i}].sequence");
            size += recordSize;
            if (refusal is not null) outcomes[i] = new PublishOutcome(-1, -1, refusal);
            if (refusal is not null) continue;
            int recordBytes = TopicRecordEncoder.Measure(records[i]);
            needed += recordBytes;
            appended += Command.RecordBytes(recordBytes);
        }

        if (guard is not null) appended += guard.Reserve(PublishAnswers.BytesMax(outcomes));
        if (size > BrokerLimits.CallBytesMax || appended > host.Engine.CommandBytesMax)
        {
            return size > BrokerLimits.CallBytesMax ? TooLarge(size) : TooLarge(host, appended);
        }

        call = new Checked((int)needed, (int)appended);
        return null;
    }

    /// <summary>All bodies in memory that is lent until the commit has completed; then <see cref="Return"/> it. With who gets copies, where somebody may.</summary>
    public Batch Encode(ReadOnlySpan<OutgoingRecord> records, LiveTopic topic, int bytes, PublishOutcome[] outcomes, IdempotentCall? guard, FanOutCall? fanOut)
    {
        Encoded[] encoded = ArrayPool<Encoded>.Shared.Rent(records.Length);
        bool isWhole = Place(records, topic, bytes, outcomes, encoded) && bytes >= WholeBytesMin && fanOut is null;
        int beside = isWhole ? BatchWriter.OverheadBytesMax : fanOut is null ? 0 : PublishedPlace.Bytes;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(bytes + (records.Length * beside));
        var batch = new Batch(buffer, encoded, records.Length, outcomes, guard, fanOut);
        if (isWhole) EncodeBatches(records, batch);
        else EncodeBodies(records, batch);
        if (fanOut is not null) Spread(records, topic, batch, fanOut);
        return batch;
    }

    /// <summary>The most that the command appends with all copies.</summary>
    public static long Measure(in Checked call, in Batch batch)
    {
        long bytes = call.CommandBytes + batch.FanOut!.Bytes;
        foreach (ref readonly Encoded record in batch.Records)
        {
            if (record.Partition is null) continue;
            bytes += batch.FanOut.IsShared(record.Copied) ? PublishedPlace.Bytes - Command.RecordBytes(record.Length) : PublishedPlace.Bytes;
        }

        return bytes;
    }

    // A record with a time of its own stands in its partition with that, and in queues with the broker's.
    private static void Spread(ReadOnlySpan<OutgoingRecord> records, LiveTopic topic, in Batch batch, FanOutCall fanOut)
    {
        bool hasOwnTime = topic.Definition.Timestamps == TopicTimestamps.Create;
        for (int i = 0; i < records.Length; i++)
        {
            ref Encoded encoded = ref batch.Encoded[i];
            if (encoded.Partition is null) continue;
            bool isShared = !hasOwnTime || records[i].TimestampMs is null;
            encoded.Copied = fanOut.Add(encoded.Partition.Stream, batch.Buffer.AsMemory(encoded.Start, encoded.Length), isShared);
        }

        fanOut.Match();
    }

    // True where all of them go to one partition.
    private bool Place(ReadOnlySpan<OutgoingRecord> records, LiveTopic topic, int bytes, PublishOutcome[] outcomes, Encoded[] encoded)
    {
        LivePartition[] partitions = topic.Partitions;
        LivePartition? one = null;
        bool isOne = true;
        int sticky = -1;
        long now = host.Clock.NowMs();
        bool hasOwnTime = topic.Definition.Timestamps == TopicTimestamps.Create;
        for (int i = 0; i < records.Length; i++)
        {
            encoded[i] = default;
            if (outcomes[i].Error is not null) continue;
            ref readonly OutgoingRecord record = ref records[i];
            LivePartition partition = partitions[PartitionOf(record, topic, bytes, partitions.Length, ref sticky)];
            encoded[i] = new Encoded { Partition = partition, TimestampMs = hasOwnTime ? record.TimestampMs ?? now : now };
            isOne &= partition == (one ??= partition);
        }

        return isOne;
    }

    private static void EncodeBodies(ReadOnlySpan<OutgoingRecord> records, in Batch batch)
    {
        int start = 0;
        for (int i = 0; i < records.Length; i++)
        {
            ref Encoded encoded = ref batch.Encoded[i];
            if (encoded.Partition is null) continue;
            (encoded.Start, encoded.Length) = (start, TopicRecordEncoder.Write(batch.Buffer.AsSpan(start), records[i], hasPlace: batch.FanOut is not null));
            start += encoded.Length;
        }
    }

    private static void EncodeBatches(ReadOnlySpan<OutgoingRecord> records, in Batch batch)
    {
        int start = 0;
        for (int i = 0; i < records.Length;)
        {
            ref Encoded first = ref batch.Encoded[i];
            if (first.Partition is null)
            {
                i++;
                continue;
            }

            var writer = new BatchWriter(batch.Buffer.AsSpan(start));
            for (; i < records.Length && writer.Length < WholeBytesTarget; i++)
            {
                if (batch.Encoded[i].Partition is null) continue;
                TopicRecordEncoder.Write(writer.Next(batch.Encoded[i].TimestampMs, TopicRecordEncoder.Measure(records[i])), records[i]);
            }

            writer.End(BatchProducer.None);
            (first.Start, first.Length, first.BatchCount) = (start, writer.Length, writer.Count);
            start += writer.Length;
        }
    }

    public static void Return(in Batch batch)
    {
        if (batch.Buffer is null) return;
        batch.FanOut?.Dispose();
        ArrayPool<byte>.Shared.Return(batch.Buffer);
        Array.Clear(batch.Encoded, 0, batch.Count);
        ArrayPool<Encoded>.Shared.Return(batch.Encoded);
    }

    /// <summary>Where a record goes: where it says, or its key, or with all others of its call that have none; <paramref name="sticky"/> is below 0 until that is chosen.</summary>
    public static int PartitionOf(in OutgoingRecord record, LiveTopic topic, int bytes, int partitions, ref int sticky)
    {
        if (record.Partition is { } named) return named;
        if (record.Key is { } key) return KeyPartitioner.Of(key.Span, partitions);
        return sticky >= 0 ? sticky : sticky = topic.Sticky.Next(bytes, partitions);
    }

    public static BrokerError TooLarge(long size) => new(ErrorCode.BatchTooLarge, $"The records of one call have at most {BrokerLimits.CallBytesMax} bytes together, not {size}.");

    public static BrokerError TooLarge(TopicHost host, long appended) => new(
        ErrorCode.BatchTooLarge, $"One call takes at most {host.Engine.CommandBytesMax} bytes of the journal, with what is kept beside each record; these take {appended}.");

    private ValueTask Sequence(Admission admission, LiveTopic topic, in Batch call, int bytes, out bool found, out bool isStale)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(bytes))
        {
            found = !topic.Deleted;
            isStale = found && FanOutCall.IsStale(topic.Subscriptions, call.FanOut);
            if (found && !isStale) Decide(command, topic, call);
            synced = command.Commit(admission);
        }

        return synced;
    }

    private void Decide(in Command command, LiveTopic topic, in Batch call)
    {
        long now = host.Clock.NowMs();
        if (call.Guard is { } guard)
        {
            topic.First.State.Advance(now);
            if (guard.Look(topic.First, now) || !guard.HasRoom(topic.First)) return;
            Append(command, call, now);
            Remember(command, topic, call, guard, now);
            return;
        }

        Append(command, call, now);
    }

    /// <summary>Inside a command: stores what is not refused, and says in the batch where.</summary>
    public static void Append(in Command command, in Batch call, long now)
    {
        ReadOnlySpan<Encoded> records = call.Records;
        long next = 0;
        for (int i = 0; i < records.Length; i++)
        {
            ref readonly Encoded record = ref records[i];
            if (record.Partition is null) continue;
            ReadOnlyMemory<byte> bytes = call.Buffer.AsMemory(record.Start, record.Length);
            if (call.FanOut is { } fanOut && fanOut.IsShared(record.Copied)) next = fanOut.Append(command, record.Copied, now);
            else if (record.BatchCount > 0) next = command.AppendBatch(record.Partition.Stream, bytes);
            else if (record.Length > 0) next = command.AppendRecordAt(record.Partition.Stream, record.TimestampMs, bytes);
            if (call.FanOut is { } copies && !copies.IsShared(record.Copied)) copies.Appended(command, record.Copied, next, now);
            call.Outcomes[i] = new PublishOutcome(record.Partition.Number, next++, null);
        }
    }

    private static void Remember(in Command command, LiveTopic topic, in Batch call, IdempotentCall guard, long now)
    {
        if (Array.TrueForAll(call.Outcomes, static outcome => outcome.Error is not null)) return;
        EntryWriter writer = guard.BeginAnswer(topic.First, now);
        PublishAnswers.Write(ref writer, call.Outcomes);
        guard.Remember(command, topic.First, writer);
    }

    // What the first call of the same idempotency key was answered.
    private static Result<PublishOutcome[]> Again(IdempotentCall guard, int count)
    {
        if (guard.Refusal is { } refusal) return refusal;
        var outcomes = new PublishOutcome[count];
        return PublishAnswers.TryRead(guard.Answer, outcomes) ? outcomes : IdempotentCall.Reused;
    }
}
