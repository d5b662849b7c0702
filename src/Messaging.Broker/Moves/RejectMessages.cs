using System.Text;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Storage;

namespace Messaging.Broker.Moves;

/// <summary>
/// Moves received messages to the dead-letter queue now, however often they were delivered: only for who holds them, as a release. In commands of bounded size,
/// each all or nothing. Cancellation counts until the first is sequenced.
/// </summary>
internal sealed class RejectMessages(QueueHost host)
{
    private static readonly BrokerError Damaged = new(ErrorCode.MessageDamaged, "The message is damaged on the disk and can't be moved; acknowledge it to be rid of it.");
    private static readonly BrokerError TooLarge = new(ErrorCode.MessageTooLarge, "The message has no room for what a move adds to it.");
    private static readonly BrokerError Exhausted = new(ErrorCode.Overloaded, "The server has no file descriptors or memory left to read the message with.");

    public async ValueTask<Result<BrokerError?[]>> RunAsync(QueueKey key, ReadOnlyMemory<RejectEntry> entries, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        BrokerError? refusal = host.Find(key, entries.Length, ReceiptCheck.Entries, out LiveQueue queue);
        if (refusal is not null) return await host.ToldAsync(refusal);
        if (host.Queues.DeadLetterQueueOf(queue) is null) return await host.ToldAsync(NoDeadLetterQueue(key));
        var outcomes = new BrokerError?[entries.Length];
        int[] order = Verify(queue, entries.Span, outcomes);
        for (int next = 0; next < order.Length;)
        {
            (int settled, refusal) = await RejectSomeAsync(queue, entries, order.AsMemory(next), outcomes, next == 0 ? cancellationToken : CancellationToken.None);
            if (refusal is not null && next == 0) return refusal;
            if (refusal is not null) RefuseRest(order.AsSpan(next), refusal, outcomes);
            next = refusal is null ? next + settled : order.Length;
        }

        // Also where nothing changed: what was found may stem from a command that is not synced yet.
        await host.Engine.SyncedAsync();
        return ReceiptCheck.InEntries(outcomes);
    }

    private static BrokerError NoDeadLetterQueue(in QueueKey key) =>
        new(ErrorCode.NoDeadLetterQueue, $"The queue \"{key.Name}\" has no dead-letter queue: its definition's deadLetter names none, or one that is not there.");

    // What no state could make good is refused; returns the others in the order of their offsets, as they are read.
    private int[] Verify(LiveQueue queue, ReadOnlySpan<RejectEntry> entries, BrokerError?[] outcomes)
    {
        var receipts = new Receipt[entries.Length];
        for (int i = 0; i < receipts.Length; i++) receipts[i] = entries[i].Receipt;
        ReceiptCheck.Verify(host.Keys, queue.Stream.Id, receipts, outcomes);
        var order = new List<int>(entries.Length);
        for (int i = 0; i < entries.Length; i++)
        {
            if (Encoding.UTF8.GetByteCount(entries[i].Reason ?? "") > QueueLimits.RejectReasonBytesMax)
            {
                outcomes[i] ??= new BrokerError(ErrorCode.InvalidValue, $"A reason has at most {QueueLimits.RejectReasonBytesMax} bytes.", $"{ReceiptCheck.Entries}[{i}].reason");
            }

            if (outcomes[i] is null) order.Add(i);
        }

        order.Sort((left, right) => receipts[left].Offset.CompareTo(receipts[right].Offset));
        return [.. order];
    }

    // As many of the entries as one command takes; returns how many are settled, or why no more can be.
    private async ValueTask<(int Settled, BrokerError? Refusal)> RejectSomeAsync(
        LiveQueue queue, ReadOnlyMemory<RejectEntry> entries, ReadOnlyMemory<int> order, BrokerError?[] outcomes, CancellationToken cancellationToken)
    {
        using var batch = new MoveBatch(queue);
        int settled = Gather(batch, entries.Span, order.Span, Counts(queue, entries.Span, order.Span), outcomes);
        using Admission admission = await host.Engine.AdmitRecordsAsync(batch.CommandBytes, cancellationToken);
        if (admission.IsRefused) return (0, await host.WhyNotAdmittedAsync());
        await Sequence(admission, batch, entries.Span, order.Span[..settled], outcomes, out bool found);
        return (settled, found ? null : QueueHost.QueueNotFound(queue.Key));
    }

    private static void RefuseRest(ReadOnlySpan<int> order, BrokerError refusal, BrokerError?[] outcomes)
    {
        foreach (int index in order) outcomes[index] ??= refusal;
    }

    // How often each was received, as far as that counts: while a receipt holds its message it stays so, and of one that does not nothing comes.
    private int[] Counts(LiveQueue queue, ReadOnlySpan<RejectEntry> entries, ReadOnlySpan<int> order)
    {
        using Command command = host.Engine.BeginCommand(0);
        var counts = new int[Math.Min(order.Length, QueueLimits.MoveMessagesMax)];
        for (int i = 0; i < counts.Length; i++)
            counts[i] = queue.State.TryGet(entries[order[i]].Receipt.Offset, out Delivery delivery) ? delivery.CountedReceives : 0;
        return counts;
    }

    private int Gather(MoveBatch batch, ReadOnlySpan<RejectEntry> entries, ReadOnlySpan<int> order, ReadOnlySpan<int> counts, BrokerError?[] outcomes)
    {
        Span<long> offsets = stackalloc long[counts.Length];
        for (int i = 0; i < offsets.Length; i++) offsets[i] = entries[order[i]].Receipt.Offset;
        using RecordSet records = host.Engine.Read(batch.Source.Stream, offsets, QueueLimits.MoveBytesMax);
        int settled = 0;
        for (; settled < records.Count; settled++)
        {
            int index = order[settled];
            StoredRecord record = records[settled];
            RejectEntry entry = entries[index];
            if (record.State != StoredRecordState.Present)
            {
                // Where it is gone, the state says so first.
                outcomes[index] = record.State == StoredRecordState.Unreadable ? Exhausted : Damaged;
                continue;
            }

            bool isMade = DeadLetters.TryMake(host, batch.Source, record, counts[settled], MoveReason.Rejected, entry.Reason, out MovedRecord moved, out LaneKey lane);
            bool fits = isMade && batch.HasRoomFor(moved.Measure(record.Body.Length), host.Engine.CommandBytesMax);
            if (isMade && !fits && batch.Count > 0) break;
            if (!isMade) outcomes[index] = Damaged;
            else if (!fits) outcomes[index] = TooLarge;
            else if (!batch.TryAdd(record, moved, lane, counts[settled], batch.Source, index)) outcomes[index] = Damaged;
        }

        return settled;
    }

    private ValueTask Sequence(Admission admission, MoveBatch batch, ReadOnlySpan<RejectEntry> entries, ReadOnlySpan<int> order, BrokerError?[] outcomes, out bool found)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(batch.CommandBytes))
        {
            found = !batch.Source.Deleted;
            if (found) Decide(command, batch, entries, order, outcomes);
            synced = command.Commit(admission);
        }

        return synced;
    }

    private void Decide(in Command command, MoveBatch batch, ReadOnlySpan<RejectEntry> entries, ReadOnlySpan<int> order, BrokerError?[] outcomes)
    {
        LiveQueue queue = batch.Source;
        long now = host.Clock.NowMs();
        LiveQueue? target = host.Queues.DeadLetterQueueOf(queue);
        BrokerError? refusal = target is null ? NoDeadLetterQueue(queue.Key) : null;
        queue.State.Advance(now);
        foreach (int index in order)
        {
            // That a message is not held goes before that it is damaged.
            outcomes[index] = refusal ?? ReceiptCheck.Holds(queue.State, entries[index].Receipt) ?? outcomes[index];
        }

        for (int i = 0; i < batch.Count; i++)
        {
            ref MoveBatch.Message message = ref batch[i];
            message.Target = target;
            message.Goes = outcomes[message.Tag] is null && !IsTwice(batch, i);
            // A second entry about a message finds it gone.
            if (outcomes[message.Tag] is null && !message.Goes) outcomes[message.Tag] = ReceiptCheck.Gone;
        }

        if (target is not null) batch.Apply(command, host, now);
    }

    private static bool IsTwice(MoveBatch batch, int index)
    {
        for (int i = index - 1; i >= 0 && batch[i].Offset == batch[index].Offset; i--)
        {
            if (batch[i].Goes) return true;
        }

        return false;
    }
}
