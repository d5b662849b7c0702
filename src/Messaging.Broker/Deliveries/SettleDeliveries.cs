using System.Text;
using Messaging.Broker.Messages;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Subscriptions.Delivery;
using Messaging.Broker.Topics;
using Messaging.Storage;

namespace Messaging.Broker.Deliveries;

/// <summary>
/// Writes down what became of messages that were taken: delivered ones are gone, others wait for their next attempt, and those that are given up go to the subscription's dead-letter queue in the same frame, or nowhere where it
/// has none. Of what is no longer the caller's, because its lease ended and somebody took it again, nothing is written.
/// </summary>
internal sealed class SettleDeliveries(QueueHost host, TopicDirectory topics)
{
    private static readonly int StepBytes = 3 * Command.StateBytes(QueueEntryWriter.BytesMax(SubscriptionLimits.DeliveriesPerTakeMax));

    private static readonly int MoveBytes = Command.StateBytes(QueueEntryWriter.BytesMax(1)) + Command.StateBytes(QueueEntryWriter.HeadBytesMax + QueueEntryWriter.LanedElementBytesMax);

    /// <summary>At most <see cref="SubscriptionLimits.DeliveriesPerTakeMax"/> outcomes.</summary>
    public async ValueTask RunAsync(PushSubscription asked, IReadOnlyList<DeliveryOutcome> outcomes)
    {
        // Also while the server stops: what has arrived would arrive again after the next start.
        using CallCounter.Call call = host.Calls.Enter();
        if (asked.Queue.Subscription is not { } subscription || !topics.TryGet(subscription.Key.Topic, out LiveTopic? topic)) return;
        RetrySchedule schedule = DeliveryTerms.Of(subscription.Definition, topic.Definition).Schedule;
        await SettleAsync(asked.Queue, subscription, schedule, outcomes);
        foreach (DeliveryOutcome outcome in outcomes)
        {
            if (IsGivenUp(outcome, schedule)) await GiveUpAsync(asked.Queue, subscription, outcome);
        }
    }

    private static bool IsGivenUp(DeliveryOutcome outcome, RetrySchedule schedule) =>
        outcome.Verdict == DeliveryVerdict.GiveUp || (outcome.Verdict == DeliveryVerdict.TryAgain && schedule.DelayMs(outcome.Message.Attempt) is null);

    private async ValueTask SettleAsync(LiveQueue queue, LiveSubscription subscription, RetrySchedule schedule, IReadOnlyList<DeliveryOutcome> outcomes)
    {
        // What frees space is admitted while there is any; where there is none the leases end by themselves.
        using Admission admission = await host.Engine.AdmitStateAsync(StepBytes, CancellationToken.None);
        if (admission.IsRefused) return;
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(StepBytes))
        {
            Decide(command, queue, subscription, schedule, outcomes);
            synced = command.Commit(admission);
        }

        await synced;
    }

    private void Decide(in Command command, LiveQueue queue, LiveSubscription subscription, RetrySchedule schedule, IReadOnlyList<DeliveryOutcome> outcomes)
    {
        if (queue.Deleted) return;
        long now = host.Clock.NowMs();
        queue.State.Advance(now);
        int entryBytes = QueueEntryWriter.BytesMax(SubscriptionLimits.DeliveriesPerTakeMax);
        var done = new QueueEntryWriter(host.Scratch, QueueEntryKind.Acknowledged, now);
        var later = new QueueEntryWriter(stackalloc byte[entryBytes], QueueEntryKind.Released, now);
        var untaken = new QueueEntryWriter(stackalloc byte[entryBytes], QueueEntryKind.Untaken, now);
        for (int i = 0; i < outcomes.Count; i++)
        {
            DeliveryOutcome outcome = outcomes[i];
            long offset = outcome.Message.Offset;
            if (!queue.State.TryGet(offset, out Delivery delivery) || delivery.ReceiveCount != outcome.Message.Attempt) continue;
            if (outcome.Verdict == DeliveryVerdict.Delivered)
            {
                queue.State.ApplyGone(offset);
                done.Offset(offset);
                subscription.Deliveries.Add(Record(outcome, now, null), isDeadLettered: false);
            }
            else if (delivery.State > 0 && outcome.Verdict == DeliveryVerdict.NotTried)
            {
                queue.State.ApplyUntaken(offset);
                untaken.Offset(offset);
            }
            else if (delivery.State > 0 && outcome.Verdict == DeliveryVerdict.TryAgain && schedule.DelayMs(outcome.Message.Attempt) is { } delay)
            {
                queue.State.ApplyReleased(offset, now + delay);
                later.Offset(offset, delay);
                subscription.Deliveries.Add(Record(outcome, now, now + delay), isDeadLettered: false);
            }
        }

        if (done.HasElements) command.AppendState(queue.Stream, done.Written);
        if (later.HasElements) command.AppendState(queue.Stream, later.Written);
        if (untaken.HasElements) command.AppendState(queue.Stream, untaken.Written);
        host.Wakes.Wake(queue, now);
    }

    // One by one: it is rare, and messages may be large.
    private async ValueTask GiveUpAsync(LiveQueue queue, LiveSubscription subscription, DeliveryOutcome outcome)
    {
        bool isReadable = true;
        DeadCopy? copy = outcome.Message.Confirmation is null && subscription.Definition.DeadLetter is not null ? ReadCopy(queue, subscription, outcome, out isReadable) : null;
        // Nothing is lost for want of memory or of a descriptor: its lease ends, and it is tried again.
        if (!isReadable) return;
        int bytes = MoveBytes + (copy is null ? 0 : Command.RecordBytes(copy.Body.Length));
        using Admission admission = copy is null ? await host.Engine.AdmitStateAsync(bytes, CancellationToken.None) : await host.Engine.AdmitRecordsAsync(bytes, CancellationToken.None);
        if (admission.IsRefused) return;
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(bytes))
        {
            GiveUp(command, queue, subscription, outcome, copy);
            synced = command.Commit(admission);
        }

        await synced;
    }

    private void GiveUp(in Command command, LiveQueue queue, LiveSubscription subscription, DeliveryOutcome outcome, DeadCopy? copy)
    {
        if (queue.Deleted) return;
        long now = host.Clock.NowMs(), offset = outcome.Message.Offset;
        queue.State.Advance(now);
        if (!queue.State.TryGet(offset, out Delivery delivery) || delivery.ReceiveCount != outcome.Message.Attempt) return;
        LiveQueue? target = null;
        // One that was made anew may be a FIFO queue, where what has no group would never be received.
        bool isMoved = copy is not null && subscription.Definition.DeadLetter is { } name && host.Queues.TryGet(subscription.Key.Beside(name), out target) && (queue.State.IsOrdered || !target.State.IsOrdered);
        if (isMoved) Move(command, target!, copy!, now);
        queue.State.ApplyGone(offset);
        var entry = new QueueEntryWriter(host.Scratch, isMoved ? QueueEntryKind.MovedAway : QueueEntryKind.Acknowledged, now);
        entry.Offset(offset);
        command.AppendState(queue.Stream, entry.Written);
        subscription.Deliveries.Add(Record(outcome with { Verdict = DeliveryVerdict.GiveUp }, now, null), isMoved);
        host.Wakes.Wake(queue, now);
    }

    private void Move(in Command command, LiveQueue target, DeadCopy copy, long now)
    {
        target.State.Advance(now);
        var arrivals = new Arrivals(host, target, now);
        arrivals.Add(command, command.AppendRecord(target.Stream, now, copy.Body), new Arrival(now, 0, HasQueueDelay: false, ExpiresMs: 0, copy.Lane));
        arrivals.End(command);
    }

    // As the dead-letter queue will hold it, with what Amazon SNS tells of its failure; null where it can't be read.
    private DeadCopy? ReadCopy(LiveQueue queue, LiveSubscription subscription, DeliveryOutcome outcome, out bool isReadable)
    {
        using RecordSet records = host.Engine.Read(queue.Stream, [outcome.Message.Offset], SubscriptionLimits.DeliveryBytesPerTakeMax);
        isReadable = records.Count > 0 && records[0].State != StoredRecordState.Unreadable;
        if (records.Count == 0 || records[0].State != StoredRecordState.Present) return null;
        ReadOnlyMemory<byte> record = records[0].Body;
        if (!RecordDecoder.TryRead(record, out RecordDecoder.Decoded decoded)) return null;
        string code = outcome.Status?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? outcome.Fault ?? "";
        var failure = new DeliveryFailure(Encoding.UTF8.GetBytes(code), Encoding.UTF8.GetBytes(outcome.Reason ?? ""), Encoding.UTF8.GetBytes(outcome.RequestId));
        var copied = new CopiedRecord(subscription.Definition.Raw ? default : StoredEnvelope.Encode(subscription.Key.Topic), failure)
        {
            PublishedMs = decoded.PublishedMs > 0 ? 0 : decoded.SentAtMs(records[0].TimestampMs),
        };
        byte[] body = new byte[copied.Measure(record.Length)];
        if (!copied.TryWrite(body, record.Span, out int written)) return null;
        if (decoded.PublishedAt is { } place) PublishedPlace.Fill(body.AsSpan(0, written), place.StreamId, place.Offset);
        return new DeadCopy(body.AsMemory(0, written), LaneKey.OfKey(record.Span));
    }

    private static DeliveryRecord Record(DeliveryOutcome outcome, long now, long? next) =>
        new(now, outcome.Message.Id, outcome.Message.Attempt, outcome.Verdict, outcome.Status, outcome.Fault, outcome.Elapsed, next);

    private sealed record DeadCopy(ReadOnlyMemory<byte> Body, LaneKey Lane);
}
