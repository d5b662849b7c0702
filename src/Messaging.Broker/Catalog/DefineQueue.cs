using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Storage;

namespace Messaging.Broker.Catalog;

/// <summary>
/// Creates a queue, replaces its definition or changes some fields of it: stream and entry in one frame. Cancellation counts until the
/// command is sequenced. With a truth beside the log the change goes to the <paramref name="writer"/>.
/// </summary>
internal sealed class DefineQueue(QueueHost host, LocalCatalog catalog, CatalogJournal journal, CatalogWriter? writer)
{
    public async ValueTask<Result<PutQueueResult>> PutAsync(
        QueueKey key, QueueDefinition definition, Precondition precondition, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        BrokerError? refusal = host.WhyStopping() ?? definition.Validate();
        if (refusal is not null) return refusal;
        if (key.Name.Value.Length == 0) return new BrokerError(ErrorCode.InvalidName, "A queue has a name.", "queue");
        QueueDefinition own = Own(definition);
        return await RunAsync(new QueueChange(key, _ => own, precondition), cancellationToken);
    }

    public async ValueTask<Result<PutQueueResult>> PatchAsync(
        QueueKey key, QueuePatch patch, Precondition precondition, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        BrokerError? refusal = host.WhyStopping();
        if (refusal is not null) return refusal;
        return await RunAsync(new QueueChange(key, queue => Patched(key, queue, patch), precondition), cancellationToken);
    }

    /// <summary>A copy of it: the caller may change its tags afterwards.</summary>
    public static QueueDefinition Own(QueueDefinition definition) =>
        definition.Tags is null or { Count: 0 } ? definition : definition with { Tags = new Dictionary<string, string>(definition.Tags, StringComparer.Ordinal) };

    private static Result<QueueDefinition> Patched(QueueKey key, LiveQueue? queue, QueuePatch patch)
    {
        if (queue is null) return QueueHost.QueueNotFound(key);
        QueueDefinition definition = patch(queue.Definition!);
        return definition.Validate() is { } refusal ? refusal : definition;
    }

    private async ValueTask<Result<PutQueueResult>> RunAsync(QueueChange change, CancellationToken cancellationToken)
    {
        if (writer is not null)
        {
            Result<PutQueueResult?[]> done = await writer.ChangeAsync(CatalogChange.Of(change), cancellationToken);
            return done.IsOk ? done.Value[0]! : done.Error;
        }

        using Admission admission = await host.Engine.AdmitRecordsAsync(CatalogJournal.PutBytesMax, cancellationToken);
        if (admission.IsRefused) return await host.WhyNotAdmittedAsync();
        await Sequence(change, out Result<PutQueueResult> result);
        return result;
    }

    private ValueTask Sequence(QueueChange change, out Result<PutQueueResult> result)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(CatalogJournal.PutBytesMax))
        {
            bool exists = host.Queues.TryGet(change.Key, out LiveQueue? queue);
            Result<QueueDefinition> defined = CatalogDecision.Put(queue, change, catalog.Count, host.Queues.DefinitionOf);
            result = defined.IsOk ? new PutQueueResult(Define(command, change.Key, queue, defined.Value), Created: !exists) : defined.Error;
            synced = command.Commit();
        }

        return synced;
    }

    private QueueDescription Define(in Command command, QueueKey key, LiveQueue? queue, QueueDefinition definition)
    {
        long now = host.Clock.NowMs();
        return GetQueue.Describe(journal.Put(command, queue, key, definition, now), now);
    }
}
