using Messaging.Broker.Messages;
using Messaging.Storage;

namespace Messaging.Broker.Queues;

/// <summary>
/// Receives with an attempt id, as in Amazon SQS: for <see cref="QueueLimits.ReceiveAttemptSeconds"/> the same id delivers the same messages under the same
/// receipts, leased anew, while all of them are as the first call has left them; else, and where the call asks for fewer, it is a new receive. Inside commands.
/// </summary>
internal static class ReceiveAttempts
{
    private const long WindowMs = QueueLimits.ReceiveAttemptSeconds * 1_000L;

    /// <summary>Bytes that a command may append for an attempt with so many messages.</summary>
    public static int BytesMax(int messages) => Command.StateBytes(Hash128.Bytes + QueueEntryWriter.BytesMax(messages));

    /// <summary>Takes what the attempt has taken, and leases it until the take's deadline; false when there is nothing to repeat.</summary>
    public static bool TryRepeat(in Command command, LiveQueue queue, Take take, long now, byte[] scratch)
    {
        QueueState state = queue.State;
        if (!TryGet(state, take, now, out ReceiveAttempt attempt, out long until) || attempt.Messages.Length > take.Max || !attempt.IsHeld(state)) return false;
        // Never the same: by it the first call knows that the lease is no longer its own.
        if (take.Deadline == attempt.Deadline) take.Deadline++;
        var entry = new QueueEntryWriter(scratch, QueueEntryKind.Extended, now);
        foreach (ReceiveAttempt.Message message in attempt.Messages)
        {
            state.ApplyExtended(message.Offset, take.Deadline);
            entry.Offset(message.Offset, take.Deadline - now);
            state.TryGet(message.Offset, out Delivery delivery);
            take.Add(message.Offset, delivery);
        }

        command.AppendState(queue.Stream, entry.Written);
        Put(command, queue, take, new ReceiveAttempt(take.Deadline, attempt.Messages), now, until, scratch);
        take.IsRepeat = true;
        return true;
    }

    /// <summary>What was just taken, and leased, is the attempt's.</summary>
    public static void Remember(in Command command, LiveQueue queue, Take take, long now, byte[] scratch)
    {
        var messages = new ReceiveAttempt.Message[take.Count];
        for (int i = 0; i < messages.Length; i++) messages[i] = new ReceiveAttempt.Message(take.Offsets[i], take.Deliveries[i].ReceiveCount);
        Put(command, queue, take, new ReceiveAttempt(take.Deadline, messages), now, now + WindowMs, scratch);
    }

    /// <summary>The attempt, where it would be repeated; asked before <see cref="Reduce"/>.</summary>
    public static ReceiveAttempt? Find(QueueState state, Take take, long now) =>
        TryGet(state, take, now, out ReceiveAttempt attempt, out _) && attempt.IsHeld(state) ? attempt : null;

    /// <summary>Some of its messages were taken from the answer: it is without them.</summary>
    public static void Reduce(in Command command, LiveQueue queue, Take take, ReceiveAttempt attempt, long now, byte[] scratch)
    {
        if (TryGet(queue.State, take, now, out _, out long until)) Put(command, queue, take, attempt.Held(queue.State), now, until, scratch);
    }

    private static bool TryGet(QueueState state, Take take, long now, out ReceiveAttempt attempt, out long until)
    {
        (attempt, until) = (null!, 0);
        return take.Attempt is { } id && state.Windows?.Attempts?.TryGet(id, now, out attempt, out until) == true;
    }

    private static void Put(in Command command, LiveQueue queue, Take take, ReceiveAttempt attempt, long now, long until, byte[] scratch)
    {
        Hash128 id = take.Attempt!.Value;
        var entry = new QueueEntryWriter(scratch, QueueEntryKind.Attempted, now);
        entry.Number(until - now);
        entry.Hash(id);
        entry.Number(attempt.Deadline - now);
        foreach (ReceiveAttempt.Message message in attempt.Messages) entry.Offset(message.Offset, message.ReceiveCount);
        command.AppendState(queue.Stream, entry.Written);
        queue.State.OpenWindows().ApplyAttempted(id, attempt, until);
    }
}
