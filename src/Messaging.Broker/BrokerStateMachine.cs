using System.Buffers;
using Messaging.Broker.Catalog;
using Messaging.Broker.Groups;
using Messaging.Broker.Queues;
using Messaging.Broker.Time;
using Messaging.Broker.Topics;
using Messaging.Storage;
using Messaging.Storage.Records;

namespace Messaging.Broker;

/// <summary>
/// The fold that the engine drives: the system stream belongs to the catalog, every other one to a queue, to a partition of a topic or to a consumer group (<see cref="StreamOwner"/>). Called by
/// recovery on one thread, and for snapshots inside the sequencer.
/// </summary>
internal sealed class BrokerStateMachine(LocalCatalog catalog, QueueDirectory queues, TopicDirectory topics, GroupDirectory groups) : IStateMachine
{
    private const long SystemStreamId = 0;

    /// <summary>Once, when recovery is over.</summary>
    public BrokerClock? Clock { get; set; }

    /// <summary>The latest time that anything folded carries; not those of topics' records, which are their producers'.</summary>
    public long FloorMs()
    {
        long floor = Math.Max(Math.Max(catalog.ClockMs, catalog.Producers.LastNowMs), catalog.Subscriptions.LastModifiedMs);
        for (int i = 0; i < queues.Count; i++)
        {
            LiveQueue queue = queues[i];
            floor = Math.Max(Math.Max(floor, queue.ModifiedMs), Math.Max(queue.State.LastNowMs, queue.Stream.LastTimestamp));
        }

        for (int i = 0; i < topics.PartitionCount; i++) floor = Math.Max(Math.Max(floor, topics[i].Topic!.ModifiedMs), topics[i].State.LastNowMs);
        for (int i = 0; i < groups.Count; i++) floor = Math.Max(floor, groups[i].State.LastNowMs);
        return floor;
    }

    public void Restore(LogStream stream, ReadOnlySpan<byte> snapshot)
    {
        if (stream.Id == SystemStreamId)
        {
            CatalogSnapshot.Restore(catalog, snapshot);
            return;
        }

        switch (StreamOwners.Of(new EntryReader(snapshot).Byte()))
        {
            case StreamOwner.Queue:
                QueueSnapshot.Restore(catalog.Attach(stream), snapshot);
                break;
            case StreamOwner.Partition:
                PartitionSnapshot.Restore(catalog.Topics.Attach(stream).State, snapshot);
                break;
            case StreamOwner.Group:
                LiveGroup group = groups.Attach(stream);
                GroupSnapshot.Restore(group.State, snapshot);
                groups.Publish(group);
                break;
            default:
                throw EntryReader.Malformed();
        }
    }

    public void RecordsAppended(LogStream stream, in RecordBatchHeader batch)
    {
        if (topics.TryGet(stream.Id, out LivePartition? partition)) partition.State.RecordsAppended(batch);
        else catalog.Attach(stream).State.Backlog.RecordsAppended(batch.BaseOffset, batch.LastOffsetDelta + 1);
    }

    public void Apply(LogStream stream, ReadOnlySpan<byte> entry)
    {
        if (stream.Id == SystemStreamId)
        {
            CatalogEntries.Apply(catalog, entry);
            return;
        }

        switch (StreamOwners.Of(new EntryReader(entry).Byte()))
        {
            case StreamOwner.Queue:
                QueueEntries.Apply(catalog.Attach(stream).State, entry);
                break;
            case StreamOwner.Partition:
                PartitionEntries.Apply(catalog.Topics.Attach(stream).State, entry);
                break;
            case StreamOwner.Group:
                LiveGroup group = groups.Attach(stream);
                GroupEntries.Apply(group.State, entry);
                groups.Publish(group);
                break;
            default:
                throw EntryReader.Malformed();
        }
    }

    public void StreamDropped(LogStream stream)
    {
        queues.Detach(stream.Id);
        topics.Detach(stream.Id);
        groups.Detach(stream.Id);
    }

    public void Snapshot(LogStream stream, IBufferWriter<byte> destination)
    {
        if (stream.Id == SystemStreamId) CatalogSnapshot.Write(catalog, queues, destination, Clock?.NowMs() ?? catalog.ClockMs);
        else if (queues.TryGet(stream.Id, out LiveQueue? queue)) QueueSnapshot.Write(queue, destination);
        else if (topics.TryGet(stream.Id, out LivePartition? partition)) PartitionSnapshot.Write(partition.State, destination);
        else if (groups.TryGet(stream.Id, out LiveGroup? group)) GroupSnapshot.Write(group.State, destination);
    }
}
