using Messaging.Broker.Catalog;
using Messaging.Broker.Copies;
using Messaging.Broker.Records;
using Messaging.Broker.Topics;
using Messaging.Storage;
using Messaging.Storage.Records;

namespace Messaging.Broker.Producers;

/// <summary>Changes of producers and the ends of their transactions as entries and markers of the log: appended and applied, inside one command.</summary>
internal sealed class ProducerJournal(LogEngine engine, ProducerRegistry producers, CopyJournal copies, LocalCatalog catalog)
{
    /// <summary>The last epoch of an id: what would be after it is a new id's first.</summary>
    private const short EpochMax = short.MaxValue - 1;

    private static readonly int MarkerBytesMax = Command.BatchBytes(ControlBatch.Bytes) + Command.StateBytes(PartitionEntries.AbortedBytesMax);

    public ProducerRegistry Producers => producers;

    /// <summary>Most of what <see cref="Take"/> and <see cref="Begin"/> append.</summary>
    public static int EntryBytesMax { get; } = Command.StateBytes(ProducerEntries.BytesMax);

    /// <summary>Most of what <see cref="Initiate"/> appends.</summary>
    public static int InitiateBytesMax { get; } = Command.StateBytes(ProducerEntries.InitiatedBytesMax);

    /// <summary>Most of what <see cref="End"/> appends where a transaction has records in so many partitions.</summary>
    public static int EndBytesMax(int partitions) => EntryBytesMax + InitiateBytesMax + (partitions * (MarkerBytesMax + CopyJournal.CommitBytesMax));

    /// <summary>An id that no one has had.</summary>
    public long Take(in Command command, long now)
    {
        long id = producers.LastId + 1;
        command.AppendState(engine.System, ProducerEntries.Taken(stackalloc byte[ProducerEntries.BytesMax], now, id));
        producers.ApplyTaken(id, now);
        return id;
    }

    /// <summary>The next instance of a transactional producer. Its open transaction has been ended before.</summary>
    public ProducerIdentity Initiate(in Command command, in ProducerKey key, int timeoutMs, long now)
    {
        bool isKnown = producers.TryGet(key, out TransactionalProducer? known);
        bool isExhausted = isKnown && known!.Epoch >= EpochMax;
        long id = isKnown && !isExhausted ? known!.Id : producers.LastId + 1;
        short epoch = isKnown && !isExhausted ? (short)(known!.Epoch + 1) : (short)0;
        Put(command, key, id, epoch, timeoutMs, now);
        return new ProducerIdentity(id, epoch);
    }

    public void Begin(in Command command, TransactionalProducer producer, long now)
    {
        command.AppendState(engine.System, ProducerEntries.Began(stackalloc byte[ProducerEntries.BytesMax], now, producer.Id));
        producers.ApplyBegan(producer.Id, now);
    }

    /// <summary>Why the open transaction can't be committed now.</summary>
    public BrokerError? JudgeCommit(TransactionalProducer producer) => copies.JudgeCommit(producer.Partitions);

    /// <summary>
    /// Markers into every partition that the open transaction has records in, and what the producer is from then on: all of it in this command, so that nobody ever sees a part of a transaction.
    /// </summary>
    public ProducerIdentity End(in Command command, TransactionalProducer producer, bool isCommit, long now)
    {
        byte[] marker = new byte[ControlBatch.Bytes];
        ControlBatch.Write(marker, producer.Id, producer.Epoch, new ControlMarker(isCommit, CoordinatorEpoch: 0), now);
        Invariant.Check(RecordBatch.TryReadHeader(marker, out RecordBatchHeader header), "A marker is a batch.");
        foreach (LivePartition partition in producer.Partitions)
        {
            if (!partition.Deleted) Mark(command, partition, header, marker, isCommit, now);
        }

        short epoch = (short)(producer.Epoch + 1);
        command.AppendState(engine.System, ProducerEntries.Ended(stackalloc byte[ProducerEntries.BytesMax], now, producer.Id, epoch, isCommit));
        producers.ApplyEnded(producer.Id, epoch, isCommit, now);
        return epoch <= EpochMax ? new ProducerIdentity(producer.Id, epoch) : Initiate(command, producer.Key, producer.TimeoutMs, now);
    }

    public void Forget(in Command command, TransactionalProducer producer)
    {
        command.AppendState(engine.System, ProducerEntries.Forgotten(stackalloc byte[ProducerEntries.BytesMax], producer.Id));
        producers.ApplyForgotten(producer.Id);
    }

    private void Put(in Command command, in ProducerKey key, long id, short epoch, int timeoutMs, long now)
    {
        command.AppendState(engine.System, ProducerEntries.Initiated(stackalloc byte[ProducerEntries.InitiatedBytesMax], key, id, epoch, timeoutMs, now));
        producers.ApplyInitiated(key, id, epoch, timeoutMs, now);
    }

    private void Mark(in Command command, LivePartition partition, in RecordBatchHeader header, byte[] marker, bool isCommit, long now)
    {
        PartitionState state = partition.State;
        long? first = state.Producers?.Find(header.ProducerId)?.TransactionFrom;
        long offset = command.AppendBatch(partition.Stream, header, marker);
        state.RecordsAppended(header with { BaseOffset = offset }, now);
        if (isCommit && first is { } from) copies.Commit(command, partition, header.ProducerId, from, offset, catalog.Version);
        if (isCommit || first is null) return;
        var aborted = new AbortedTransaction(header.ProducerId, first.Value, offset);
        command.AppendState(partition.Stream, PartitionEntries.Aborted(stackalloc byte[PartitionEntries.AbortedBytesMax], now, aborted));
        state.Advance(now);
        state.ApplyAborted(aborted);
    }
}
