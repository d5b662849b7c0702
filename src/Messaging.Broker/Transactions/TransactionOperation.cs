using Messaging.Broker.Groups;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Transactions;

/// <summary>One operation of a transaction: what it does if all the others can be done too. Its memory is borrowed until the task of the transaction has ended.</summary>
public abstract record TransactionOperation
{
    private protected TransactionOperation()
    {
    }

    /// <summary>What a call has the operation's fields under.</summary>
    internal abstract string Kind { get; }

    /// <summary>Acknowledges messages of a queue. Each receipt holds its message: one that is gone already refuses the transaction, which would else be done twice.</summary>
    public sealed record Acknowledge(QueueKey Queue, ReadOnlyMemory<Receipt> Receipts) : TransactionOperation
    {
        internal const string Word = "acknowledge";

        internal override string Kind => Word;
    }

    /// <summary>Sends messages to a queue.</summary>
    public sealed record Send(QueueKey Queue, ReadOnlyMemory<OutgoingMessage> Messages) : TransactionOperation
    {
        internal const string Word = "send";

        internal override string Kind => Word;
    }

    /// <summary>Commits offsets of a consumer group: by the token of a fetch, or as they are named. One in a transaction, at most.</summary>
    public sealed record Commit(GroupKey Group, CommitToken? Token, OffsetsCommit? Offsets) : TransactionOperation
    {
        internal const string Word = "commit";

        internal override string Kind => Word;
    }

    /// <summary>Publishes records to a topic.</summary>
    public sealed record Publish(TopicKey Topic, ReadOnlyMemory<OutgoingRecord> Records) : TransactionOperation
    {
        internal const string Word = "publish";

        internal override string Kind => Word;
    }
}
