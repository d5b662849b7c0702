using System.Buffers;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Transactions;

/// <summary>What a transaction was answered, as an idempotency key remembers it. It has no refusals: a transaction that is refused is not remembered.</summary>
/// <remarks>For each operation, in their order, its own answer with its length: <see cref="SendAnswers"/>, <see cref="PublishAnswers"/>, or nothing.</remarks>
internal static class TransactionAnswers
{
    public static int BytesMax(ITransactionPart[] parts)
    {
        int bytes = 0;
        foreach (ITransactionPart part in parts) bytes += EntryWriter.VarintBytesMax + part.AnswerBytesMax;
        return bytes;
    }

    /// <summary>Inside a command, when all parts are done.</summary>
    public static void Write(ref EntryWriter writer, ITransactionPart[] parts)
    {
        foreach (ITransactionPart part in parts)
        {
            byte[] buffer = ArrayPool<byte>.Shared.Rent(part.AnswerBytesMax);
            var answer = new EntryWriter(buffer);
            part.WriteAnswer(ref answer);
            writer.Bytes(answer.Written);
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The results of these operations; null where the answer is that of others.</summary>
    public static TransactionResult[]? TryRead(ReadOnlySpan<byte> answer, IReadOnlyList<TransactionOperation> operations, Func<QueueKey, long[], SendOutcome[], bool> identify)
    {
        var reader = new EntryReader(answer);
        var results = new TransactionResult[operations.Count];
        for (int i = 0; i < results.Length; i++)
        {
            if (reader.AtEnd) return null;
            ReadOnlySpan<byte> part = reader.Bytes();
            bool isWhole = operations[i] switch
            {
                TransactionOperation.Send send => TryReadSent(part, send, identify, out results[i]),
                TransactionOperation.Publish publish => TryReadPublished(part, publish, out results[i]),
                _ => part.IsEmpty,
            };
            if (!isWhole) return null;
        }

        return reader.AtEnd ? results : null;
    }

    private static bool TryReadSent(
        ReadOnlySpan<byte> answer, TransactionOperation.Send send, Func<QueueKey, long[], SendOutcome[], bool> identify, out TransactionResult result)
    {
        var outcomes = new SendOutcome[send.Messages.Length];
        long[] offsets = new long[outcomes.Length];
        result = new TransactionResult(outcomes, null);
        return SendAnswers.TryRead(answer, outcomes, offsets) && identify(send.Queue, offsets, outcomes);
    }

    private static bool TryReadPublished(ReadOnlySpan<byte> answer, TransactionOperation.Publish publish, out TransactionResult result)
    {
        var outcomes = new PublishOutcome[publish.Records.Length];
        result = new TransactionResult(null, outcomes);
        return PublishAnswers.TryRead(answer, outcomes);
    }
}
