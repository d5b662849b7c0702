using Messaging.Broker.Queues;
using Messaging.Broker.Topics;
using Messaging.Storage;

namespace Messaging.Broker.Producers;

/// <summary>
/// Gives a producer its id and epoch, as Kafka's InitProducerId does. Of a transactional id: the elder instance is fenced, and its open transaction is aborted, in the same frame. Cancellation counts
/// until the command is sequenced.
/// </summary>
internal sealed class InitProducer(TopicHost host, ProducerJournal journal)
{
    public async ValueTask<Result<ProducerIdentity>> RunAsync(ProducerKey? key, int timeoutSeconds, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        if (host.Shared.WhyStopping() is { } stopping) return stopping;
        if (timeoutSeconds is < 1 or > ProducerLimits.TransactionTimeoutSecondsMax)
        {
            return new BrokerError(
                ErrorCode.InvalidValue, $"transactionTimeoutSeconds is 1 to {ProducerLimits.TransactionTimeoutSecondsMax}, not {timeoutSeconds}.", "transactionTimeoutSeconds");
        }

        while (true)
        {
            int bytes = Measure(key);
            using Admission admission = await host.Engine.AdmitRecordsAsync(bytes, cancellationToken);
            if (admission.IsRefused) return await host.WhyNotAdmittedAsync();
            await Sequence(key, timeoutSeconds * 1_000, bytes, out Result<ProducerIdentity>? result);
            if (result is { } done) return done;
        }
    }

    private int Measure(ProducerKey? key)
    {
        using Command command = host.Engine.BeginCommand(0);
        return BytesMax(key);
    }

    private int BytesMax(ProducerKey? key)
    {
        if (key is not { } given) return ProducerJournal.EntryBytesMax;
        int partitions = journal.Producers.TryGet(given, out TransactionalProducer? known) ? known.Partitions.Count : 0;
        return ProducerJournal.InitiateBytesMax + ProducerJournal.EndBytesMax(partitions);
    }

    // Null where the open transaction has grown since it was measured.
    private ValueTask Sequence(ProducerKey? key, int timeoutMs, int bytes, out Result<ProducerIdentity>? result)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(bytes))
        {
            result = default(Result<ProducerIdentity>?);
            if (BytesMax(key) <= bytes) result = Decide(command, key, timeoutMs, host.Clock.NowMs());
            synced = command.Commit();
        }

        return synced;
    }

    private Result<ProducerIdentity> Decide(in Command command, ProducerKey? key, int timeoutMs, long now)
    {
        if (key is not { } given) return new ProducerIdentity(journal.Take(command, now), 0);
        if (!journal.Producers.TryGet(given, out TransactionalProducer? known) && journal.Producers.Count >= ProducerLimits.TransactionalIdsMax)
        {
            return new BrokerError(ErrorCode.TooManyProducers, $"The server has {ProducerLimits.TransactionalIdsMax} transactional ids, as many as it can.");
        }

        if (known?.BeganMs is not null) journal.End(command, known, isCommit: false, now);
        return journal.Initiate(command, given, timeoutMs, now);
    }
}
