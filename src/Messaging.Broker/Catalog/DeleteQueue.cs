using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Storage;

namespace Messaging.Broker.Catalog;

/// <summary>Deletes a queue with its messages: stream and entry in one frame. Whoever waits on it is told. Cancellation counts until the command is sequenced.</summary>
internal sealed class DeleteQueue(QueueHost host, LocalCatalog catalog)
{
    private const int EntryBytesMax = 256;

    public async ValueTask<Result<bool>> RunAsync(QueueKey key, Precondition precondition, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        BrokerError? refusal = host.WhyStopping();
        if (refusal is not null) return refusal;
        using Admission admission = await host.Engine.AdmitStateAsync(EntryBytesMax, cancellationToken);
        if (admission.IsRefused) return await host.WhyNotAdmittedAsync();
        await Sequence(key, precondition, out Result<bool> result);
        return result;
    }

    private ValueTask Sequence(QueueKey key, Precondition precondition, out Result<bool> result)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(EntryBytesMax))
        {
            result = Decide(command, key, precondition);
            synced = command.Commit();
        }

        return synced;
    }

    private Result<bool> Decide(in Command command, QueueKey key, Precondition precondition)
    {
        if (!host.Queues.TryGet(key, out LiveQueue? queue)) return QueueHost.QueueNotFound(key);
        if (precondition.Check(queue.Version) is { } failed) return failed;
        if (DeadLetterRules.CheckUnused(key, host.Queues.DeadLetters.Of(key)) is { } used) return used;
        long version = catalog.Version + 1;
        command.AppendState(host.Engine.System, LocalCatalog.DeletedEntry(queue.Stream.Id, version));
        command.DropStream(queue.Stream);
        catalog.ApplyDeleted(queue.Stream.Id, version);
        // After the queue is known to be gone: who wakes looks at once, and must not take this for a stop.
        host.Wakes.Close(queue);
        return true;
    }
}
