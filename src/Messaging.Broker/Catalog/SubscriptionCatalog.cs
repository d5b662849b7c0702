using Messaging.Broker.Deliveries;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Catalog;

/// <summary>
/// The embedded catalog's part that speaks of subscriptions: in memory, by entries of the system stream and its snapshot, which both have a topic before its subscriptions. Guarded by the
/// sequencer, or by recovery.
/// </summary>
internal sealed class SubscriptionCatalog(TopicDirectory topics, QueueDirectory queues)
{
    private const int PausedFlag = 1, ConfirmedFlag = 2;

    // Whose streams have not come yet: recovery only.
    private readonly Dictionary<long, (LiveSubscription Subscription, bool Gathers)> _unattached = [];

    public SubscriptionDirectory Subscriptions { get; } = new();

    /// <summary>There is, or was, one that gets notifications, or is asked whether it wants them.</summary>
    public bool HasEnveloped { get; private set; }

    /// <summary>The latest time of a change: no later start is earlier.</summary>
    public long LastModifiedMs { get; private set; }

    public void ApplyPut(SubscriptionRecord record)
    {
        LastModifiedMs = Math.Max(LastModifiedMs, record.ModifiedMs);
        HasEnveloped |= !record.Definition.Raw || record.Definition.Target.IsPushed;
        TopicSubscriptions topic = TopicOf(record.Key);
        bool isNew = !Subscriptions.TryGet(record.Number, out LiveSubscription? subscription);
        subscription ??= new LiveSubscription(record.Key, record.Number) { Definition = record.Definition };
        (subscription.Version, subscription.CreatedMs, subscription.ModifiedMs) = (record.Version, record.CreatedMs, record.ModifiedMs);
        if (isNew)
        {
            Subscriptions.Add(subscription);
            topic.Added(subscription);
        }
        else
        {
            if (subscription.Definition.Target != record.Definition.Target) LeaveTarget(subscription, record.Definition.Target);
            Subscriptions.Define(subscription, record.Definition);
            Changed(subscription, topic);
        }
    }

    public void ApplyDeleted(long number)
    {
        if (!Subscriptions.TryGet(number, out LiveSubscription? subscription)) return;
        LeaveTarget(subscription, null);
        Subscriptions.Remove(subscription);
        TopicOf(subscription.Key).Removed(subscription);
    }

    public void ApplyPaused(long number, bool isPaused)
    {
        if (!Subscriptions.TryGet(number, out LiveSubscription? subscription) || subscription.Paused == isPaused) return;
        subscription.Paused = isPaused;
        Changed(subscription, TopicOf(subscription.Key));
    }

    public void ApplyConfirmed(long number)
    {
        if (!Subscriptions.TryGet(number, out LiveSubscription? subscription)) return;
        subscription.IsConfirmed = true;
        TopicOf(subscription.Key).Changed(subscription);
    }

    /// <summary>Its topic has an order.</summary>
    public bool IsOrdered(LiveSubscription subscription) => topics.TryGet(subscription.Key.Topic, out LiveTopic? topic) && topic.Definition.Type == TopicType.Fifo;

    /// <summary>What is pushed to the subscription waits in that stream's queue.</summary>
    public void ApplyQueue(long number, long streamId)
    {
        if (!Subscriptions.TryGet(number, out LiveSubscription? subscription)) return;
        Enter(subscription, streamId, gathers: false);
    }

    /// <summary>What is published for the subscription gathers in that stream's queue.</summary>
    public void ApplyGathers(long number, long streamId)
    {
        if (!Subscriptions.TryGet(number, out LiveSubscription? subscription)) return;
        Enter(subscription, streamId, gathers: true);
    }

    /// <summary>All that had gathered has gone on: what is published goes to the subscription's queue itself.</summary>
    public void ApplyDrained(long number)
    {
        if (!Subscriptions.TryGet(number, out LiveSubscription? subscription)) return;
        LeaveGathering(subscription);
        Changed(subscription, TopicOf(subscription.Key));
    }

    /// <summary>It is asked to get again what the topic keeps; null: that is over, and not told any more.</summary>
    public void ApplyReplay(long number, LiveReplay? replay)
    {
        if (Subscriptions.TryGet(number, out LiveSubscription? subscription)) subscription.Replay = replay;
    }

    /// <summary>Something of that was left out.</summary>
    public void ApplyReplayFailed(long number)
    {
        if (Subscriptions.TryGet(number, out LiveSubscription? subscription) && subscription.Replay is { } replay) replay.HasFailed = true;
    }

    /// <summary>A queue's stream has come, and may be one that was waited for.</summary>
    public void Attached(LiveQueue queue)
    {
        if (_unattached.Remove(queue.Stream.Id, out (LiveSubscription Subscription, bool Gathers) waiting)) Enter(waiting.Subscription, queue, waiting.Gathers);
    }

    /// <summary>After recovery.</summary>
    public void CheckWhole()
    {
        Invariant.Check(_unattached.Count == 0, "A delivery queue of the catalog has no stream.");
        foreach (LiveSubscription subscription in Subscriptions.All)
        {
            Invariant.Check(subscription.Definition.Target.IsPushed == subscription.DeliveryQueue is not null, "What is pushed has a delivery queue, and nothing else has one.");
            Invariant.Check(subscription.Definition.Target.IsPushed || !subscription.Paused || subscription.Gathering is not null, "A subscription of a queue that is paused gathers.");
        }
    }

    /// <summary>Its topic's end is the end of a subscription.</summary>
    public void ApplyTopicDeleted(in TopicKey topic)
    {
        foreach (LiveSubscription subscription in Subscriptions.Of(topic)?.All ?? []) LeaveTarget(subscription, null);
        Subscriptions.RemoveTopic(topic);
    }

    public void Write(ref BufferEntryWriter writer)
    {
        writer.Unsigned(Subscriptions.Count);
        Span<byte> bytes = stackalloc byte[LiveReplay.BytesMax];
        foreach (LiveSubscription subscription in Subscriptions.All)
        {
            SubscriptionRecord.Of(subscription).Write(ref writer);
            writer.Unsigned((subscription.Paused ? PausedFlag : 0) + (subscription.IsConfirmed ? ConfirmedFlag : 0));
            writer.Unsigned(subscription.DeliveryQueue is { } queue ? queue.Stream.Id + 1 : 0);
            writer.Unsigned(subscription.Gathering is { } gathering ? gathering.Stream.Id + 1 : 0);
            var replay = new EntryWriter(bytes);
            if (subscription.Replay is null) replay.Unsigned(0);
            else subscription.Replay.Write(ref replay);
            writer.Raw(replay.Written);
        }
    }

    public void Restore(ref EntryReader reader)
    {
        for (long left = reader.Unsigned(); left > 0; left--)
        {
            SubscriptionRecord record = SubscriptionRecord.Read(ref reader);
            ApplyPut(record);
            int flags = reader.Int32();
            ApplyPaused(record.Number, (flags & PausedFlag) != 0);
            if ((flags & ConfirmedFlag) != 0) ApplyConfirmed(record.Number);
            (long stream, long gathering) = (reader.Unsigned(), reader.Unsigned());
            if (stream > 0) ApplyQueue(record.Number, stream - 1);
            if (gathering > 0) ApplyGathers(record.Number, gathering - 1);
            ApplyReplay(record.Number, LiveReplay.Read(ref reader));
        }
    }

    private void Enter(LiveSubscription subscription, long streamId, bool gathers)
    {
        if (queues.TryGet(streamId, out LiveQueue? queue)) Enter(subscription, queue, gathers);
        else _unattached[streamId] = (subscription, gathers);
    }

    private void Enter(LiveSubscription subscription, LiveQueue queue, bool gathers)
    {
        bool isThere = topics.TryGet(subscription.Key.Topic, out LiveTopic? topic);
        Invariant.Check(isThere, "A subscription of the catalog has no topic.");
        queue.Definition = DeliveryQueues.DefinitionOf(topic!.Definition.Type);
        queue.State.IsOrdered = queue.Definition.Type == QueueType.Fifo;
        queue.CreatedVersion = subscription.Number;
        queue.Subscription = subscription;
        if (!gathers)
        {
            subscription.DeliveryQueue = queue;
            return;
        }

        subscription.Gathering = queue;
        Subscriptions.Of(subscription.Key.Topic)!.Gathering++;
        Changed(subscription, topic.Subscriptions);
    }

    private void Changed(LiveSubscription subscription, TopicSubscriptions topic)
    {
        topic.Changed(subscription);
        if (subscription is { Gathering: not null, Paused: false }) Subscriptions.Draining.Add(subscription);
        else Subscriptions.Draining.Remove(subscription);
    }

    // Its target is another one, or it goes: so does what waits for it, and what was agreed on. What has gathered for one queue goes to the other.
    private void LeaveTarget(LiveSubscription subscription, SubscriptionTarget? next)
    {
        subscription.IsConfirmed = false;
        if (!subscription.KeepsGathered(next)) LeaveGathering(subscription);
        if (subscription.DeliveryQueue is not { } queue) return;
        subscription.DeliveryQueue = null;
        queues.Detach(queue.Stream.Id);
    }

    private void LeaveGathering(LiveSubscription subscription)
    {
        if (subscription.Gathering is not { } queue) return;
        subscription.Gathering = null;
        Subscriptions.Of(subscription.Key.Topic)!.Gathering--;
        queues.Detach(queue.Stream.Id);
    }

    private TopicSubscriptions TopicOf(in SubscriptionKey key)
    {
        bool isThere = topics.TryGet(key.Topic, out LiveTopic? topic);
        Invariant.Check(isThere, "A subscription of the catalog has no topic.");
        return topic!.Subscriptions;
    }
}
