using Messaging.Broker.Names;
using Messaging.Broker.Operations;
using Messaging.Broker.Queues;
using Messaging.Storage;

namespace Messaging.Broker.Catalog;

/// <summary>
/// Deletes every queue that is there when it begins, of all accounts, with all that they hold, and ends the operations on them: in commands of bounded size, so that it may
/// end in the middle, and the next one goes on. Cancellation counts until the first is sequenced. With a truth beside the log the changes go to the
/// <paramref name="writer"/>.
/// </summary>
internal sealed class Reset(QueueHost host, LocalCatalog catalog, CatalogJournal journal, CatalogWriter? writer)
{
    private static readonly int BatchBytes = BrokerLimits.ResetBatchMax * CatalogJournal.DeleteBytesMax;
    private static readonly int EndBytes = Command.StateBytes(OperationEntries.ChangeBytesMax);

    private int _count;

    /// <summary>How often this process has done it, whole or in part.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>How many queues went.</summary>
    public async ValueTask<Result<int>> RunAsync(CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        cancellationToken.ThrowIfCancellationRequested();
        if (host.WhyStopping() is { } stopping) return stopping;
        try
        {
            int gone = 0;
            foreach (QueueKey[] batch in catalog.Names.ToArray().Chunk(BrokerLimits.ResetBatchMax))
            {
                Result<int> deleted = await DeleteAsync(batch, gone == 0 ? cancellationToken : CancellationToken.None);
                if (!deleted.IsOk) return deleted;
                gone += deleted.Value;
            }

            return await EndOperationsAsync() is { } refusal ? refusal : gone;
        }
        finally
        {
            Interlocked.Increment(ref _count);
        }
    }

    private async ValueTask<Result<int>> DeleteAsync(QueueKey[] keys, CancellationToken cancellationToken)
    {
        if (writer is not null)
        {
            Result<ChangedDefinition[]> done = await writer.ChangeAsync(new CatalogChange([.. keys.Select(static key => ResourceKey.Of(key))], draft => Delete(draft, keys)), cancellationToken);
            return done.IsOk ? done.Value.Length : done.Error;
        }

        using Admission admission = await host.Engine.AdmitStateAsync(BatchBytes, cancellationToken);
        if (admission.IsRefused) return await host.WhyNotAdmittedAsync();
        await Sequence(keys, out int gone);
        return gone;
    }

    // Those that somebody else has deleted meanwhile are gone.
    private BrokerError? Delete(CatalogDraft draft, QueueKey[] keys)
    {
        foreach (QueueKey key in keys)
        {
            if (host.Queues.TryGet(key, out LiveQueue? queue)) draft.Delete(queue);
        }

        return null;
    }

    private ValueTask Sequence(QueueKey[] keys, out int gone)
    {
        ValueTask synced;
        gone = 0;
        using (Command command = host.Engine.BeginCommand(BatchBytes))
        {
            foreach (QueueKey key in keys)
            {
                if (!host.Queues.TryGet(key, out LiveQueue? queue)) continue;
                journal.Delete(command, queue, catalog.Version + 1);
                gone++;
            }

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
