using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Storage;

namespace Messaging.Broker.Queues;

/// <summary>
/// Removes received messages. Good for the latest receipt, also when its lease is over and nobody has received the message since, unless the caller asks for a lease
/// that runs; idempotent: what is gone already is fine. Cancellation counts until the command is sequenced. Hot path.
/// </summary>
internal sealed class AcknowledgeMessages(QueueHost host)
{
    public async ValueTask<Result<BrokerError?[]>> RunAsync(QueueKey key, ReadOnlyMemory<Receipt> receipts, bool onlyWhileLeased, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        BrokerError? refusal = host.Find(key, receipts.Length, ReceiptCheck.Receipts, out LiveQueue queue);
        if (refusal is not null) return await host.ToldAsync(refusal);
        var outcomes = new BrokerError?[receipts.Length];
        if (!ReceiptCheck.Verify(host.Keys, queue.Stream.Id, receipts.Span, outcomes))
        {
            await host.Engine.SyncedAsync();
            return outcomes;
        }

        int bytes = Command.StateBytes(QueueEntryWriter.BytesMax(receipts.Length));
        using Admission admission = await host.Engine.AdmitStateAsync(bytes, cancellationToken);
        if (admission.IsRefused) return await host.WhyNotAdmittedAsync();
        // Also where nothing changed: what was found may stem from a command that is not synced yet.
        await Sequence(admission, queue, receipts.Span, onlyWhileLeased, outcomes, bytes, out bool found);
        return found ? outcomes : QueueHost.QueueNotFound(key);
    }

    private ValueTask Sequence(
        Admission admission, LiveQueue queue, ReadOnlySpan<Receipt> receipts, bool onlyWhileLeased, BrokerError?[] outcomes, int bytes, out bool found)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(bytes))
        {
            Decide(command, queue, receipts, onlyWhileLeased, outcomes, out found);
            synced = command.Commit(admission);
        }

        return synced;
    }

    /// <summary>Inside a command: why not all receipts can be acknowledged that no one has refused so far; one that is gone already is none of them.</summary>
    public static BrokerError? Judge(LiveQueue queue, ReadOnlySpan<Receipt> receipts, long now, out int refused)
    {
        queue.State.Advance(now);
        for (refused = 0; refused < receipts.Length; refused++)
        {
            if (ReceiptCheck.Holds(queue.State, receipts[refused]) is { } refusal && refusal.Code != ErrorCode.NotLeased) return refusal;
        }

        return null;
    }

    /// <summary>Inside a command: removes the messages whose receipts are good.</summary>
    public void Decide(in Command command, LiveQueue queue, ReadOnlySpan<Receipt> receipts, bool onlyWhileLeased, BrokerError?[] outcomes, out bool found)
    {
        long now = host.Clock.NowMs();
        found = !queue.Deleted;
        if (!found) return;
        QueueState state = queue.State;
        state.Advance(now);
        bool wasFull = state.Leased >= QueueLimits.LeasedPerQueueMax;
        long deliverable = state.Deliverable;
        var entry = new QueueEntryWriter(host.Scratch, QueueEntryKind.Acknowledged, now);
        for (int i = 0; i < receipts.Length; i++)
        {
            if (outcomes[i] is not null) continue;
            ref readonly Receipt receipt = ref receipts[i];
            BrokerError? refusal = ReceiptCheck.Holds(state, receipt);
            if (refusal is null || (refusal.Code == ErrorCode.NotLeased && !onlyWhileLeased))
            {
                state.ApplyGone(receipt.Offset);
                entry.Offset(receipt.Offset);
            }
            else if (refusal.Code != ErrorCode.MessageGone)
            {
                outcomes[i] = refusal;
            }
        }

        if (!entry.HasElements) return;
        command.AppendState(queue.Stream, entry.Written);
        // A receive that was refused for the bound gave its promise back to nobody; and a group may go on.
        if (wasFull || state.Deliverable > deliverable) host.Wakes.Wake(queue, now);
    }
}
