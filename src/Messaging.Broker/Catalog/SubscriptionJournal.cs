using System.Buffers;
using Messaging.Broker.Copies;
using Messaging.Broker.Deliveries;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Storage;

namespace Messaging.Broker.Catalog;

/// <summary>Changes of subscriptions as entries of the log, with the delivery queues of those that are pushed: appended and applied, inside one command.</summary>
internal sealed class SubscriptionJournal(QueueHost host, LocalCatalog catalog, CopyJournal copies)
{
    private const int NumberBytesMax = 1 + EntryWriter.VarintBytesMax;

    private static readonly int DropBytes = Command.StateBytes(0);

    // A queue goes, another one comes, and the first that stands in it asks for a confirmation.
    private static readonly int DeliveryQueueBytesMax = DropBytes + Command.StateBytes(0) + Command.StateBytes(1) + Command.StateBytes(NumberBytesMax + EntryWriter.VarintBytesMax)
        + Command.RecordBytes(ConfirmationRecord.Body.Length) + Command.StateBytes(QueueEntryWriter.HeadBytesMax + QueueEntryWriter.LanedElementBytesMax);

    // The sequencer's: one entry in the making.
    private readonly ArrayBufferWriter<byte> _entry = new();

    /// <summary>Most of what one deletion appends.</summary>
    public static readonly int DeleteBytesMax = Command.StateBytes(NumberBytesMax + EntryWriter.VarintBytesMax) + DropBytes;

    /// <summary>Most of what a pause or its end appends.</summary>
    public static readonly int PauseBytesMax = Command.StateBytes(NumberBytesMax + 1);

    /// <summary>Most of what a confirmation appends.</summary>
    public static readonly int ConfirmBytesMax = Command.StateBytes(NumberBytesMax);

    /// <summary>Most of what a put of this definition appends, apart from what <see cref="CopyJournal.BeginBytesMax"/> says.</summary>
    public static int PutBytesMax(SubscriptionKey key, SubscriptionDefinition definition)
    {
        var entry = new ArrayBufferWriter<byte>();
        WriteEntry(entry, new SubscriptionRecord(key, definition, long.MaxValue, long.MaxValue, long.MaxValue, long.MaxValue));
        return Command.StateBytes(entry.WrittenCount) + DeliveryQueueBytesMax;
    }

    /// <summary>
    /// The subscription, which is made where it is null, gets the row's definition; its topic is there. One that is there stays the one that was created when it was. With another target it gets another
    /// delivery queue: what waits for the old one is not for the new one.
    /// </summary>
    public LiveSubscription Put(in Command command, LiveSubscription? subscription, CatalogRow.OfSubscription row)
    {
        // A row that is new here has a version above all that this log has seen, which its created version, that of another log perhaps, need not be.
        long number = subscription?.Number ?? row.Version;
        var record = new SubscriptionRecord(row.Subscription, row.Definition, number, row.Version, row.CreatedMs, row.ModifiedMs);
        _entry.ResetWrittenCount();
        WriteEntry(_entry, record);
        command.AppendState(host.Engine.System, _entry.WrittenSpan);
        LiveQueue? queue = subscription?.DeliveryQueue;
        bool isMoved = subscription is not null && subscription.Definition.Target != row.Definition.Target;
        if (queue is not null && isMoved) command.DropStream(queue.Stream);
        catalog.ApplyPut(record);
        if (queue is not null && isMoved) host.Wakes.Close(queue);
        catalog.Subscriptions.Subscriptions.TryGet(number, out LiveSubscription? put);
        if (put!.Definition.Target.IsPushed && put.DeliveryQueue is null) OpenQueue(command, put);
        if (put.IsPending) Ask(command, put.DeliveryQueue!);
        // Its policy may allow more than before.
        if (put.DeliveryQueue is { } delivery) host.Wakes.Wake(delivery, host.Clock.NowMs());
        if (subscription is null) copies.Begin(command, put);
        return put;
    }

    /// <summary>A change where the log is the truth: the catalog's next version.</summary>
    public LiveSubscription Put(in Command command, LiveSubscription? subscription, SubscriptionKey key, SubscriptionDefinition definition, long now)
    {
        long version = catalog.Version + 1;
        return Put(command, subscription, new CatalogRow.OfSubscription(key, version, version, IsDeleting: false, subscription?.CreatedMs ?? now, now, definition));
    }

    /// <summary>With what waits to be pushed.</summary>
    public void Delete(in Command command, LiveSubscription subscription, long version)
    {
        var writer = new EntryWriter(stackalloc byte[1 + (2 * EntryWriter.VarintBytesMax)]);
        writer.Byte((byte)CatalogEntryKind.SubscriptionDeleted);
        writer.Unsigned(subscription.Number);
        writer.Unsigned(version);
        command.AppendState(host.Engine.System, writer.Written);
        LiveQueue? queue = subscription.DeliveryQueue;
        if (queue is not null) command.DropStream(queue.Stream);
        catalog.ApplySubscriptionDeleted(subscription.Number, version);
        if (queue is not null) host.Wakes.Close(queue);
    }

    /// <summary>Deliveries are paused, or go on. The catalog's version stays: it is no change of a definition.</summary>
    public void Pause(in Command command, LiveSubscription subscription, bool isPaused)
    {
        var writer = new EntryWriter(stackalloc byte[NumberBytesMax + 1]);
        writer.Byte((byte)CatalogEntryKind.SubscriptionPaused);
        writer.Unsigned(subscription.Number);
        writer.Byte(isPaused ? (byte)1 : (byte)0);
        command.AppendState(host.Engine.System, writer.Written);
        catalog.Subscriptions.ApplyPaused(subscription.Number, isPaused);
        if (subscription.DeliveryQueue is { } queue) host.Wakes.Wake(queue, host.Clock.NowMs());
    }

    /// <summary>Whoever is behind the target has agreed to it: it gets what is published from here on. The catalog's version stays.</summary>
    public void Confirm(in Command command, LiveSubscription subscription)
    {
        var writer = new EntryWriter(stackalloc byte[NumberBytesMax]);
        writer.Byte((byte)CatalogEntryKind.SubscriptionConfirmed);
        writer.Unsigned(subscription.Number);
        command.AppendState(host.Engine.System, writer.Written);
        catalog.Subscriptions.ApplyConfirmed(subscription.Number);
    }

    private void OpenQueue(in Command command, LiveSubscription subscription)
    {
        LogStream stream = command.CreateStream();
        command.AppendState(stream, [(byte)QueueEntryKind.Opened]);
        catalog.Attach(stream);
        var writer = new EntryWriter(stackalloc byte[NumberBytesMax + EntryWriter.VarintBytesMax]);
        writer.Byte((byte)CatalogEntryKind.SubscriptionQueue);
        writer.Unsigned(subscription.Number);
        writer.Unsigned(stream.Id);
        command.AppendState(host.Engine.System, writer.Written);
        catalog.Subscriptions.ApplyQueue(subscription.Number, stream.Id);
    }

    private void Ask(in Command command, LiveQueue queue)
    {
        long now = host.Clock.NowMs();
        queue.State.Advance(now);
        var arrivals = new Arrivals(host, queue, now);
        arrivals.Add(command, command.AppendRecord(queue.Stream, now, ConfirmationRecord.Body), new Arrival(now, 0, HasQueueDelay: false, ExpiresMs: 0, ConfirmationRecord.Lane));
        arrivals.End(command);
    }

    private static void WriteEntry(IBufferWriter<byte> destination, SubscriptionRecord record)
    {
        var writer = new BufferEntryWriter(destination);
        writer.Byte((byte)CatalogEntryKind.SubscriptionDefined);
        record.Write(ref writer);
        writer.Flush();
    }
}
