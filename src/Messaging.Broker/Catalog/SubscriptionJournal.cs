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

    private static readonly int OpenBytes = Command.StateBytes(0) + Command.StateBytes(1) + Command.StateBytes(NumberBytesMax + EntryWriter.VarintBytesMax);

    // Queues of both kinds go, others come, and the first that stands in one asks for a confirmation.
    private static readonly int QueuesBytesMax = (2 * DropBytes) + (2 * OpenBytes)
        + Command.RecordBytes(ConfirmationRecord.Body.Length) + Command.StateBytes(QueueEntryWriter.HeadBytesMax + QueueEntryWriter.LanedElementBytesMax);

    // The sequencer's: one entry in the making.
    private readonly ArrayBufferWriter<byte> _entry = new();

    /// <summary>Most of what one deletion appends.</summary>
    public static readonly int DeleteBytesMax = Command.StateBytes(NumberBytesMax + EntryWriter.VarintBytesMax) + (2 * DropBytes);

    /// <summary>Most of what a pause or its end appends.</summary>
    public static readonly int PauseBytesMax = Command.StateBytes(NumberBytesMax + 1) + OpenBytes;

    /// <summary>What <see cref="EndGathering"/> appends at most.</summary>
    public static readonly int EndGatheringBytesMax = Command.StateBytes(NumberBytesMax) + DropBytes;

    /// <summary>Most of what <see cref="StartReplay"/> appends, apart from what <see cref="CopyJournal.CopyAllBytesMax"/> says.</summary>
    public static readonly int StartReplayBytesMax = Command.StateBytes(NumberBytesMax + LiveReplay.BytesMax);

    /// <summary>Most of what <see cref="EndReplay"/> appends.</summary>
    public static readonly int EndReplayBytesMax = Command.StateBytes(NumberBytesMax);

    /// <summary>Most of what <see cref="FailReplay"/> appends.</summary>
    public static readonly int FailReplayBytesMax = Command.StateBytes(NumberBytesMax);

    /// <summary>Most of what a confirmation appends.</summary>
    public static readonly int ConfirmBytesMax = Command.StateBytes(NumberBytesMax);

    /// <summary>Most of what a put of this definition appends, apart from what <see cref="CopyJournal.BeginBytesMax"/> says.</summary>
    public static int PutBytesMax(SubscriptionKey key, SubscriptionDefinition definition)
    {
        var entry = new ArrayBufferWriter<byte>();
        WriteEntry(entry, new SubscriptionRecord(key, definition, long.MaxValue, long.MaxValue, long.MaxValue, long.MaxValue));
        return Command.StateBytes(entry.WrittenCount) + QueuesBytesMax;
    }

    /// <summary>
    /// The subscription, which is made where it is null, gets the row's definition; its topic is there. One that is there stays the one that was created when it was. With another target it gets another
    /// delivery queue: what waits for the old one is not for the new one; but of two queues the one gets what had gathered for the other.
    /// </summary>
    public LiveSubscription Put(in Command command, LiveSubscription? subscription, CatalogRow.OfSubscription row)
    {
        // A row that is new here has a version above all that this log has seen, which its created version, that of another log perhaps, need not be.
        long number = subscription?.Number ?? row.Version;
        var record = new SubscriptionRecord(row.Subscription, row.Definition, number, row.Version, row.CreatedMs, row.ModifiedMs);
        _entry.ResetWrittenCount();
        WriteEntry(_entry, record);
        command.AppendState(host.Engine.System, _entry.WrittenSpan);
        bool isMoved = subscription is not null && subscription.Definition.Target != row.Definition.Target;
        LiveQueue? queue = isMoved ? subscription!.DeliveryQueue : null;
        LiveQueue? gathering = isMoved && !subscription!.KeepsGathered(row.Definition.Target) ? subscription.Gathering : null;
        if (queue is not null) command.DropStream(queue.Stream);
        if (gathering is not null) command.DropStream(gathering.Stream);
        catalog.ApplyPut(record);
        if (queue is not null) host.Wakes.Close(queue);
        catalog.Subscriptions.Subscriptions.TryGet(number, out LiveSubscription? put);
        if (put!.Definition.Target.IsPushed && put.DeliveryQueue is null) OpenQueue(command, put, CatalogEntryKind.SubscriptionQueue);
        if (subscription is null) copies.Begin(command, put);
        if (put.Gathering is null && MustGather(put)) OpenQueue(command, put, CatalogEntryKind.SubscriptionGathers);
        if (put.IsPending) Ask(command, put.DeliveryQueue!);
        // Its policy may allow more than before.
        if (put.DeliveryQueue is { } delivery) host.Wakes.Wake(delivery, host.Clock.NowMs());
        return put;
    }

    /// <summary>A change where the log is the truth: the catalog's next version.</summary>
    public LiveSubscription Put(in Command command, LiveSubscription? subscription, SubscriptionKey key, SubscriptionDefinition definition, long now)
    {
        long version = catalog.Version + 1;
        return Put(command, subscription, new CatalogRow.OfSubscription(key, version, version, IsDeleting: false, subscription?.CreatedMs ?? now, now, definition));
    }

    /// <summary>With what waits to be pushed, or has gathered.</summary>
    public void Delete(in Command command, LiveSubscription subscription, long version)
    {
        var writer = new EntryWriter(stackalloc byte[1 + (2 * EntryWriter.VarintBytesMax)]);
        writer.Byte((byte)CatalogEntryKind.SubscriptionDeleted);
        writer.Unsigned(subscription.Number);
        writer.Unsigned(version);
        command.AppendState(host.Engine.System, writer.Written);
        LiveQueue? queue = subscription.DeliveryQueue;
        if (queue is not null) command.DropStream(queue.Stream);
        if (subscription.Gathering is { } gathering) command.DropStream(gathering.Stream);
        catalog.ApplySubscriptionDeleted(subscription.Number, version);
        if (queue is not null) host.Wakes.Close(queue);
    }

    /// <summary>Deliveries are paused, or go on: with what has gathered. The catalog's version stays: it is no change of a definition.</summary>
    public void Pause(in Command command, LiveSubscription subscription, bool isPaused)
    {
        var writer = new EntryWriter(stackalloc byte[NumberBytesMax + 1]);
        writer.Byte((byte)CatalogEntryKind.SubscriptionPaused);
        writer.Unsigned(subscription.Number);
        writer.Byte(isPaused ? (byte)1 : (byte)0);
        command.AppendState(host.Engine.System, writer.Written);
        catalog.Subscriptions.ApplyPaused(subscription.Number, isPaused);
        if (isPaused && !subscription.Definition.Target.IsPushed && subscription.Gathering is null) OpenQueue(command, subscription, CatalogEntryKind.SubscriptionGathers);
        if (subscription.DeliveryQueue is { } queue) host.Wakes.Wake(queue, host.Clock.NowMs());
        if (subscription.Gathering is { } gathering) host.Wakes.Wake(gathering, host.Clock.NowMs());
    }

    /// <summary>All that had gathered has gone on: from here on what is published goes to the subscription's queue itself. What gathers nothing more is empty.</summary>
    public void EndGathering(in Command command, LiveSubscription subscription)
    {
        Append(command, CatalogEntryKind.SubscriptionDrained, subscription);
        command.DropStream(subscription.Gathering!.Stream);
        catalog.Subscriptions.ApplyDrained(subscription.Number);
    }

    /// <summary>Whoever is behind the target has agreed to it: it gets what is published from here on. The catalog's version stays.</summary>
    public void Confirm(in Command command, LiveSubscription subscription)
    {
        Append(command, CatalogEntryKind.SubscriptionConfirmed, subscription);
        catalog.Subscriptions.ApplyConfirmed(subscription.Number);
    }

    /// <summary>It is to get again what the topic keeps. The catalog's version stays.</summary>
    public void StartReplay(in Command command, LiveSubscription subscription, SubscriptionStart from, long? toMs)
    {
        var replay = new LiveReplay(from, toMs);
        var writer = new EntryWriter(stackalloc byte[NumberBytesMax + LiveReplay.BytesMax]);
        writer.Byte((byte)CatalogEntryKind.ReplayStarted);
        writer.Unsigned(subscription.Number);
        replay.Write(ref writer);
        command.AppendState(host.Engine.System, writer.Written);
        catalog.Subscriptions.ApplyReplay(subscription.Number, replay);
        copies.Replay(command, subscription, from, toMs);
    }

    /// <summary>Something of its replay was left out.</summary>
    public void FailReplay(in Command command, LiveSubscription subscription)
    {
        Append(command, CatalogEntryKind.ReplayFailed, subscription);
        catalog.Subscriptions.ApplyReplayFailed(subscription.Number);
    }

    /// <summary>Its replay is over, done or not, and not told any more.</summary>
    public void EndReplay(in Command command, LiveSubscription subscription)
    {
        Append(command, CatalogEntryKind.ReplayEnded, subscription);
        catalog.ApplyReplayEnded(subscription.Number);
    }

    private void Append(in Command command, CatalogEntryKind kind, LiveSubscription subscription)
    {
        var writer = new EntryWriter(stackalloc byte[NumberBytesMax]);
        writer.Byte((byte)kind);
        writer.Unsigned(subscription.Number);
        command.AppendState(host.Engine.System, writer.Written);
    }

    // Of an ordered topic nothing passes the records with which a subscription begins.
    private bool MustGather(LiveSubscription subscription) =>
        (!subscription.Definition.Target.IsPushed && subscription.Paused) || (subscription.CopiesLeft > 0 && catalog.Subscriptions.IsOrdered(subscription));

    private void OpenQueue(in Command command, LiveSubscription subscription, CatalogEntryKind kind)
    {
        LogStream stream = command.CreateStream();
        command.AppendState(stream, [(byte)QueueEntryKind.Opened]);
        catalog.Attach(stream);
        var writer = new EntryWriter(stackalloc byte[NumberBytesMax + EntryWriter.VarintBytesMax]);
        writer.Byte((byte)kind);
        writer.Unsigned(subscription.Number);
        writer.Unsigned(stream.Id);
        command.AppendState(host.Engine.System, writer.Written);
        if (kind == CatalogEntryKind.SubscriptionGathers) catalog.Subscriptions.ApplyGathers(subscription.Number, stream.Id);
        else catalog.Subscriptions.ApplyQueue(subscription.Number, stream.Id);
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
