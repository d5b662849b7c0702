using System.Buffers;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;
using Messaging.Storage;

namespace Messaging.Broker.Deliveries;

/// <summary>
/// Leases what a delivery queue has that is due, as a receive does, and reads it: the lease is synced before anything is delivered, so that a message has one deliverer at a time. Who dies while it delivers has delivered
/// perhaps; the message is due again when its lease ends. Cancellation counts until the command is sequenced.
/// </summary>
internal sealed class TakeDeliveries(QueueHost host, TopicDirectory topics, PushDocuments documents)
{
    private static readonly int StepBytes = Command.StateBytes(QueueEntryWriter.BytesMax(SubscriptionLimits.DeliveriesPerTakeMax));

    public async ValueTask<TakenDeliveries> RunAsync(PushSubscription asked, int max, TimeSpan lease, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        if (host.IsStopping) return TakenDeliveries.Refused;
        LiveQueue queue = asked.Queue;
        using var take = new Taken(Math.Min(max, SubscriptionLimits.DeliveriesPerTakeMax), (long)lease.TotalMilliseconds);
        using Admission admission = await host.Engine.AdmitStateAsync(StepBytes, 2, cancellationToken);
        if (admission.IsRefused) return TakenDeliveries.Refused;
        await Sequence(admission, queue, take);
        if (take.Subscription is not { } subscription || !topics.TryGet(subscription.Key.Topic, out LiveTopic? topic)) return TakenDeliveries.None;
        if (take.Count == 0) return TakenDeliveries.None;
        List<PushMessage> messages = Read(queue, take, subscription, topic, out int read);
        await SequenceLost(queue, take, read);
        return read == 0 ? TakenDeliveries.Refused : new TakenDeliveries(messages, DeliveryTerms.Of(subscription.Definition, topic.Definition), IsRefused: false, IsOver: false);
    }

    private ValueTask Sequence(Admission admission, LiveQueue queue, Taken take)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(StepBytes))
        {
            Decide(command, queue, take);
            synced = command.Commit(admission);
        }

        return synced;
    }

    private void Decide(in Command command, LiveQueue queue, Taken take)
    {
        if (queue.Deleted || queue.Subscription is not { } subscription) return;
        take.Subscription = subscription;
        QueueState state = queue.State;
        long now = host.Clock.NowMs();
        state.Advance(now);
        take.Deadline = now + take.LeaseMs;
        if (!subscription.Paused)
        {
            state.BeginTake(now);
            while (take.Count < take.Max && state.TryTake(now, take.Deadline, null, out long offset, out Delivery delivery))
            {
                take.Add(offset, delivery.ReceiveCount);
                // One of a group at a time: the next one waits until it is known what became of this one.
                if (state.IsOrdered) state.BeginTake(now);
            }
        }

        if (take.Count == 0)
        {
            queue.IsDelivering = false;
            host.Wakes.Wake(queue, now);
            return;
        }

        var entry = new QueueEntryWriter(host.Scratch, QueueEntryKind.Received, now);
        entry.Number(take.LeaseMs);
        for (int i = 0; i < take.Count; i++) entry.Offset(take.Offsets[i]);
        command.AppendState(queue.Stream, entry.Written);
    }

    // What is past its retention, or can't be read, is over; what there was no room for goes back.
    private List<PushMessage> Read(LiveQueue queue, Taken take, LiveSubscription subscription, LiveTopic topic, out int read)
    {
        var messages = new List<PushMessage>(take.Count);
        PushNames names = documents.NamesOf(subscription, topic);
        long oldest = queue.OldestMs(host.Clock.NowMs());
        using RecordSet records = host.Engine.Read(queue.Stream, take.Offsets.AsSpan(0, take.Count), SubscriptionLimits.DeliveryBytesPerTakeMax);
        for (read = 0; read < records.Count && records[read].State != StoredRecordState.Unreadable; read++)
        {
            ref readonly StoredRecord record = ref records[read];
            PushMessage? message = record.State == StoredRecordState.Present && record.TimestampMs >= oldest
                ? documents.Make(subscription, topic, names, record, record.Body.ToArray(), queue.Stream.Id, take.Attempts[read], take.Deadline)
                : null;
            if (message is null) take.IsDead[read] = true;
            else messages.Add(message);
        }

        return messages;
    }

    private ValueTask SequenceLost(LiveQueue queue, Taken take, int read)
    {
        if (read == take.Count && !take.IsDead.AsSpan(0, take.Count).Contains(true)) return ValueTask.CompletedTask;
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(2 * StepBytes))
        {
            Lose(command, queue, take, read);
            synced = command.Commit();
        }

        return synced;
    }

    private void Lose(in Command command, LiveQueue queue, Taken take, int read)
    {
        if (queue.Deleted) return;
        long now = host.Clock.NowMs();
        queue.State.Advance(now);
        var dead = new QueueEntryWriter(stackalloc byte[QueueEntryWriter.BytesMax(SubscriptionLimits.DeliveriesPerTakeMax)], QueueEntryKind.Expired, now);
        var untaken = new QueueEntryWriter(host.Scratch, QueueEntryKind.Untaken, now);
        for (int i = 0; i < take.Count; i++)
        {
            if (i < read && !take.IsDead[i]) continue;
            long offset = take.Offsets[i];
            if (!queue.State.TryGet(offset, out Delivery delivery) || delivery.State <= 0 || delivery.ReceiveCount != take.Attempts[i]) continue;
            if (i < read) queue.State.ApplyGone(offset);
            else queue.State.ApplyUntaken(offset);
            if (i < read) dead.Offset(offset);
            else untaken.Offset(offset);
        }

        if (dead.HasElements) command.AppendState(queue.Stream, dead.Written);
        if (untaken.HasElements) command.AppendState(queue.Stream, untaken.Written);
        host.Wakes.Wake(queue, now);
    }

    /// <summary>What one call has taken; its memory is lent.</summary>
    private sealed class Taken(int max, long leaseMs) : IDisposable
    {
        public int Max => max;

        public long LeaseMs => leaseMs;

        public long[] Offsets { get; } = ArrayPool<long>.Shared.Rent(max);

        public int[] Attempts { get; } = ArrayPool<int>.Shared.Rent(max);

        public bool[] IsDead { get; } = new bool[max];

        public int Count { get; private set; }

        public long Deadline { get; set; }

        /// <summary>Null: it is gone.</summary>
        public LiveSubscription? Subscription { get; set; }

        public void Add(long offset, int attempt) => (Offsets[Count], Attempts[Count++]) = (offset, attempt);

        public void Dispose()
        {
            ArrayPool<long>.Shared.Return(Offsets);
            ArrayPool<int>.Shared.Return(Attempts);
        }
    }
}
