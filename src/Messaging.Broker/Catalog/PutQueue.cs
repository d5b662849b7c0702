using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Storage;

namespace Messaging.Broker.Catalog;

/// <summary>Creates a queue or replaces its definition: stream and entry in one frame. Cancellation counts until the command is sequenced.</summary>
internal sealed class PutQueue(QueueHost host, LocalCatalog catalog)
{
    private static readonly int BytesMax = Command.StateBytes(CatalogRecord.BytesMax) + Command.StateBytes(0) + Command.StateBytes(1);

    public async ValueTask<Result<PutQueueResult>> RunAsync(QueueKey key, QueueDefinition definition, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        BrokerError? refusal = host.WhyStopping() ?? definition.Validate();
        if (refusal is not null) return refusal;
        if (key.Name.Value.Length == 0) return new BrokerError(ErrorCode.InvalidName, "A queue has a name.", "queue");
        using Admission admission = await host.Engine.AdmitRecordsAsync(BytesMax, cancellationToken);
        if (admission.IsRefused) return await host.WhyNotAdmittedAsync();
        await Sequence(key, Own(definition), out Result<PutQueueResult> result);
        return result;
    }

    // The caller may change its tags afterwards.
    private static QueueDefinition Own(QueueDefinition definition) =>
        definition.Tags.Count == 0 ? definition : definition with { Tags = new Dictionary<string, string>(definition.Tags, StringComparer.Ordinal) };

    private ValueTask Sequence(QueueKey key, QueueDefinition definition, out Result<PutQueueResult> result)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(BytesMax))
        {
            Decide(command, key, definition, out result);
            synced = command.Commit();
        }

        return synced;
    }

    private void Decide(in Command command, QueueKey key, QueueDefinition definition, out Result<PutQueueResult> result)
    {
        long now = host.Clock.NowMs();
        bool exists = host.Queues.TryGet(key, out LiveQueue? queue);
        if (exists && queue!.Definition!.Type != definition.Type)
        {
            result = new BrokerError(ErrorCode.Immutable, "A queue's type can't change.", "type");
            return;
        }

        if (!exists && catalog.Count >= BrokerLimits.QueuesMax)
        {
            result = new BrokerError(ErrorCode.TooManyQueues, $"The server has {BrokerLimits.QueuesMax} queues.");
            return;
        }

        if (!exists)
        {
            queue = catalog.Attach(command.CreateStream());
            command.AppendState(queue.Stream, [(byte)QueueEntryKind.Opened]);
        }

        var record = new CatalogRecord(queue!.Stream.Id, key, definition, catalog.Version + 1, exists ? queue.CreatedMs : now, now);
        command.AppendState(host.Engine.System, LocalCatalog.Entry(record));
        catalog.ApplyPut(record);
        result = new PutQueueResult(GetQueue.Describe(queue, now), Created: !exists);
    }
}
