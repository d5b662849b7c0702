using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Topics;
using Messaging.Storage;

namespace Messaging.Broker.Producers;

/// <summary>
/// Commits or aborts the open transaction of a producer, in all its partitions at once. The same call again, whose answer was lost, is answered alike. Cancellation counts until the command is
/// sequenced.
/// </summary>
internal sealed class EndTransaction(TopicHost host, ProducerJournal journal)
{
    /// <summary>What the producer is from then on: each transaction ends its epoch (KIP-890).</summary>
    public async ValueTask<Result<ProducerIdentity>> RunAsync(AccountId account, ProducerIdentity producer, bool isCommit, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        if (host.Shared.WhyStopping() is { } stopping) return stopping;
        while (true)
        {
            int bytes = Measure(producer.Id);
            using Admission admission = await host.Engine.AdmitRecordsAsync(bytes, cancellationToken);
            if (admission.IsRefused) return await host.WhyNotAdmittedAsync();
            await Sequence(account, producer, isCommit, bytes, out Result<ProducerIdentity>? result);
            if (result is not { } done) continue;
            // What it has is on its way to queues now.
            if (isCommit && done.IsOk) host.Shared.Aside.Signal();
            return done;
        }
    }

    private int Measure(long id)
    {
        using Command command = host.Engine.BeginCommand(0);
        return BytesMax(id);
    }

    private int BytesMax(long id) => ProducerJournal.EndBytesMax(journal.Producers.TryGet(id, out TransactionalProducer? producer) ? producer.Partitions.Count : 0);

    // Null where the transaction has grown since it was measured.
    private ValueTask Sequence(AccountId account, ProducerIdentity shown, bool isCommit, int bytes, out Result<ProducerIdentity>? result)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(bytes))
        {
            result = default(Result<ProducerIdentity>?);
            if (BytesMax(shown.Id) <= bytes) result = Decide(command, account, shown, isCommit, host.Clock.NowMs());
            synced = command.Commit();
        }

        return synced;
    }

    private Result<ProducerIdentity> Decide(in Command command, AccountId account, ProducerIdentity shown, bool isCommit, long now)
    {
        if (!journal.Producers.TryGet(shown.Id, out TransactionalProducer? producer) || producer.Key.Account != account) return ProducerRegistry.NotFound(shown.Id);
        if (shown.Epoch == producer.Epoch - 1 && producer.BeganMs is null && producer.HasCommitted is { } committed)
        {
            return committed == isCommit
                ? new ProducerIdentity(producer.Id, producer.Epoch)
                : new BrokerError(ErrorCode.TransactionNotOpen, $"The transaction was {(committed ? "committed" : "aborted")}.");
        }

        if (shown.Epoch != producer.Epoch) return PartitionProducers.Fenced(shown.Id, shown.Epoch, producer.Epoch);
        if (producer.BeganMs is null) return new BrokerError(ErrorCode.TransactionNotOpen, $"The producer {shown.Id} has no open transaction.");
        if (isCommit && journal.JudgeCommit(producer) is { } refusal) return refusal;
        return journal.End(command, producer, isCommit, now);
    }
}
