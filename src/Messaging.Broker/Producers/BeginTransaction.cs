using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Topics;
using Messaging.Storage;

namespace Messaging.Broker.Producers;

/// <summary>Begins a transaction of a producer that has a transactional id; one at a time. Cancellation counts until the command is sequenced.</summary>
internal sealed class BeginTransaction(TopicHost host, ProducerJournal journal)
{
    /// <summary>When the transaction is over unless it is ended before.</summary>
    public async ValueTask<Result<DateTimeOffset>> RunAsync(AccountId account, ProducerIdentity producer, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        if (host.Shared.WhyStopping() is { } stopping) return stopping;
        using Admission admission = await host.Engine.AdmitRecordsAsync(ProducerJournal.EntryBytesMax, cancellationToken);
        if (admission.IsRefused) return await host.WhyNotAdmittedAsync();
        await Sequence(account, producer, out Result<DateTimeOffset> result);
        return result;
    }

    private ValueTask Sequence(AccountId account, ProducerIdentity shown, out Result<DateTimeOffset> result)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(ProducerJournal.EntryBytesMax))
        {
            result = Decide(command, account, shown, host.Clock.NowMs());
            synced = command.Commit();
        }

        return synced;
    }

    private Result<DateTimeOffset> Decide(in Command command, AccountId account, ProducerIdentity shown, long now)
    {
        if (!journal.Producers.TryGet(shown.Id, out TransactionalProducer? producer) || producer.Key.Account != account) return ProducerRegistry.NotFound(shown.Id);
        if (shown.Epoch != producer.Epoch) return PartitionProducers.Fenced(shown.Id, shown.Epoch, producer.Epoch);
        if (producer.BeganMs is not null) return new BrokerError(ErrorCode.TransactionOpen, $"The producer {shown.Id} has an open transaction; commit or abort it first.");
        journal.Begin(command, producer, now);
        return DateTimeOffset.FromUnixTimeMilliseconds(producer.DueMs);
    }
}
