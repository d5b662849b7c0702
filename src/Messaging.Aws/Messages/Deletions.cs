using System.Text;
using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Wire;
using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Aws.Messages;

/// <summary>
/// Deletes messages by their receipt handles. In a standard queue a handle that a newer receive has replaced deletes nothing and is no error, and one whose visibility timeout has ended still deletes; in a FIFO
/// queue both have expired, since others may have the group by now (API Reference, DeleteMessage). Hot path.
/// </summary>
internal static class Deletions
{
    public static AwsError? Parse(ReadOnlyMemory<byte> text, out ReceiptHandle handle)
    {
        handle = default;
        if (text.IsEmpty)
            return Refusals.Missing("ReceiptHandle");
        return ReceiptHandle.TryParse(text.Span, out handle) ? null
            : new AwsError(AwsErrorCode.ReceiptHandleIsInvalid, $"The input receipt handle \"{Refusals.Shown(Encoding.UTF8.GetString(text.Span))}\" is not a valid receipt handle.");
    }

    /// <summary>Sets each entry's error that has none yet; returns what refused the whole call.</summary>
    public static async ValueTask<AwsError?> RunAsync(Call call, QueueKey queue, QueueDefinition definition, IReadOnlyList<HandleEntry> entries)
    {
        bool isFifo = definition.Type == QueueType.Fifo;
        var receipts = new Receipt[entries.Count];
        int count = 0;
        foreach (HandleEntry entry in entries)
        {
            entry.Error = Parse(entry.Handle, out ReceiptHandle handle);
            if (entry.Error is null)
                receipts[count++] = handle.Receipt;
        }
        if (count == 0)
            return null;
        Result<BrokerError?[]> done = await call.Broker.Queues.AcknowledgeAsync(queue, receipts.AsMemory(0, count), isFifo, CancellationToken.None);
        if (!done.IsOk)
            return BrokerErrors.Of(done.Error);
        int next = 0;
        foreach (HandleEntry entry in entries)
        {
            if (entry.Error is null)
                entry.Error = ErrorOf(done.Value[next++], entry.Handle, isFifo);
        }
        return null;
    }

    private static AwsError? ErrorOf(BrokerError? error, ReadOnlyMemory<byte> handle, bool isFifo) => error?.Code switch
    {
        null => null,
        ErrorCode.ReceiptStale or ErrorCode.NotLeased => isFifo
            ? Refusals.Invalid("ReceiptHandle", Encoding.UTF8.GetString(handle.Span), "The receipt handle has expired.")
            : null,
        _ => BrokerErrors.Of(error),
    };
}
