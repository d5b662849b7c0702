using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Storage;

namespace Messaging.Broker.Queues;

/// <summary>
/// Gives back what a front has received and can't deliver, as if it had not been received: without a wait, and without a delivery that counts. What is not as the receive has left it any more stays as it is.
/// </summary>
internal sealed class ReturnMessages(QueueHost host)
{
    public async ValueTask RunAsync(QueueKey key, ReadOnlyMemory<Receipt> receipts)
    {
        using CallCounter.Call call = host.Calls.Enter();
        if (receipts.IsEmpty || host.Find(key, receipts.Length, ReceiptCheck.Receipts, out LiveQueue queue) is not null) return;
        int bytes = Command.StateBytes(QueueEntryWriter.BytesMax(receipts.Length));
        using Admission admission = await host.Engine.AdmitStateAsync(bytes, CancellationToken.None);
        // Then their leases give them back.
        if (admission.IsRefused) return;
        await Sequence(admission, queue, receipts.Span, bytes);
    }

    private ValueTask Sequence(Admission admission, LiveQueue queue, ReadOnlySpan<Receipt> receipts, int bytes)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(bytes))
        {
            if (!queue.Deleted) Decide(command, queue, receipts);
            synced = command.Commit(admission);
        }

        return synced;
    }

    private void Decide(in Command command, LiveQueue queue, ReadOnlySpan<Receipt> receipts)
    {
        long now = host.Clock.NowMs();
        queue.State.Advance(now);
        var entry = new QueueEntryWriter(host.Scratch, QueueEntryKind.Untaken, now);
        foreach (ref readonly Receipt receipt in receipts)
        {
            if (receipt.StreamId != queue.Stream.Id || !queue.State.TryGet(receipt.Offset, out Delivery delivery) || delivery.ReceiveCount != receipt.ReceiveCount) continue;
            // Somebody was shown it, and has given it back unhandled.
            if (delivery.CountedReceives == 0) continue;
            queue.State.ApplyUntaken(receipt.Offset);
            entry.Offset(receipt.Offset);
        }

        if (!entry.HasElements) return;
        command.AppendState(queue.Stream, entry.Written);
        host.Wakes.Wake(queue, now);
    }
}
