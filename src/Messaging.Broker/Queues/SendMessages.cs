using System.Buffers;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Storage;

namespace Messaging.Broker.Queues;

/// <summary>
/// Stores messages, in one command for the whole call. One bad entry never fails the others.
/// Cancellation counts until the command is sequenced. Hot path.
/// </summary>
/// <remarks>
/// Bodies are encoded outside of the sequencer into one rented buffer, which the journal borrows until the commit has completed; then it is
/// returned here. When the commit throws, the process is about to end and the buffer is left to the collector.
/// </remarks>
internal sealed class SendMessages(QueueHost host)
{
    /// <summary>In the place of an offset: the queue had no room for the message.</summary>
    private const long Full = -1;

    private static readonly BrokerError QueueFull = new(ErrorCode.QueueFull, "The queue holds as many messages as its maxMessages allows.");

    /// <summary>One accepted message within the buffer. <see cref="Length"/> 0: refused.</summary>
    private struct Encoded
    {
        public int Start;
        public int Length;
        public long DelayMs;
        public long ExpiresMs;
        public bool HasQueueDelay;
        public LaneKey Lane;
    }

    public async ValueTask<Result<SendOutcome[]>> RunAsync(QueueKey key, ReadOnlyMemory<OutgoingMessage> messages, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        BrokerError? refusal = host.Find(key, messages.Length, out LiveQueue queue);
        if (refusal is not null) return await host.ToldAsync(refusal);
        var outcomes = new SendOutcome[messages.Length];
        QueueDefinition definition = queue.Definition!;
        refusal = Check(messages.Span, definition.MessageRules, outcomes, out int bytes, out int commandBytes);
        if (refusal is not null) return await host.ToldAsync(refusal);
        if (bytes == 0)
        {
            await host.Engine.SyncedAsync();
            return outcomes;
        }

        using Admission admission = await host.Engine.AdmitRecordsAsync(commandBytes, cancellationToken);
        if (admission.IsRefused) return await host.WhyNotAdmittedAsync();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(bytes);
        Encoded[] encoded = ArrayPool<Encoded>.Shared.Rent(messages.Length);
        long[] offsets = ArrayPool<long>.Shared.Rent(messages.Length);
        long dueFrom = host.Clock.NowMs();
        Encode(messages.Span, definition, dueFrom, outcomes, buffer, encoded);
        await Sequence(admission, queue, buffer, encoded.AsSpan(0, messages.Length), dueFrom, offsets, commandBytes, out bool found);
        if (found) Identify(queue, encoded.AsSpan(0, messages.Length), offsets, outcomes);
        ArrayPool<byte>.Shared.Return(buffer);
        ArrayPool<Encoded>.Shared.Return(encoded);
        ArrayPool<long>.Shared.Return(offsets);
        return found ? outcomes : QueueHost.QueueNotFound(key);
    }

    private BrokerError? Check(ReadOnlySpan<OutgoingMessage> messages, MessageRules rules, SendOutcome[] outcomes, out int bytes, out int commandBytes)
    {
        long size = 0;
        long needed = 0;
        long appended = Command.StateBytes(QueueEntryWriter.HeadBytesMax) + Command.StateBytes(QueueEntryWriter.BytesMax(messages.Length));
        int expiring = 0;
        (bytes, commandBytes) = (0, 0);
        int laned = 0;
        for (int i = 0; i < messages.Length; i++)
        {
            BrokerError? refusal = RecordEncoder.Check(messages[i], rules, i, out long messageSize);
            size += messageSize;
            if (refusal is not null) outcomes[i] = new SendOutcome(default, refusal);
            if (refusal is not null) continue;
            int recordBytes = RecordEncoder.Measure(messages[i]);
            needed += recordBytes;
            if (messages[i].ExpiresInMilliseconds > 0) expiring++;
            appended += Command.RecordBytes(recordBytes);
            if (IsLaned(messages[i])) laned++;
        }

        if (laned > 0) appended += Command.StateBytes(QueueEntryWriter.HeadBytesMax + (laned * QueueEntryWriter.LanedElementBytesMax));
        if (expiring > 0) appended += Command.StateBytes(QueueEntryWriter.BytesMax(expiring));
        if (size > BrokerLimits.CallBytesMax || appended > host.Engine.CommandBytesMax)
        {
            return new BrokerError(ErrorCode.BatchTooLarge, $"The messages of one call have at most {BrokerLimits.CallBytesMax} bytes together, not {size}.");
        }

        (bytes, commandBytes) = ((int)needed, (int)appended);
        return null;
    }

    private static bool IsLaned(in OutgoingMessage message) => message.Group is not null || message.Priority > 0;

    private static void Encode(
        ReadOnlySpan<OutgoingMessage> messages, QueueDefinition definition, long dueFrom, SendOutcome[] outcomes, byte[] buffer, Encoded[] encoded)
    {
        int start = 0;
        for (int i = 0; i < messages.Length; i++)
        {
            encoded[i] = default;
            if (outcomes[i].Error is not null) continue;
            ref readonly OutgoingMessage message = ref messages[i];
            bool hasQueueDelay = message.DelayMilliseconds == OutgoingMessage.QueueDelay;
            long delayMs = hasQueueDelay ? definition.DelaySeconds * 1_000L : message.DelayMilliseconds;
            long expiresMs = message.ExpiresInMilliseconds > 0 ? dueFrom + message.ExpiresInMilliseconds : 0;
            int length = RecordEncoder.Write(buffer.AsSpan(start), message, delayMs == 0 ? 0 : dueFrom + delayMs, expiresMs);
            encoded[i] = new Encoded { Start = start, Length = length, DelayMs = delayMs, ExpiresMs = expiresMs, HasQueueDelay = hasQueueDelay };
            if (IsLaned(message)) encoded[i].Lane = new LaneKey(LaneKey.HashOf(message.Group), message.Priority);
            start += length;
        }
    }

    private ValueTask Sequence(
        Admission admission, LiveQueue queue, byte[] buffer, ReadOnlySpan<Encoded> messages, long dueFrom, long[] offsets, int bytes, out bool found)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(bytes))
        {
            Append(command, queue, buffer, messages, dueFrom, offsets, out found);
            synced = command.Commit(admission);
        }

        return synced;
    }

    private void Append(in Command command, LiveQueue queue, byte[] buffer, ReadOnlySpan<Encoded> messages, long dueFrom, long[] offsets, out bool found)
    {
        long now = host.Clock.NowMs();
        found = !queue.Deleted;
        if (!found) return;
        QueueState state = queue.State;
        state.Advance(now);
        long room = queue.Definition!.MaxMessages is { } most ? Math.Max(0, most - queue.Stream.LiveCount) : long.MaxValue;
        var delayed = new QueueEntryWriter(host.Scratch, QueueEntryKind.Delayed, now);
        var laned = new QueueEntryWriter(host.LaneScratch, QueueEntryKind.Laned, now);
        var expiring = new QueueEntryWriter(host.ExpiryScratch, QueueEntryKind.Expiring, now);
        offsets.AsSpan(0, messages.Length).Fill(Full);
        for (int i = 0; i < messages.Length && room > 0; i++)
        {
            if (messages[i].Length == 0) continue;
            room--;
            ref readonly Encoded message = ref messages[i];
            long offset = command.AppendRecord(queue.Stream, now, buffer.AsMemory(message.Start, message.Length));
            state.Backlog.RecordsAppended(offset, 1);
            offsets[i] = offset;
            if (message.ExpiresMs > 0)
            {
                long left = Math.Max(0, message.ExpiresMs - now);
                state.ApplyExpiring(offset, now + left);
                expiring.Offset(offset, left);
            }

            bool isPending = message.DelayMs > 0 || state.Backlog.HasMarks;
            if (isPending && FitsMarks(queue, message, dueFrom, now, out long due, out bool needsMark))
            {
                isPending = false;
                if (needsMark) command.AppendState(queue.Stream, AddMark(queue, offset, due, now));
            }

            if (!message.Lane.IsPlain)
            {
                state.ApplyLaned(offset, message.Lane, isPending);
                laned.Lane(offset, message.Lane, isPending);
            }

            if (!isPending) continue;
            // Under the queue's delay, a message without one has to say so.
            long later = Math.Max(0, dueFrom + message.DelayMs - now);
            state.ApplyDelayed(offset, now + later);
            delayed.Offset(offset, later);
        }

        if (laned.HasElements) command.AppendState(queue.Stream, laned.Written);
        if (delayed.HasElements) command.AppendState(queue.Stream, delayed.Written);
        if (expiring.HasElements) command.AppendState(queue.Stream, expiring.Written);
        host.Wakes.Wake(queue, now);
    }

    // False where an earlier message of the queue's delay, which was longer then, is due later: marks ascend, so this one waits by itself.
    private static bool FitsMarks(LiveQueue queue, in Encoded message, long dueFrom, long now, out long due, out bool needsMark)
    {
        needsMark = false;
        due = DelayMarks.RoundUp(dueFrom + message.DelayMs, message.DelayMs);
        return message.HasQueueDelay && message.DelayMs > 0 && due > now && queue.State.Backlog.FitsMarks(due, out needsMark);
    }

    private ReadOnlySpan<byte> AddMark(LiveQueue queue, long offset, long due, long now)
    {
        queue.State.Backlog.AddMark(offset, due, due - now);
        var entry = new QueueEntryWriter(host.MarkScratch, QueueEntryKind.DelayedFrom, now);
        entry.Number(offset);
        entry.Number(due - now);
        return entry.Written;
    }

    private void Identify(LiveQueue queue, ReadOnlySpan<Encoded> messages, long[] offsets, SendOutcome[] outcomes)
    {
        MessageId[] ids = ArrayPool<MessageId>.Shared.Rent(messages.Length);
        host.Keys.Identify(queue.Stream.Id, offsets.AsSpan(0, messages.Length), ids);
        for (int i = 0; i < messages.Length; i++)
        {
            if (messages[i].Length == 0) continue;
            outcomes[i] = offsets[i] == Full
                ? new SendOutcome(default, QueueFull)
                : new SendOutcome(ids[i], null) { Sequence = queue.State.IsOrdered ? offsets[i] : null };
        }

        ArrayPool<MessageId>.Shared.Return(ids);
    }
}
