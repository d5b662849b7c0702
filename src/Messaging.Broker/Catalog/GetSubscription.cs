using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;
using Messaging.Storage;

namespace Messaging.Broker.Catalog;

/// <summary>A subscription's definition of one moment, answered once that moment is synced.</summary>
internal sealed class GetSubscription(TopicHost host, SubscriptionDirectory subscriptions)
{
    public async ValueTask<Result<SubscriptionDescription>> RunAsync(SubscriptionKey key, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        cancellationToken.ThrowIfCancellationRequested();
        if (host.Shared.WhyStopping() is { } refusal) return refusal;
        Result<SubscriptionDescription> found = Look(key);
        // That there is none may be a deletion that is not synced yet.
        await host.Engine.SyncedAsync();
        return found;
    }

    /// <summary>Inside a command.</summary>
    public static SubscriptionDescription Describe(MessageKeys keys, LiveSubscription subscription) => new(
        subscription.Key,
        keys.IdOfSubscription(subscription.Number),
        subscription.Definition,
        subscription.Paused,
        subscription.IsPending,
        subscription.Version,
        DateTimeOffset.FromUnixTimeMilliseconds(subscription.CreatedMs),
        DateTimeOffset.FromUnixTimeMilliseconds(subscription.ModifiedMs))
    {
        Replay = subscription.Replay?.Describe(),
    };

    private Result<SubscriptionDescription> Look(in SubscriptionKey key)
    {
        using Command command = host.Engine.BeginCommand(0);
        return subscriptions.TryGet(key, out LiveSubscription? subscription) ? Describe(host.Keys, subscription) : SubscriptionChange.NotFound(host.Topics, key);
    }
}
