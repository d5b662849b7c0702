using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Storage;

namespace Messaging.Broker.Catalog;

/// <summary>
/// All definitions of an account as of one moment, told once that moment is synced. Bounded (<see cref="BrokerLimits.DefinitionsMax"/>), so that the
/// sequencer is held briefly and what is answered can be applied again.
/// </summary>
internal sealed class GetDefinitions(QueueHost host, LocalCatalog catalog)
{
    private static readonly BrokerError TooMany = new(
        ErrorCode.DefinitionsTooLarge,
        $"There are more than {BrokerLimits.DefinitionsMax} queues, which is the most that a document of definitions has; list them page by page instead.");

    public async ValueTask<Result<QueueDefinitions>> RunAsync(AccountId account, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        cancellationToken.ThrowIfCancellationRequested();
        if (host.WhyStopping() is { } refusal) return refusal;
        QueueDefinitions? found = Look(account);
        await host.Engine.SyncedAsync();
        return found is null ? TooMany : found;
    }

    private QueueDefinitions? Look(AccountId account)
    {
        using Command command = host.Engine.BeginCommand(0);
        (List<QueueKey> keys, bool more) = catalog.Names.OfAccount(account, BrokerLimits.DefinitionsMax);
        if (more) return null;
        var entries = new List<QueueDefinitionEntry>(keys.Count);
        foreach (QueueKey key in keys)
        {
            if (host.Queues.TryGet(key, out LiveQueue? queue)) entries.Add(new QueueDefinitionEntry(key, queue.Definition));
        }

        return new QueueDefinitions(entries, catalog.Version);
    }
}
