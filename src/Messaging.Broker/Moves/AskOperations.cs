using System.Globalization;
using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Broker.Operations;
using Messaging.Broker.Queues;
using Messaging.Storage;

namespace Messaging.Broker.Moves;

/// <summary>Lists long operations, tells of one, and cancels one; each of its namespace. What is told is synced.</summary>
internal sealed class AskOperations(QueueHost host, OperationJournal journal)
{
    private const int CancelBytesMax = 256;

    public async ValueTask<Result<LongOperation>> GetAsync(AccountId account, NamespaceName space, OperationId id, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        cancellationToken.ThrowIfCancellationRequested();
        if (host.WhyStopping() is { } refusal) return refusal;
        LongOperation? found = Look(account, space).Find(operation => operation.Id == id);
        await host.Engine.SyncedAsync();
        return found is null ? NotFound(id) : found;
    }

    /// <summary>The newest come first; a page begins behind the number of the last one of the page before.</summary>
    public async ValueTask<Result<OperationPage>> ListAsync(AccountId account, NamespaceName space, int pageSize, string? pageToken, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        cancellationToken.ThrowIfCancellationRequested();
        var list = new PagedList("operations", account, space);
        string? after = null;
        BrokerError? refusal = host.WhyStopping() ?? list.Read(pageSize, pageToken, out after);
        if (refusal is not null) return refusal;
        long below = long.MaxValue;
        if (after is not null && !long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out below)) return PagedList.NotOurs;
        List<LongOperation> rest = Look(account, space).FindAll(operation => operation.Number < below);
        await host.Engine.SyncedAsync();
        bool more = rest.Count > pageSize;
        return new OperationPage(more ? rest[..pageSize] : rest, more ? list.TokenOf(rest[pageSize - 1].Number.ToString(CultureInfo.InvariantCulture)) : null);
    }

    public async ValueTask<Result<IReadOnlyList<LongOperation>>> ListOfAsync(QueueKey key, int max, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        cancellationToken.ThrowIfCancellationRequested();
        if (host.WhyStopping() is { } refusal) return refusal;
        if (max is < 1 or > BrokerLimits.ListPageSizeMax) return new BrokerError(ErrorCode.InvalidValue, $"max is 1 to {BrokerLimits.ListPageSizeMax}, not {max}.", "max");
        LongOperation[]? latest = LookAt(key, max);
        await host.Engine.SyncedAsync();
        return latest is null ? QueueHost.QueueNotFound(key) : latest;
    }

    /// <summary>The operation as it is then: about to end, or ended before. What it has moved stays moved.</summary>
    public async ValueTask<Result<LongOperation>> CancelAsync(AccountId account, NamespaceName space, OperationId id, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        if (host.WhyStopping() is { } refusal) return refusal;
        using Admission admission = await host.Engine.AdmitStateAsync(CancelBytesMax, cancellationToken);
        if (admission.IsRefused) return await host.WhyNotAdmittedAsync();
        await Sequence(account, space, id, out LongOperation? operation);
        if (operation is null) return NotFound(id);
        host.Aside.Signal();
        return operation;
    }

    private static BrokerError NotFound(OperationId id) => new(ErrorCode.OperationNotFound, $"There is no operation \"{id}\", or it ended too long ago.");

    private List<LongOperation> Look(AccountId account, NamespaceName space)
    {
        using Command command = host.Engine.BeginCommand(0);
        return Find(account, space);
    }

    private LongOperation[]? LookAt(QueueKey key, int max)
    {
        using Command command = host.Engine.BeginCommand(0);
        return host.Queues.TryGet(key, out LiveQueue? queue)
            ? [.. journal.Operations.Newest(host.Clock.NowMs()).Where(operation => operation.StreamId == queue.Stream.Id).Take(max)]
            : null;
    }

    private List<LongOperation> Find(AccountId account, NamespaceName space) =>
        [.. journal.Operations.Newest(host.Clock.NowMs()).Where(operation => operation.Queue.Account == account && operation.Queue.Namespace == space)];

    private ValueTask Sequence(AccountId account, NamespaceName space, OperationId id, out LongOperation? operation)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(CancelBytesMax))
        {
            operation = Find(account, space).Find(one => one.Id == id);
            if (operation is { Status: OperationStatus.Running })
            {
                journal.Cancel(command, host.Engine, operation.Number);
                journal.Operations.TryGet(operation.Number, out operation);
            }

            synced = command.Commit();
        }

        return synced;
    }
}
