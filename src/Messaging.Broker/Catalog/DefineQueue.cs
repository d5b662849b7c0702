using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Storage;

namespace Messaging.Broker.Catalog;

/// <summary>
/// Creates a queue, replaces its definition or changes some fields of it: stream and entry in one frame. Cancellation counts until the
/// command is sequenced.
/// </summary>
internal sealed class DefineQueue(QueueHost host, LocalCatalog catalog)
{
    private static readonly int BytesMax = Command.StateBytes(CatalogRecord.BytesMax) + Command.StateBytes(0) + Command.StateBytes(1);

    public async ValueTask<Result<PutQueueResult>> PutAsync(
        QueueKey key, QueueDefinition definition, Precondition precondition, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        BrokerError? refusal = host.WhyStopping() ?? definition.Validate();
        if (refusal is not null) return refusal;
        if (key.Name.Value.Length == 0) return new BrokerError(ErrorCode.InvalidName, "A queue has a name.", "queue");
        QueueDefinition own = Own(definition);
        return await RunAsync(key, _ => own, precondition, cancellationToken);
    }

    public async ValueTask<Result<PutQueueResult>> PatchAsync(
        QueueKey key, QueuePatch patch, Precondition precondition, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        BrokerError? refusal = host.WhyStopping();
        if (refusal is not null) return refusal;
        return await RunAsync(key, queue => Patched(key, queue, patch), precondition, cancellationToken);
    }

    // The caller may change its tags afterwards.
    private static QueueDefinition Own(QueueDefinition definition) =>
        definition.Tags.Count == 0 ? definition : definition with { Tags = new Dictionary<string, string>(definition.Tags, StringComparer.Ordinal) };

    private static Result<QueueDefinition> Patched(QueueKey key, LiveQueue? queue, QueuePatch patch)
    {
        if (queue is null) return QueueHost.QueueNotFound(key);
        QueueDefinition definition = patch(queue.Definition!);
        return definition.Validate() is { } refusal ? refusal : definition;
    }

    private async ValueTask<Result<PutQueueResult>> RunAsync(
        QueueKey key, Func<LiveQueue?, Result<QueueDefinition>> define, Precondition precondition, CancellationToken cancellationToken)
    {
        using Admission admission = await host.Engine.AdmitRecordsAsync(BytesMax, cancellationToken);
        if (admission.IsRefused) return await host.WhyNotAdmittedAsync();
        await Sequence(key, define, precondition, out Result<PutQueueResult> result);
        return result;
    }

    private ValueTask Sequence(
        QueueKey key, Func<LiveQueue?, Result<QueueDefinition>> define, Precondition precondition, out Result<PutQueueResult> result)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(BytesMax))
        {
            bool exists = host.Queues.TryGet(key, out LiveQueue? queue);
            Result<QueueDefinition> defined = Decide(queue, define, precondition);
            if (defined.IsOk && DeadLetterRules.Check(key, defined.Value, host.Queues.DefinitionOf) is { } broken) defined = broken;
            result = defined.IsOk ? new PutQueueResult(Define(command, key, queue, defined.Value), Created: !exists) : defined.Error;
            synced = command.Commit();
        }

        return synced;
    }

    // The precondition comes before all that depends on the definition that is there: who has not seen that can't make sense of the rest.
    private Result<QueueDefinition> Decide(LiveQueue? queue, Func<LiveQueue?, Result<QueueDefinition>> define, Precondition precondition)
    {
        if (queue is not null && precondition.Check(queue.Version) is { } changed) return changed;
        Result<QueueDefinition> defined = define(queue);
        if (!defined.IsOk) return defined;
        if (queue is null && precondition.Check(null) is { } missing) return missing;
        if (queue is not null && queue.Definition!.Type != defined.Value.Type) return new BrokerError(ErrorCode.Immutable, "A queue's type can't change.", "type");
        return queue is null && catalog.Count >= BrokerLimits.QueuesMax
            ? new BrokerError(ErrorCode.TooManyQueues, $"The server has {BrokerLimits.QueuesMax} queues.")
            : defined;
    }

    private QueueDescription Define(in Command command, QueueKey key, LiveQueue? queue, QueueDefinition definition)
    {
        long now = host.Clock.NowMs();
        long created = queue?.CreatedMs ?? now;
        if (queue is null)
        {
            queue = catalog.Attach(command.CreateStream());
            command.AppendState(queue.Stream, [(byte)QueueEntryKind.Opened]);
        }

        long version = catalog.Version + 1;
        long createdVersion = queue.Definition is null ? version : queue.CreatedVersion;
        var record = new CatalogRecord(queue.Stream.Id, key, definition, createdVersion, version, created, now);
        command.AppendState(host.Engine.System, LocalCatalog.Entry(record));
        catalog.ApplyPut(record);
        // More deliveries may be allowed than before.
        host.Wakes.Wake(queue, now);
        return GetQueue.Describe(queue, now);
    }
}
