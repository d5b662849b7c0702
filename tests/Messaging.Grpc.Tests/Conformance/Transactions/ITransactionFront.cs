using Messaging.Grpc.Tests.Conformance.Topics;

namespace Messaging.Grpc.Tests.Conformance.Transactions;

/// <summary>
/// What all fronts that have records can do with producers and transactions, in words that belong to none of them: an outcome is "" for what was done, else the broker's code, such as "producerFenced". One for each front;
/// thread-safe.
/// </summary>
internal interface ITransactionFront
{
    /// <summary>A producer; without a transactional id it can't begin transactions.</summary>
    Task<(string Outcome, FrontProducer? Producer)> InitProducerAsync(string? transactionalId);

    /// <summary>The same producer in a transaction.</summary>
    Task<(string Outcome, FrontProducer? Producer)> BeginAsync(FrontProducer producer);

    /// <summary>Commits or aborts the transaction; what the producer publishes as from then on.</summary>
    Task<(string Outcome, FrontProducer? Producer)> EndAsync(FrontProducer producer, bool isCommit);

    /// <summary>All of it or nothing, in one call.</summary>
    Task<string> RunAsync(params FrontOperation[] operations);
}

/// <summary>One operation of a transaction of one call.</summary>
internal abstract record FrontOperation
{
    internal sealed record Acknowledge(string Queue, string Receipt) : FrontOperation;

    internal sealed record Send(string Queue, string Body) : FrontOperation;

    internal sealed record Publish(string Topic, string Body) : FrontOperation;

    /// <summary>Of partition 0, each of the offsets.</summary>
    internal sealed record Commit(string Group, string Topic, params long[] Offsets) : FrontOperation;
}
