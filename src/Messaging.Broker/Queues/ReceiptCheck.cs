using System.Buffers;
using Messaging.Broker.Messages;

namespace Messaging.Broker.Queues;

/// <summary>What a receipt is worth: the refusals that acknowledge, extend and release share.</summary>
internal static class ReceiptCheck
{
    /// <summary>The list of a call that has receipts alone.</summary>
    public const string Receipts = "receipts";

    /// <summary>The list of a call that has something beside each receipt.</summary>
    public const string Entries = "entries";

    public static readonly BrokerError Invalid = new(ErrorCode.ReceiptInvalid, "This is not a receipt of this server.");
    public static readonly BrokerError OfAnotherQueue = new(ErrorCode.ReceiptOfAnotherQueue, "This receipt belongs to another queue, or to one that was deleted.");
    public static readonly BrokerError Stale = new(ErrorCode.ReceiptStale, "The message was received again since; only the latest receipt holds it.");
    public static readonly BrokerError NotLeased = new(ErrorCode.NotLeased, "The message is not leased: its lease ended or it was given back.");
    public static readonly BrokerError Gone = new(ErrorCode.MessageGone, "The message is not in the queue any more: acknowledged, cancelled, purged, moved or too old.");

    /// <summary>Refuses, outside of the sequencer, the receipts that no state could make good. False when none is left to look at.</summary>
    public static bool Verify(MessageKeys keys, long streamId, ReadOnlySpan<Receipt> receipts, BrokerError?[] refusals)
    {
        bool[] genuine = ArrayPool<bool>.Shared.Rent(receipts.Length);
        keys.Verify(receipts, genuine);
        int good = 0;
        for (int i = 0; i < receipts.Length; i++)
        {
            if (!genuine[i]) refusals[i] = Invalid;
            else if (receipts[i].StreamId != streamId) refusals[i] = OfAnotherQueue;
            else good++;
        }

        ArrayPool<bool>.Shared.Return(genuine);
        return good > 0;
    }

    /// <summary>Whether the receipt's delivery is the latest one and its lease runs. Inside a command, after the state was advanced.</summary>
    public static BrokerError? Holds(QueueState state, in Receipt receipt)
    {
        if (!state.TryGet(receipt.Offset, out Delivery delivery)) return state.IsGone(receipt.Offset) ? Gone : Invalid;
        if (delivery.ReceiveCount > receipt.ReceiveCount) return Stale;
        if (delivery.ReceiveCount < receipt.ReceiveCount) return Invalid;
        return delivery.State > 0 ? null : NotLeased;
    }

    /// <summary>The outcomes of a call on <see cref="Entries"/>, whose refusals as above name the receipt of their entry.</summary>
    public static BrokerError?[] InEntries(BrokerError?[] outcomes)
    {
        for (int i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i] is { Code: ErrorCode.ReceiptInvalid or ErrorCode.ReceiptOfAnotherQueue or ErrorCode.ReceiptStale or ErrorCode.NotLeased or ErrorCode.MessageGone } refusal)
            {
                outcomes[i] = refusal with { Field = $"{Entries}[{i}].receipt" };
            }
        }

        return outcomes;
    }
}
