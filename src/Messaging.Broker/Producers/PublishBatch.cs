using Messaging.Broker.FanOut;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Records;
using Messaging.Broker.Topics;
using Messaging.Storage;
using Messaging.Storage.Records;

namespace Messaging.Broker.Producers;

/// <summary>
/// Stores one whole record batch as its producer made it, after it was read from end to end: nothing is stored that can't be read back. Cancellation counts until the command is sequenced. Hot path:
/// an uncompressed batch is not copied before the journal does.
/// </summary>
internal sealed class PublishBatch(TopicHost host, ProducerRegistry producers)
{
    public async ValueTask<Result<PublishedBatch>> RunAsync(TopicKey key, int number, ReadOnlyMemory<byte> batch, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        if (host.Find(key, number, out LivePartition partition) is { } refusal) return await host.ToldAsync(refusal);
        TopicDefinition definition = partition.Topic!.Definition;
        if (PublishRecords.WhyNoBatches(definition) is { } noBatches) return await host.ToldAsync(noBatches);
        bool hasAppendTime = definition.Timestamps == TopicTimestamps.Append;
        var rules = new BatchRules(definition.MaxMessageBytes, definition.IsCompacted, hasAppendTime);
        refusal = BatchValidator.Validate(batch.Span, rules, out RecordBatchHeader header);
        if (refusal is not null) return await host.ToldAsync(refusal);
        PooledBytes? own = Prepare(batch.Span, header, definition);
        if (own is not null) Invariant.Check(RecordBatch.TryReadHeader(own.Span, out header), "A batch that was changed is a batch.");
        try
        {
            Result<PublishedBatch>? result = null;
            while (result is null) result = await AppendAsync(partition, new Whole(header, own?.Memory ?? batch), cancellationToken);
            own?.Dispose();
            return result.Value;
        }
        catch (OperationCanceledException)
        {
            // Before anything was appended. Not where the commit has thrown: the process is about to end, and the journal may still read what was lent.
            own?.Dispose();
            throw;
        }
    }

    /// <summary>A batch that is ready to be appended; its memory is lent until the commit has completed.</summary>
    internal readonly record struct Whole(RecordBatchHeader Header, ReadOnlyMemory<byte> Bytes);

    // Null where subscriptions have changed meanwhile, so that others would get copies. What a transaction has is copied when it is committed.
    private async ValueTask<Result<PublishedBatch>?> AppendAsync(LivePartition partition, Whole batch, CancellationToken cancellationToken)
    {
        FanOutCall? fanOut = batch.Header.IsTransactional ? null : FanOutCall.Begin(host.Shared, partition.Topic!.Subscriptions, partition.Topic.Key, batch.Header.Count, isOrdered: false);
        if (fanOut?.AddBatch(partition.Stream, batch.Bytes) is { } refusal)
        {
            fanOut.Dispose();
            return await host.ToldAsync(refusal);
        }

        fanOut?.Match();
        long bytes = Command.BatchBytes(batch.Bytes.Length) + (fanOut?.Bytes ?? 0);
        if (bytes > host.Engine.CommandBytesMax)
        {
            fanOut?.Dispose();
            return await host.ToldAsync(PublishRecords.TooLarge(host, bytes));
        }

        using Admission admission = await host.AdmitRecordsAsync((int)bytes, fanOut, cancellationToken);
        if (admission.IsRefused) return await host.WhyNotAdmittedAsync();
        await Sequence(admission, partition, batch, fanOut, (int)bytes, out Result<PublishedBatch>? result);
        fanOut?.Dispose();
        return result;
    }

    // A copy where the batch is not stored as it came: with the broker's time, or taken apart where single records go by compaction. Null: as it came.
    private PooledBytes? Prepare(ReadOnlySpan<byte> batch, in RecordBatchHeader header, TopicDefinition definition)
    {
        PooledBytes? copy = null;
        if (definition.IsCompacted && header.Compression != RecordCompression.None)
        {
            bool isWhole = BatchCompression.TryUncompress(batch, out copy);
            Invariant.Check(isWhole, "A batch that was validated can be decompressed.");
        }

        if (definition.Timestamps != TopicTimestamps.Append) return copy;
        if (copy is null)
        {
            copy = new PooledBytes(batch.Length);
            batch.CopyTo(copy.Room(batch.Length));
            copy.Advance(batch.Length);
        }

        AppendTime.Set(copy.Writable, host.Clock.NowMs());
        return copy;
    }

    private ValueTask Sequence(Admission admission, LivePartition partition, in Whole batch, FanOutCall? fanOut, int bytes, out Result<PublishedBatch>? result)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(bytes))
        {
            bool isStale = !partition.Deleted && !batch.Header.IsTransactional && FanOutCall.IsStale(partition.Topic!.Subscriptions, fanOut);
            result = isStale ? default(Result<PublishedBatch>?) : Decide(command, partition, batch, fanOut);
            synced = command.Commit(admission);
        }

        return synced;
    }

    private Result<PublishedBatch> Decide(in Command command, LivePartition partition, in Whole batch, FanOutCall? fanOut)
    {
        if (partition.Deleted) return TopicHost.TopicNotFound(partition.Topic!.Key);
        long now = host.Clock.NowMs();
        if (fanOut?.Judge(now) is { } refusal) return refusal;
        RecordBatchHeader header = batch.Header;
        Result<PublishedBatch> result = header.ProducerId < 0
            ? new PublishedBatch(partition.Number, command.AppendBatch(partition.Stream, header, batch.Bytes), header.Count)
            : AppendProduced.Decide(command, host, producers, partition, header, batch.Bytes);
        if (result is { IsOk: true, Value.IsDuplicate: false }) fanOut?.AppendedBatch(command, 0, fanOut.Count, result.Value.BaseOffset, now);
        return result;
    }
}
