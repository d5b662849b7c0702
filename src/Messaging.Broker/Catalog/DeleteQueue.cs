using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Storage;

namespace Messaging.Broker.Catalog;

/// <summary>
/// Deletes a queue with its messages: stream and entry in one frame. Whoever waits on it is told. Cancellation counts until the command is
/// sequenced. With a truth beside the log the change goes to the <paramref name="writer"/>.
/// </summary>
internal sealed class DeleteQueue(QueueHost host, LocalCatalog catalog, CatalogJournal journal, CatalogWriter? writer)
{
    public async ValueTask<Result<bool>> RunAsync(QueueKey key, Precondition precondition, bool evenIfInUse, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        BrokerError? refusal = host.WhyStopping();
        if (refusal is not null) return refusal;
        var change = new QueueChange(key, Define: null, precondition) { EvenIfInUse = evenIfInUse };
        if (writer is not null)
        {
            Result<ChangedDefinition[]> done = await writer.ChangeAsync(CatalogChange.Of(change), cancellationToken);
            return done.IsOk ? true : done.Error;
        }

        using Admission admission = await host.Engine.AdmitStateAsync(CatalogJournal.DeleteBytesMax, cancellationToken);
        if (admission.IsRefused) return await host.WhyNotAdmittedAsync();
        await Sequence(change, out Result<bool> result);
        return result;
    }

    private ValueTask Sequence(QueueChange change, out Result<bool> result)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(CatalogJournal.DeleteBytesMax))
        {
            host.Queues.TryGet(change.Key, out LiveQueue? queue);
            BrokerError? refusal = CatalogDecision.Delete(queue, change, host.Queues.DeadLetters.Of(change.Key));
            if (refusal is null) journal.Delete(command, queue!, catalog.Version + 1);
            result = refusal is null ? true : refusal;
            synced = command.Commit();
        }

        return synced;
    }
}
