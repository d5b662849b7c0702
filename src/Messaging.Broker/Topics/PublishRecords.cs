using Messaging.Broker.FanOut;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Storage;

namespace Messaging.Broker.Topics;

/// <summary>
/// Publishes records, in one command for the whole call, whatever their partitions. One bad record never fails the others. Cancellation counts until the command is
/// sequenced. Hot path.
/// </summary>
internal sealed class PublishRecords(TopicHost host)
{
    private const string Place = "records";

    private static readonly BrokerError TooManyIds = new(
        ErrorCode.TooManyDeduplicationIds, $"The topic remembers {QueueLimits.DeduplicationIdsPerQueueMax} deduplication ids, as many as it can.");

    /// <summary>One call on its way through the sequencer.</summary>
    internal readonly record struct Batch(LiveTopic Topic, EncodedRecords Records, PublishOutcome[] Outcomes, IdempotentCall? Guard);

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
        if (topic.Subscriptions.Held is { } held) await held.WaitAsync(cancellationToken);
        FanOutCall? fanOut = BeginFanOut(topic, records.Length);
        EncodedRecords? early = fanOut is null ? null : Encode(records.Span, topic, call, outcomes, fanOut);
        long bytes = early?.Measure(call.CommandBytes) ?? call.CommandBytes;
        if (bytes > host.Engine.CommandBytesMax)
        {
            early?.Dispose();
            return await host.ToldAsync(TooLarge(host, bytes));
        }

        using Admission admission = await host.AdmitRecordsAsync((int)bytes, early, cancellationToken);
        if (admission.IsRefused) return await host.WhyNotAdmittedAsync();
        EncodedRecords encoded = early ?? Encode(records.Span, topic, call, outcomes, null);
        await Sequence(admission, new Batch(topic, encoded, outcomes, guard), (int)bytes, out BrokerError? refusal, out bool isStale);
        encoded.Dispose();
        if (refusal is not null) return refusal;
        if (guard is { IsSettled: true }) return Again(guard, records.Length);
        return isStale ? (Result<PublishOutcome[]>?)null : outcomes;
    }

    /// <summary>With who subscribes; null where nobody does.</summary>
    public FanOutCall? BeginFanOut(LiveTopic topic, int records) =>
        FanOutCall.Begin(host.Shared, topic.Subscriptions, topic.Key, records, isOrdered: topic.Definition.Type == TopicType.Fifo);

    /// <summary>All that is not refused, in memory that is lent until the commit has completed.</summary>
    public EncodedRecords Encode(ReadOnlySpan<OutgoingRecord> records, LiveTopic topic, in Checked call, PublishOutcome[] outcomes, FanOutCall? fanOut) =>
        EncodedRecords.Encode(records, topic, call.Bytes, host.Clock.NowMs(), outcomes, fanOut);

    /// <summary>The topic for a call with so many records, or why not.</summary>
    public static BrokerError? Find(TopicHost host, in TopicKey key, int records, out LiveTopic topic) => host.Find(key, out topic) ?? EntryCount.Check(records, Place);

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
            if (records[i].Sequence is not null) refusal ??= new BrokerError(ErrorCode.InvalidValue, "A sequence is one of a producer, and the call names none.", $"{Place}[{i}].sequence");
            size += recordSize;
            if (refusal is not null) outcomes[i] = new PublishOutcome(-1, -1, refusal);
            if (refusal is not null) continue;
            int recordBytes = TopicRecordEncoder.Measure(records[i], idBytes: DeduplicationIds.Measure(records[i].DeduplicationId, definition.Deduplication));
            needed += recordBytes;
            appended += Command.RecordBytes(recordBytes);
        }

        if (definition.Deduplication is not null) appended += Command.StateBytes(QueueEntryWriter.HashedBytesMax(records.Length));
        if (guard is not null) appended += guard.Reserve(PublishAnswers.BytesMax(outcomes));
        if (size > BrokerLimits.CallBytesMax || appended > host.Engine.CommandBytesMax)
        {
            return size > BrokerLimits.CallBytesMax ? TooLarge(size) : TooLarge(host, appended);
        }

        call = new Checked((int)needed, (int)appended);
        return null;
    }

    /// <summary>Where a record goes: where it says, or its key, or with all others of its call that have none; <paramref name="sticky"/> is below 0 until that is chosen.</summary>
    public static int PartitionOf(in OutgoingRecord record, LiveTopic topic, int bytes, int partitions, ref int sticky)
    {
        if (record.Partition is { } named) return named;
        if (record.Key is { } key) return KeyPartitioner.Of(key.Span, partitions);
        return sticky >= 0 ? sticky : sticky = topic.Sticky.Next(bytes, partitions);
    }

    /// <summary>Why a topic of this type takes no batches of producers; null where it does.</summary>
    public static BrokerError? WhyNoBatches(TopicDefinition definition) => definition.Type == TopicType.Fifo
        ? new BrokerError(ErrorCode.InvalidValue, "A FIFO topic takes records one by one, which it deduplicates by their ids: neither those of producers nor whole batches.")
        : null;

    public static BrokerError TooLarge(long size) => new(ErrorCode.BatchTooLarge, $"The records of one call have at most {BrokerLimits.CallBytesMax} bytes together, not {size}.", Place);

    public static BrokerError TooLarge(TopicHost host, long appended, string field = Place) => new(
        ErrorCode.BatchTooLarge, $"One call takes at most {host.Engine.CommandBytesMax} bytes of the journal, with what is kept beside each record; these take {appended}.", field);

    private ValueTask Sequence(Admission admission, in Batch call, int bytes, out BrokerError? refusal, out bool isStale)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(bytes))
        {
            long now = host.Clock.NowMs();
            isStale = IsStale(call);
            refusal = call.Topic.Deleted ? TopicHost.TopicNotFound(call.Topic.Key) : isStale ? null : Decide(command, call, now);
            synced = command.Commit(admission);
        }

        return synced;
    }

    private BrokerError? Decide(in Command command, in Batch call, long now)
    {
        LivePartition first = call.Topic.First;
        if (call.Guard is not null || call.Records.WindowMs > 0) first.State.Advance(now);
        if (call.Guard is { } guard && (guard.Look(first, now) || !guard.HasRoom(first))) return null;
        if (Judge(call, now) is { } refusal) return refusal;
        Append(command, call, now);
        if (call.Guard is not null) Remember(command, call, now);
        return null;
    }

    /// <summary>Inside a command: the topic's subscriptions are others than those that the call has asked.</summary>
    public static bool IsStale(in Batch call) => !call.Topic.Deleted && FanOutCall.IsStale(call.Topic.Subscriptions, call.Records.FanOut);

    /// <summary>Inside a command: why the call can't be stored.</summary>
    public static BrokerError? Judge(in Batch call, long now) => call.Topic.Deleted ? TopicHost.TopicNotFound(call.Topic.Key) : call.Records.FanOut?.Judge(now);

    /// <summary>Inside a command, after the state of the first partition was advanced: stores what is not refused, and says in the batch where.</summary>
    public void Append(in Command command, in Batch call, long now)
    {
        EncodedRecords records = call.Records;
        long windowMs = records.WindowMs;
        QueueWindows? windows = windowMs > 0 ? call.Topic.First.OpenWindows() : null;
        var ids = new QueueEntryWriter(host.Shared.IdScratch, (byte)PartitionEntryKind.Deduplicated, now);
        ids.Number(windowMs);
        long offset = -1;
        for (int i = 0; i < records.Records.Length; i++)
        {
            ref readonly EncodedRecords.Encoded record = ref records.Records[i];
            if (record.Partition is null || (record.HasId && !IsNew(windows!, record, call, i, now))) continue;
            offset = records.Append(command, record, offset, now);
            call.Outcomes[i] = new PublishOutcome(record.Partition.Number, offset, null);
            if (!record.HasId) continue;
            windows!.ApplyDeduplicated(record.Id, offset, now + windowMs);
            ids.Offset(offset, record.Id);
        }

        if (ids.HasElements) command.AppendState(call.Topic.First.Stream, ids.Written);
    }

    // False where nothing is stored: the record was published before, and that may be in this call, or the topic remembers too much.
    private static bool IsNew(QueueWindows windows, in EncodedRecords.Encoded record, in Batch call, int index, long now)
    {
        if (windows.TryGetFirst(record.Id, now, out long first))
        {
            call.Outcomes[index] = new PublishOutcome(record.Partition!.Number, first, null, IsDuplicate: true);
            return false;
        }

        if (!windows.IsFullOfIds) return true;
        call.Outcomes[index] = new PublishOutcome(-1, -1, TooManyIds);
        return false;
    }

    private static void Remember(in Command command, in Batch call, long now)
    {
        if (Array.TrueForAll(call.Outcomes, static outcome => outcome.Error is not null)) return;
        EntryWriter writer = call.Guard!.BeginAnswer(call.Topic.First, now);
        PublishAnswers.Write(ref writer, call.Outcomes);
        call.Guard.Remember(command, call.Topic.First, writer);
    }

    // What the first call of the same idempotency key was answered.
    private static Result<PublishOutcome[]> Again(IdempotentCall guard, int count)
    {
        if (guard.Refusal is { } refusal) return refusal;
        var outcomes = new PublishOutcome[count];
        return PublishAnswers.TryRead(guard.Answer, outcomes) ? outcomes : IdempotentCall.Reused;
    }
}
