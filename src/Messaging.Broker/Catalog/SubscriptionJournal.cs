using System.Buffers;
using Messaging.Broker.Copies;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Storage;

namespace Messaging.Broker.Catalog;

/// <summary>Changes of subscriptions as entries of the log: appended and applied, inside one command.</summary>
internal sealed class SubscriptionJournal(LogEngine engine, LocalCatalog catalog, CopyJournal copies)
{
    // The sequencer's: one entry in the making.
    private readonly ArrayBufferWriter<byte> _entry = new();

    /// <summary>Most of what one deletion appends.</summary>
    public static readonly int DeleteBytesMax = Command.StateBytes(1 + (2 * EntryWriter.VarintBytesMax));

    /// <summary>Most of what a pause or its end appends.</summary>
    public static readonly int PauseBytesMax = Command.StateBytes(2 + EntryWriter.VarintBytesMax);

    /// <summary>Most of what a put of this definition appends, apart from what <see cref="CopyJournal.BeginBytesMax"/> says.</summary>
    public static int PutBytesMax(SubscriptionKey key, SubscriptionDefinition definition)
    {
        var entry = new ArrayBufferWriter<byte>();
        WriteEntry(entry, new SubscriptionRecord(key, definition, long.MaxValue, long.MaxValue, long.MaxValue, long.MaxValue));
        return Command.StateBytes(entry.WrittenCount);
    }

    /// <summary>
    /// The subscription, which is made where it is null, gets the row's definition; its topic is there. One that is there stays the one that was created when it was.
    /// </summary>
    public LiveSubscription Put(in Command command, LiveSubscription? subscription, CatalogRow.OfSubscription row)
    {
        // A row that is new here has a version above all that this log has seen, which its created version, that of another log perhaps, need not be.
        long number = subscription?.Number ?? row.Version;
        var record = new SubscriptionRecord(row.Subscription, row.Definition, number, row.Version, row.CreatedMs, row.ModifiedMs);
        _entry.ResetWrittenCount();
        WriteEntry(_entry, record);
        command.AppendState(engine.System, _entry.WrittenSpan);
        catalog.ApplyPut(record);
        catalog.Subscriptions.Subscriptions.TryGet(number, out LiveSubscription? put);
        if (subscription is null) copies.Begin(command, put!);
        return put!;
    }

    /// <summary>A change where the log is the truth: the catalog's next version.</summary>
    public LiveSubscription Put(in Command command, LiveSubscription? subscription, SubscriptionKey key, SubscriptionDefinition definition, long now)
    {
        long version = catalog.Version + 1;
        return Put(command, subscription, new CatalogRow.OfSubscription(key, version, version, IsDeleting: false, subscription?.CreatedMs ?? now, now, definition));
    }

    public void Delete(in Command command, LiveSubscription subscription, long version)
    {
        var writer = new EntryWriter(stackalloc byte[1 + (2 * EntryWriter.VarintBytesMax)]);
        writer.Byte((byte)CatalogEntryKind.SubscriptionDeleted);
        writer.Unsigned(subscription.Number);
        writer.Unsigned(version);
        command.AppendState(engine.System, writer.Written);
        catalog.ApplySubscriptionDeleted(subscription.Number, version);
    }

    /// <summary>Deliveries are paused, or go on. The catalog's version stays: it is no change of a definition.</summary>
    public void Pause(in Command command, LiveSubscription subscription, bool isPaused)
    {
        var writer = new EntryWriter(stackalloc byte[2 + EntryWriter.VarintBytesMax]);
        writer.Byte((byte)CatalogEntryKind.SubscriptionPaused);
        writer.Unsigned(subscription.Number);
        writer.Byte(isPaused ? (byte)1 : (byte)0);
        command.AppendState(engine.System, writer.Written);
        catalog.Subscriptions.ApplyPaused(subscription.Number, isPaused);
    }

    private static void WriteEntry(IBufferWriter<byte> destination, SubscriptionRecord record)
    {
        var writer = new BufferEntryWriter(destination);
        writer.Byte((byte)CatalogEntryKind.SubscriptionDefined);
        record.Write(ref writer);
        writer.Flush();
    }
}
