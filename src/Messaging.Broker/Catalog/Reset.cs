using Messaging.Broker.Names;
using Messaging.Broker.Operations;
using Messaging.Broker.Queues;
using Messaging.Storage;

namespace Messaging.Broker.Catalog;

/// <summary>
/// Deletes every queue and topic that is there when it begins, of all accounts, with all that they hold, subscriptions too, and ends the operations on them: in commands of bounded size, so that it may
/// end in the middle, and the next one goes on. Cancellation counts until the first is sequenced. With a truth beside the log the changes go to the
/// <paramref name="writer"/>.
/// </summary>
internal sealed class Reset(QueueHost host, LocalCatalog catalog, CatalogMirror mirror, CatalogWriter? writer)
{
    private static readonly int EndBytes = Command.StateBytes(OperationEntries.ChangeBytesMax);

    private int _count;

    /// <summary>How often this process has done it, whole or in part.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>How many went.</summary>
    public async ValueTask<Result<ResetCounts>> RunAsync(CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        cancellationToken.ThrowIfCancellationRequested();
        if (host.WhyStopping() is { } stopping) return stopping;
        try
        {
            ResourceKey[] keys = [.. mirror.Roots];
            ResetCounts gone = default;
            for (int next = 0; next < keys.Length;)
            {
                var batch = new ResetBatch(keys, next, catalog.Subscriptions.Subscriptions);
                if (await DeleteAsync(batch, next == 0 ? cancellationToken : CancellationToken.None) is { } refused) return refused;
                gone = new ResetCounts(gone.Queues + batch.Gone.Queues, gone.Topics + batch.Gone.Topics, gone.Subscriptions + batch.Gone.Subscriptions);
                next = batch.Next;
            }

            return await EndOperationsAsync() is { } refusal ? refusal : gone;
        }
        finally
        {
            Interlocked.Increment(ref _count);
        }
    }

    private async ValueTask<BrokerError?> DeleteAsync(ResetBatch batch, CancellationToken cancellationToken)
    {
        if (writer is not null) return (await writer.ChangeAsync(new CatalogChange(batch.Keys, batch.Delete), cancellationToken)).Error;
        using Admission admission = await host.Engine.AdmitStateAsync(ResetBatch.BytesMax, cancellationToken);
        if (admission.IsRefused) return await host.WhyNotAdmittedAsync();
        await Sequence(batch);
        return null;
    }

    private ValueTask Sequence(ResetBatch batch)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(ResetBatch.BytesMax))
        {
            batch.Delete(command, mirror);
            synced = command.Commit();
        }

        return synced;
    }

    private async ValueTask<BrokerError?> EndOperationsAsync()
    {
        foreach (long number in Active())
        {
            using Admission admission = await host.Engine.AdmitStateAsync(EndBytes, CancellationToken.None);
            if (admission.IsRefused) return await host.WhyNotAdmittedAsync();
            await SequenceEnd(number);
        }

        return null;
    }

    private List<long> Active()
    {
        using Command command = host.Engine.BeginCommand(0);
        return catalog.Operations.Operations.Active();
    }

    // One that was started since, on a queue that was made since, goes on.
    private ValueTask SequenceEnd(long number)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(EndBytes))
        {
            bool isActive = catalog.Operations.Operations.TryGet(number, out LongOperation? operation) && !operation.HasEnded;
            if (isActive && !host.Queues.TryGet(operation!.StreamId, out _))
            {
                catalog.Operations.End(command, host.Engine, number, Operations.OperationStatus.Cancelled, host.Clock.NowMs(), null);
            }

            synced = command.Commit();
        }

        return synced;
    }
}
