using Messaging.Broker.Messages;
using Messaging.Broker.Queues;
using Messaging.Storage;

namespace Messaging.Broker.Transactions;

/// <summary>Messages that are sent in a transaction.</summary>
internal sealed class SendPart : ITransactionPart
{
    private readonly SendMessages _operation;
    private readonly LiveQueue _queue;
    private readonly EncodedMessages _messages;

    private SendPart(SendMessages operation, LiveQueue queue, EncodedMessages messages, int bytes) => (_operation, _queue, _messages, Bytes) = (operation, queue, messages, bytes);

    public string Kind => TransactionOperation.Send.Word;

    public int Bytes { get; }

    public bool HasRecords => true;

    /// <summary>Outside of the sequencer; the first refusal.</summary>
    public static Result<ITransactionPart> Make(QueueHost host, SendMessages operation, TransactionOperation.Send asked)
    {
        if (host.Find(asked.Queue, asked.Messages.Length, SendMessages.Place, out LiveQueue queue) is { } refusal) return refusal;
        QueueDefinition definition = queue.Definition!;
        var outcomes = new SendOutcome[asked.Messages.Length];
        BrokerError? wrong = operation.Check(asked.Messages.Span, definition, host.Clock.NowMs(), null, outcomes, out int bytes, out int commandBytes);
        if ((wrong ?? Array.Find(outcomes, static outcome => outcome.Error is not null).Error) is { } refused) return refused;
        return new SendPart(operation, queue, operation.Encode(asked.Messages.Span, definition, bytes, outcomes), commandBytes);
    }

    public BrokerError? Judge(long now)
    {
        if (_queue.Deleted) return QueueHost.QueueNotFound(_queue.Key);
        _queue.State.Advance(now);
        return SendMessages.Judge(_queue, _messages);
    }

    public void Do(in Command command, long now) => _operation.Append(command, _queue, _messages, now);

    // None of them is refused any more: those that are not are told apart by offsets.
    public int AnswerBytesMax => _messages.Outcomes.Length * SendAnswers.StoredBytesMax;

    public void WriteAnswer(ref EntryWriter writer) => SendAnswers.Write(ref writer, _messages.Outcomes, _messages.Offsets);

    public TransactionResult Tell()
    {
        _operation.Identify(_queue, _messages.Offsets, _messages.Outcomes);
        return new TransactionResult(_messages.Outcomes, null);
    }

    public void Dispose() => _messages.Dispose();
}
