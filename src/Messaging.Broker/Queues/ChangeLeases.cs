using System.Buffers;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Storage;

namespace Messaging.Broker.Queues;

/// <summary>
/// Changes when running leases end: extend, and release, which gives the message back. Only the latest receipt holds a message.
/// Cancellation counts until the command is sequenced.
/// </summary>
/// <param name="host">The queues.</param>
/// <param name="changes">Those that an entry may ask for; each has a journal entry of its own, in this order.</param>
internal sealed class ChangeLeases<TEntry>(QueueHost host, params LeaseChange[] changes)
    where TEntry : struct, ILeaseEntry
{
    public async ValueTask<Result<BrokerError?[]>> RunAsync(QueueKey key, ReadOnlyMemory<TEntry> entries, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        BrokerError? refusal = host.Find(key, entries.Length, ReceiptCheck.Entries, out LiveQueue queue);
        if (refusal is not null) return await host.ToldAsync(refusal);
        var outcomes = new BrokerError?[entries.Length];
        if (!Verify(queue, entries.Span, outcomes))
        {
            await host.Engine.SyncedAsync();
            return ReceiptCheck.InEntries(outcomes);
        }

        int bytes = Command.StateBytes(QueueEntryWriter.BytesMax(entries.Length)) + ((changes.Length - 1) * Command.StateBytes(QueueEntryWriter.BytesMax(0)));
        using Admission admission = await host.Engine.AdmitStateAsync(bytes, cancellationToken);
        if (admission.IsRefused) return await host.WhyNotAdmittedAsync();
        // Also where nothing changed: what was found may stem from a command that is not synced yet.
        await Sequence(admission, queue, entries.Span, outcomes, bytes, out bool found);
        return found ? ReceiptCheck.InEntries(outcomes) : QueueHost.QueueNotFound(key);
    }

    private bool Verify(LiveQueue queue, ReadOnlySpan<TEntry> entries, BrokerError?[] outcomes)
    {
        Receipt[] receipts = ArrayPool<Receipt>.Shared.Rent(entries.Length);
        for (int i = 0; i < entries.Length; i++) receipts[i] = entries[i].Receipt;
        bool good = ReceiptCheck.Verify(host.Keys, queue.Stream.Id, receipts.AsSpan(0, entries.Length), outcomes);
        ArrayPool<Receipt>.Shared.Return(receipts);
        if (!good) return false;
        for (int i = 0; i < entries.Length; i++)
        {
            LeaseChange change = entries[i].Change;
            if (entries[i].Seconds is not { } seconds || (seconds >= 0 && seconds <= change.SecondsMax)) continue;
            outcomes[i] ??= new BrokerError(ErrorCode.InvalidValue, $"{change.Field} is 0 to {change.SecondsMax}, not {seconds}.", $"{ReceiptCheck.Entries}[{i}].{change.Field}");
        }

        return true;
    }

    private ValueTask Sequence(Admission admission, LiveQueue queue, ReadOnlySpan<TEntry> entries, BrokerError?[] outcomes, int bytes, out bool found)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(bytes))
        {
            Decide(command, queue, entries, outcomes, out found);
            synced = command.Commit(admission);
        }

        return synced;
    }

    private void Decide(in Command command, LiveQueue queue, ReadOnlySpan<TEntry> entries, BrokerError?[] outcomes, out bool found)
    {
        long now = host.Clock.NowMs();
        found = !queue.Deleted;
        if (!found) return;
        queue.State.Advance(now);
        foreach (LeaseChange change in changes) Apply(command, queue, change, entries, outcomes, now);
    }

    private void Apply(in Command command, LiveQueue queue, LeaseChange change, ReadOnlySpan<TEntry> entries, BrokerError?[] outcomes, long now)
    {
        var entry = new QueueEntryWriter(host.Scratch, change.Kind, now);
        for (int i = 0; i < entries.Length; i++)
        {
            if (outcomes[i] is not null || entries[i].Change != change) continue;
            outcomes[i] = ReceiptCheck.Holds(queue.State, entries[i].Receipt);
            if (outcomes[i] is not null) continue;
            long offset = entries[i].Receipt.Offset;
            long later = entries[i].Seconds * 1_000L ?? queue.State.RetryMsOf(offset);
            if (now + later > entries[i].NotAfterMs)
            {
                outcomes[i] = new BrokerError(ErrorCode.LeaseTooLong, "The message would be leased for longer than one delivery may last.", $"{ReceiptCheck.Entries}[{i}].{change.Field}");
                continue;
            }

            change.Apply(queue.State, offset, now + later);
            entry.Offset(offset, later);
        }

        if (!entry.HasElements) return;
        command.AppendState(queue.Stream, entry.Written);
        host.Wakes.Wake(queue, now);
    }
}
