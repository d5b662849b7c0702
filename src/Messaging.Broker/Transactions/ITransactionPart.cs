using Messaging.Broker.Queues;
using Messaging.Storage;

namespace Messaging.Broker.Transactions;

/// <summary>
/// One operation on its way through the sequencer: first all parts are judged, then all of them are done, or none. Made and checked outside of the sequencer; disposed by its transaction.
/// </summary>
internal interface ITransactionPart : IDisposable
{
    /// <summary>As its operation's.</summary>
    string Kind { get; }

    /// <summary>Most of what it appends.</summary>
    int Bytes { get; }

    /// <summary>Inside the command: what it was made of has changed since, so that the transaction begins again.</summary>
    bool IsStale => false;

    /// <summary>It adds to what is stored.</summary>
    bool HasRecords { get; }

    /// <summary>Inside the command, before any part is done: why this one can't be. Changes nothing that can be seen.</summary>
    BrokerError? Judge(long now);

    /// <summary>
    /// Inside the command, when all parts have been judged: of the one that decides by doing, what it could not do. What it appends all the same, such as members that are over, is true by itself.
    /// </summary>
    BrokerError? DecideLast(in Command command) => null;

    /// <summary>Inside the command, when all can be done.</summary>
    void Do(in Command command, long now);

    /// <summary>Most bytes of <see cref="WriteAnswer"/>.</summary>
    int AnswerBytesMax { get; }

    /// <summary>Inside the command, when all are done: what an idempotency key remembers of it.</summary>
    void WriteAnswer(ref EntryWriter writer);

    /// <summary>When the commit has completed.</summary>
    TransactionResult Tell();
}
