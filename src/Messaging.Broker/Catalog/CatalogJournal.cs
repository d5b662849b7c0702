using System.Buffers;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Storage;

namespace Messaging.Broker.Catalog;

/// <summary>Changes of definitions as entries of the log, with their streams: appended and applied, inside one command.</summary>
internal sealed class CatalogJournal(QueueHost host, LocalCatalog catalog)
{
    private const int DeletedBytesMax = 1 + (2 * EntryWriter.VarintBytesMax);

    // The sequencer's: one entry in the making. Of 10,000 definitions at once most of the time would be that of their buffers.
    private readonly ArrayBufferWriter<byte> _entry = new();

    /// <summary>Most of what one deletion appends.</summary>
    public static readonly int DeleteBytesMax = Command.StateBytes(DeletedBytesMax) + Command.StateBytes(0);

    /// <summary>Most of what a row appends.</summary>
    public static int BytesMax(CatalogRow.OfQueue row) => row.IsDeleting ? DeleteBytesMax : PutBytes(CatalogEntries.QueueDefined(Record(long.MaxValue, row, row.Version)).Length);

    /// <summary>Most of what a put of this definition appends; <paramref name="scratch"/> is used again.</summary>
    public static int BytesMax(QueueKey key, QueueDefinition definition, ArrayBufferWriter<byte> scratch)
    {
        scratch.ResetWrittenCount();
        CatalogEntries.WriteQueueDefined(scratch, new CatalogRecord(long.MaxValue, key, definition, long.MaxValue, long.MaxValue, long.MaxValue, long.MaxValue));
        return PutBytes(scratch.WrittenCount);
    }

    /// <summary>What <see cref="Reach"/> appends.</summary>
    public static int ReachBytesMax { get; } = Command.StateBytes(1 + EntryWriter.VarintBytesMax);

    /// <summary>The queue, which is made where it is null, gets the row's definition. One that is there stays the one that was created when it was.</summary>
    public LiveQueue Put(in Command command, LiveQueue? queue, CatalogRow.OfQueue row)
    {
        long createdVersion = queue?.CreatedVersion ?? (row.CreatedVersion > 0 ? row.CreatedVersion : row.Version);
        if (queue is null)
        {
            queue = catalog.Attach(command.CreateStream());
            command.AppendState(queue.Stream, [(byte)QueueEntryKind.Opened]);
        }

        CatalogRecord record = Record(queue.Stream.Id, row, createdVersion);
        _entry.ResetWrittenCount();
        CatalogEntries.WriteQueueDefined(_entry, record);
        command.AppendState(host.Engine.System, _entry.WrittenSpan);
        catalog.ApplyPut(record);
        // More deliveries may be allowed than before.
        host.Wakes.Wake(queue, host.Clock.NowMs());
        return queue;
    }

    /// <summary>A change where the log is the truth: the catalog's next version.</summary>
    public LiveQueue Put(in Command command, LiveQueue? queue, QueueKey key, QueueDefinition definition, long now)
    {
        long version = catalog.Version + 1;
        return Put(command, queue, new CatalogRow.OfQueue(key, version, version, IsDeleting: false, queue?.CreatedMs ?? now, now, definition));
    }

    /// <summary>With its messages; whoever waits on it is told.</summary>
    public void Delete(in Command command, LiveQueue queue, long version)
    {
        command.AppendState(host.Engine.System, CatalogEntries.QueueDeleted(queue.Stream.Id, version));
        command.DropStream(queue.Stream);
        catalog.ApplyDeleted(queue.Stream.Id, version);
        // After the queue is known to be gone: who wakes looks at once, and must not take this for a stop.
        host.Wakes.Close(queue);
        WakeSourcesOf(queue.Key);
    }

    /// <summary>The mirror is as the truth was at this version, by which nothing may have changed that it can see.</summary>
    public void Reach(in Command command, long version)
    {
        command.AppendState(host.Engine.System, CatalogEntries.Reached(version));
        catalog.ApplyReached(version);
    }

    // What was set aside for this queue can be delivered again.
    private void WakeSourcesOf(in QueueKey key)
    {
        long now = host.Clock.NowMs();
        foreach (QueueKey source in host.Queues.DeadLetters.Of(key))
        {
            if (host.Queues.TryGet(source, out LiveQueue? queue)) host.Wakes.Wake(queue, now);
        }
    }

    private static CatalogRecord Record(long streamId, CatalogRow.OfQueue row, long createdVersion) =>
        new(streamId, row.Queue, row.Definition, createdVersion, row.Version, row.CreatedMs, row.ModifiedMs);

    private static int PutBytes(int entryBytes) => Command.StateBytes(entryBytes) + Command.StateBytes(0) + Command.StateBytes(1);
}
