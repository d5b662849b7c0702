using Messaging.Broker.Messages;
using Messaging.Broker.Queues;
using Messaging.Storage;

namespace Messaging.Broker.Transactions;

/// <summary>Messages that are acknowledged in a transaction.</summary>
internal sealed class AcknowledgePart(AcknowledgeMessages operation, LiveQueue queue, ReadOnlyMemory<Receipt> receipts) : ITransactionPart
{
    private readonly BrokerError?[] _outcomes = new BrokerError?[receipts.Length];

    public string Kind => TransactionOperation.Acknowledge.Word;

    public int Bytes => Command.StateBytes(QueueEntryWriter.BytesMax(receipts.Length));

    public bool HasRecords => false;

    /// <summary>Outside of the sequencer; the first refusal, with its place.</summary>
    public static Result<ITransactionPart> Make(QueueHost host, AcknowledgeMessages operation, TransactionOperation.Acknowledge asked)
    {
        if (host.Find(asked.Queue, asked.Receipts.Length, ReceiptCheck.Receipts, out LiveQueue queue) is { } refusal) return refusal;
        var refusals = new BrokerError?[asked.Receipts.Length];
        ReceiptCheck.Verify(host.Keys, queue.Stream.Id, asked.Receipts.Span, refusals);
        for (int i = 0; i < refusals.Length; i++)
        {
            if (refusals[i] is { } forged) return forged with { Field = $"{ReceiptCheck.Receipts}[{i}]" };
        }

        return new AcknowledgePart(operation, queue, asked.Receipts);
    }

    public BrokerError? Judge(long now)
    {
        if (queue.Deleted) return QueueHost.QueueNotFound(queue.Key);
        return AcknowledgeMessages.Judge(queue, receipts.Span, now, out int refused) is { } refusal ? refusal with { Field = $"{ReceiptCheck.Receipts}[{refused}]" } : null;
    }

    public void Do(in Command command, long now) => operation.Decide(command, queue, receipts.Span, onlyWhileLeased: false, _outcomes, out _);

    public int AnswerBytesMax => 0;

    public void WriteAnswer(ref EntryWriter writer)
    {
        // That it was done is all there is to tell.
    }

    public TransactionResult Tell() => default;

    public void Dispose()
    {
    }
}
