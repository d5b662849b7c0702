using Messaging.Broker.Topics;
using Messaging.Storage;
using Messaging.Storage.Records;

namespace Messaging.Broker.Producers;

/// <summary>One batch of a producer that is known by its id, inside a command: appended once, or answered as it was when it came first. Hot path.</summary>
internal static class AppendProduced
{
    /// <summary>The batch's memory is lent until the commit has completed.</summary>
    public static Result<PublishedBatch> Decide(
        in Command command, TopicHost host, ProducerRegistry producers, LivePartition partition, in RecordBatchHeader header, ReadOnlyMemory<byte> batch)
    {
        if (partition.Deleted) return TopicHost.TopicNotFound(partition.Topic!.Key);
        var stamp = new ProducerStamp(header.ProducerId, header.ProducerEpoch, header.BaseSequence, header.LastOffsetDelta + 1, header.IsTransactional);
        if (producers.Check(stamp, partition.Topic!.Key.Account) is { } refusal) return refusal;
        if (partition.State.OpenProducers().Check(stamp, partition.Stream.Low, out long? duplicateOf) is { } refused) return refused;
        if (duplicateOf is { } first) return new PublishedBatch(partition.Number, first, header.Count, IsDuplicate: true);
        producers.TryGet(stamp.Id, out TransactionalProducer? producer);
        // Its end, which marks all of its partitions in one command, must never be too large.
        if (stamp.IsTransactional && producer is not null && ProducerJournal.EndBytesMax(producer.Partitions.Count + 1) > host.Engine.CommandBytesMax)
        {
            return new BrokerError(ErrorCode.TooManyPartitions, $"The transaction has records in {producer.Partitions.Count} partitions, which is as many as a slot of the journal takes; end it first.");
        }

        long offset = command.AppendBatch(partition.Stream, header, batch);
        partition.State.RecordsAppended(header with { BaseOffset = offset }, host.Clock.NowMs());
        if (stamp.IsTransactional) producer?.Touch(partition);
        return new PublishedBatch(partition.Number, offset, header.Count);
    }
}
