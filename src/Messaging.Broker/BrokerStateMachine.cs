using System.Buffers;
using Messaging.Broker.Catalog;
using Messaging.Broker.Queues;
using Messaging.Broker.Time;
using Messaging.Storage;
using Messaging.Storage.Records;

namespace Messaging.Broker;

/// <summary>The fold that the engine drives: the system stream belongs to the catalog, every other one to a queue. Called by recovery on one thread, and for snapshots inside the sequencer.</summary>
internal sealed class BrokerStateMachine(LocalCatalog catalog, QueueDirectory queues) : IStateMachine
{
    private const long SystemStreamId = 0;

    /// <summary>Once, when recovery is over.</summary>
    public BrokerClock? Clock { get; set; }

    /// <summary>The latest time that anything folded carries.</summary>
    public long FloorMs()
    {
        long floor = catalog.ClockMs;
        for (int i = 0; i < queues.Count; i++)
        {
            LiveQueue queue = queues[i];
            floor = Math.Max(Math.Max(floor, queue.ModifiedMs), Math.Max(queue.State.LastNowMs, queue.Stream.LastTimestamp));
        }

        return floor;
    }

    public void Restore(LogStream stream, ReadOnlySpan<byte> snapshot)
    {
        if (stream.Id == SystemStreamId) catalog.Restore(snapshot);
        else QueueSnapshot.Restore(catalog.Attach(stream), snapshot);
    }

    public void RecordsAppended(LogStream stream, in RecordBatchHeader batch) =>
        catalog.Attach(stream).State.Backlog.RecordsAppended(batch.BaseOffset, batch.LastOffsetDelta + 1);

    public void Apply(LogStream stream, ReadOnlySpan<byte> entry)
    {
        if (stream.Id == SystemStreamId) catalog.Apply(entry);
        else QueueEntries.Apply(catalog.Attach(stream).State, entry);
    }

    public void StreamDropped(LogStream stream) => queues.Detach(stream.Id);

    public void Snapshot(LogStream stream, IBufferWriter<byte> destination)
    {
        if (stream.Id == SystemStreamId) catalog.Write(destination, Clock?.NowMs() ?? catalog.ClockMs);
        else if (queues.TryGet(stream.Id, out LiveQueue? queue)) QueueSnapshot.Write(queue, destination);
    }
}
