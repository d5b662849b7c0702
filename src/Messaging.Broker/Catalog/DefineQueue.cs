using System.Buffers;
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

    /// <summary>A copy of it: the caller may change its tags and annotations afterwards.</summary>
    public static QueueDefinition Own(QueueDefinition definition) =>
        definition with { Tags = DefinitionTexts.Own(definition.Tags), Annotations = DefinitionTexts.Own(definition.Annotations) };

    private static Result<QueueDefinition> Patched(QueueKey key, LiveQueue? queue, QueuePatch patch)
    {
        if (queue is null) return QueueHost.QueueNotFound(key);
        QueueDefinition definition = patch(queue.Definition!);
        return definition.Validate() is { } refusal ? refusal : definition;
    }

    private async ValueTask<Result<PutQueueResult>> RunAsync(QueueChange change, CancellationToken cancellationToken)
    {
        if (writer is null)
        {
            return await MeasuredCommand.RunAsync(host, frees: false, () => Measure(change), (in Command command, int bytes) => Put(command, change, bytes), cancellationToken);
        }

        Result<ChangedDefinition[]> done = await writer.ChangeAsync(CatalogChange.Of(change), cancellationToken);
        return done.IsOk ? done.Value[0].Queue! : done.Error;
    }

    // What the change comes to as things are: the largest definition has a hundred times as much as most. A refusal appends nothing.
    private int Measure(QueueChange change)
    {
        Result<QueueDefinition> defined;
        using (Command command = host.Engine.BeginCommand(0)) defined = Decide(change, out _);
        return defined.IsOk ? Measure(change.Key, defined.Value) : 0;
    }

    private static int Measure(QueueKey key, QueueDefinition definition) => CatalogJournal.BytesMax(key, definition, new ArrayBufferWriter<byte>());

    private Result<QueueDefinition> Decide(QueueChange change, out LiveQueue? queue)
    {
        host.Queues.TryGet(change.Key, out queue);
        return CatalogDecision.Put(queue, change, catalog.Count, host.Queues.DefinitionOf);
    }

    private Result<PutQueueResult>? Put(in Command command, QueueChange change, int bytes)
    {
        Result<QueueDefinition> defined = Decide(change, out LiveQueue? queue);
        if (!defined.IsOk) return defined.Error;
        if (Measure(change.Key, defined.Value) > bytes) return null;
        return new PutQueueResult(Define(command, change.Key, queue, defined.Value), Created: queue is null);
    }

    private QueueDescription Define(in Command command, QueueKey key, LiveQueue? queue, QueueDefinition definition)
    {
        long now = host.Clock.NowMs();
        return GetQueue.Describe(journal.Put(command, queue, key, definition, now), now);
    }
}
