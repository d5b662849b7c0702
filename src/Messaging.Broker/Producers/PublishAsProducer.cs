using System.Buffers;
using System.Runtime.InteropServices;
using Messaging.Broker.FanOut;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Records;
using Messaging.Broker.Topics;
using Messaging.Storage;
using Messaging.Storage.Records;

namespace Messaging.Broker.Producers;

/// <summary>
/// Publishes records of a producer that is known by its id: those of each partition are one batch, stored once however often it comes, in one command for the whole call. A record that breaks a rule
/// refuses the call, for what comes behind it would have a gap before it; a partition's batch that does not go on where the last one ended is refused for itself, as in Kafka. Cancellation counts until
/// the command is sequenced.
/// </summary>
internal sealed class PublishAsProducer(TopicHost host, ProducerRegistry producers)
{
    /// <summary>The batch of one partition: ready to be appended, and which of the call's records it has.</summary>
    private sealed class Part(LivePartition partition)
    {
        public LivePartition Partition => partition;

        public List<BatchRecord> Records { get; } = [];

        public List<int> Places { get; } = [];

        public int BaseSequence { get; set; } = ProducerStamp.NoSequence;

        public RecordBatchHeader Header { get; set; }

        public ReadOnlyMemory<byte> Bytes { get; set; }

        /// <summary>The number of its first record in the fan-out.</summary>
        public int FirstCopy { get; set; }
    }

    public async ValueTask<Result<PublishOutcome[]>> RunAsync(
        TopicKey key, ReadOnlyMemory<OutgoingRecord> records, ProducerClaim producer, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        BrokerError? refusal = PublishRecords.Find(host, key, records.Length, out LiveTopic topic);
        if (refusal is not null) return await host.ToldAsync(refusal);
        refusal = PublishRecords.WhyNoBatches(topic.Definition);
        if (refusal is not null) return await host.ToldAsync(refusal);
        refusal = Check(records.Span, topic, out int bodyBytes);
        if (refusal is not null) return await host.ToldAsync(refusal);
        var batches = new PooledBytes(BrokerLimits.CallBytesMax * 2);
        try
        {
            Result<PublishOutcome[]> result = await RunAsync(topic, records, producer, bodyBytes, batches, cancellationToken);
            batches.Dispose();
            return result;
        }
        catch (OperationCanceledException)
        {
            // Before anything was appended. Not where the commit has thrown: the process is about to end, and the journal may still read what was lent.
            batches.Dispose();
            throw;
        }
    }

    private async ValueTask<Result<PublishOutcome[]>> RunAsync(
        LiveTopic topic, ReadOnlyMemory<OutgoingRecord> records, ProducerClaim producer, int bodyBytes, PooledBytes batches, CancellationToken cancellationToken)
    {
        byte[] bodies = ArrayPool<byte>.Shared.Rent(bodyBytes);
        BrokerError? refusal = Build(records.Span, topic, producer, bodies, bodyBytes, batches, out List<Part> parts);
        ArrayPool<byte>.Shared.Return(bodies);
        if (refusal is not null) return await host.ToldAsync(refusal);
        while (true)
        {
            Result<PublishOutcome[]>? result = await TryAsync(topic, records.Length, producer, parts, cancellationToken);
            if (result is { } done) return done;
        }
    }

    // Null where subscriptions have changed meanwhile, so that others would get copies. What a transaction has is copied when it is committed.
    private async ValueTask<Result<PublishOutcome[]>?> TryAsync(LiveTopic topic, int records, ProducerClaim producer, List<Part> parts, CancellationToken cancellationToken)
    {
        FanOutCall? fanOut = producer.IsTransactional ? null : FanOutCall.Begin(host.Shared, topic.Subscriptions, topic.Key, records, isOrdered: false);
        if (fanOut is not null) Spread(parts, fanOut);
        long bytes = parts.Sum(static part => (long)Command.BatchBytes(part.Bytes.Length)) + (fanOut?.Bytes ?? 0);
        if (bytes > host.Engine.CommandBytesMax)
        {
            fanOut?.Dispose();
            return PublishRecords.TooLarge(host, bytes);
        }

        using Admission admission = await host.AdmitRecordsAsync((int)bytes, fanOut, cancellationToken);
        if (admission.IsRefused) return await host.WhyNotAdmittedAsync();
        var outcomes = new PublishOutcome[records];
        await Sequence(admission, topic, new Produced(producer, parts, outcomes, fanOut), (int)bytes, out BrokerError? refusal, out bool isStale);
        fanOut?.Dispose();
        if (isStale) return null;
        return refusal is null ? outcomes : refusal;
    }

    /// <summary>One call on its way through the sequencer.</summary>
    private readonly record struct Produced(ProducerClaim Producer, List<Part> Parts, PublishOutcome[] Outcomes, FanOutCall? FanOut);

    private static void Spread(List<Part> parts, FanOutCall fanOut)
    {
        foreach (Part part in parts)
        {
            part.FirstCopy = fanOut.Count;
            BrokerError? refusal = fanOut.AddBatch(part.Partition.Stream, part.Bytes);
            Invariant.Check(refusal is null, "What was built here is not compressed.");
        }

        fanOut.Match();
    }

    private static BrokerError? Check(ReadOnlySpan<OutgoingRecord> records, LiveTopic topic, out int bodyBytes)
    {
        long size = 0;
        long needed = 0;
        bodyBytes = 0;
        for (int i = 0; i < records.Length; i++)
        {
            if (TopicRecordEncoder.Check(records[i], topic.Definition, topic.Partitions.Length, i, out long recordSize) is { } refusal) return refusal;
            if (records[i].Sequence is not null && records[i].Key is null && records[i].Partition is null)
            {
                return new BrokerError(
                    ErrorCode.InvalidValue, "A record with a sequence names its partition, or has a key: else nobody knows where it goes when it is sent again.", $"records[{i}].partition");
            }

            size += recordSize;
            needed += TopicRecordEncoder.Measure(records[i]);
        }

        if (size > BrokerLimits.CallBytesMax) return PublishRecords.TooLarge(size);
        bodyBytes = (int)needed;
        return null;
    }

    private BrokerError? Build(
        ReadOnlySpan<OutgoingRecord> records, LiveTopic topic, ProducerClaim producer, byte[] bodies, int bodyBytes, PooledBytes batches, out List<Part> parts)
    {
        LivePartition[] partitions = topic.Partitions;
        var byNumber = new Dictionary<int, Part>();
        parts = [];
        int start = 0;
        int sticky = -1;
        long now = host.Clock.NowMs();
        bool hasOwnTime = topic.Definition.Timestamps == TopicTimestamps.Create;
        for (int i = 0; i < records.Length; i++)
        {
            ref readonly OutgoingRecord record = ref records[i];
            int number = PublishRecords.PartitionOf(record, topic, bodyBytes, partitions.Length, ref sticky);
            if (!byNumber.TryGetValue(number, out Part? part)) parts.Add(byNumber[number] = part = new Part(partitions[number]) { BaseSequence = record.Sequence ?? ProducerStamp.NoSequence });
            if (!GoesOn(part, record.Sequence))
            {
                return new BrokerError(ErrorCode.InvalidValue, "The records of one partition have sequences that follow each other, or none.", $"records[{i}].sequence");
            }

            int length = TopicRecordEncoder.Write(bodies.AsSpan(start), record);
            part.Records.Add(new BatchRecord(hasOwnTime ? record.TimestampMs ?? now : now, bodies.AsMemory(start, length)));
            part.Places.Add(i);
            start += length;
        }

        WriteBatches(parts, producer, batches);
        return null;
    }

    private static bool GoesOn(Part part, int? sequence) => part.BaseSequence == ProducerStamp.NoSequence
        ? sequence is null
        : sequence == (int)((part.BaseSequence + (long)part.Records.Count) & int.MaxValue);

    // The memory may move while it grows: batches are cut out of it at the end.
    private static void WriteBatches(List<Part> parts, ProducerClaim producer, PooledBytes batches)
    {
        foreach (Part part in parts)
        {
            BatchBuilder.Write(CollectionsMarshal.AsSpan(part.Records), new BatchProducer(producer.Id, producer.Epoch, part.BaseSequence, producer.IsTransactional), batches);
        }

        ReadOnlyMemory<byte> rest = batches.Memory;
        foreach (Part part in parts)
        {
            Invariant.Check(RecordBatch.TryReadHeader(rest.Span, out RecordBatchHeader header), "A batch that was built has a header.");
            (part.Header, part.Bytes) = (header, rest[..header.TotalBytes]);
            rest = rest[header.TotalBytes..];
        }
    }

    private ValueTask Sequence(Admission admission, LiveTopic topic, in Produced call, int bytes, out BrokerError? refusal, out bool isStale)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(bytes))
        {
            ProducerClaim producer = call.Producer;
            isStale = !topic.Deleted && !producer.IsTransactional && FanOutCall.IsStale(topic.Subscriptions, call.FanOut);
            var claim = new ProducerStamp(producer.Id, producer.Epoch, ProducerStamp.NoSequence, 0, producer.IsTransactional);
            refusal = topic.Deleted ? TopicHost.TopicNotFound(topic.Key) : producers.Check(claim, topic.Key.Account);
            long now = host.Clock.NowMs();
            if (refusal is null && !isStale) refusal = call.FanOut?.Judge(now);
            if (refusal is null && !isStale) Append(command, call, now);
            synced = command.Commit(admission);
        }

        return synced;
    }

    private void Append(in Command command, in Produced call, long now)
    {
        foreach (Part part in call.Parts)
        {
            Result<PublishedBatch> appended = AppendProduced.Decide(command, host, producers, part.Partition, part.Header, part.Bytes);
            if (appended is { IsOk: true, Value.IsDuplicate: false }) call.FanOut?.AppendedBatch(command, part.FirstCopy, part.Places.Count, appended.Value.BaseOffset, now);
            Tell(part, appended, call.Outcomes);
        }
    }

    private static void Tell(Part part, Result<PublishedBatch> appended, PublishOutcome[] outcomes)
    {
        for (int i = 0; i < part.Places.Count; i++)
        {
            outcomes[part.Places[i]] = appended.IsOk
                ? new PublishOutcome(part.Partition.Number, appended.Value.BaseOffset + i, null, appended.Value.IsDuplicate)
                : new PublishOutcome(-1, -1, appended.Error.Field == "sequence" ? appended.Error with { Field = $"records[{part.Places[i]}].sequence" } : appended.Error);
        }
    }
}
