using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;
using Messaging.Storage;

namespace Messaging.Broker.Catalog;

/// <summary>
/// Deletes a subscription. One of its name that comes later has another number. Cancellation counts until the command is sequenced. With a truth beside the log the change goes to the
/// <paramref name="writer"/>.
/// </summary>
internal sealed class DeleteSubscription(TopicHost host, LocalCatalog catalog, SubscriptionJournal journal, CatalogWriter? writer)
{
    public async ValueTask<Result<bool>> RunAsync(SubscriptionKey key, Precondition precondition, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        BrokerError? refusal = host.Shared.WhyStopping();
        if (refusal is not null) return refusal;
        var change = new SubscriptionChange(key, Define: null, precondition);
        if (writer is not null)
        {
            Result<ChangedDefinition[]> changed = await writer.ChangeAsync(CatalogChange.Of(change), cancellationToken);
            return changed.IsOk ? true : changed.Error;
        }

        return await MeasuredCommand.RunAsync<bool>(
            host.Shared, frees: true, static () => SubscriptionJournal.DeleteBytesMax, (in Command command, int _) => Delete(command, change), cancellationToken);
    }

    private Result<bool> Delete(in Command command, SubscriptionChange change)
    {
        catalog.Subscriptions.Subscriptions.TryGet(change.Key, out LiveSubscription? subscription);
        if (change.WhyNotDeleted(host.Topics, subscription) is { } refusal) return refusal;
        journal.Delete(command, subscription!, catalog.Version + 1);
        return true;
    }
}
