using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;
using Messaging.Storage;

namespace Messaging.Broker.Catalog;

/// <summary>
/// Pauses a subscription's deliveries, or lets them go on, with all that was published meanwhile: state of the log, also where definitions have their truth beside it. One that is so already stays so. Cancellation counts until the
/// command is sequenced.
/// </summary>
internal sealed class PauseSubscription(TopicHost host, SubscriptionDirectory subscriptions, SubscriptionJournal journal)
{
    public async ValueTask<Result<SubscriptionDescription>> RunAsync(SubscriptionKey key, bool isPaused, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        if (host.Shared.WhyStopping() is { } refusal) return refusal;
        return await MeasuredCommand.RunAsync<SubscriptionDescription>(
            host.Shared, frees: true, static () => SubscriptionJournal.PauseBytesMax, (in Command command, int _) => Pause(command, key, isPaused), cancellationToken);
    }

    private Result<SubscriptionDescription> Pause(in Command command, in SubscriptionKey key, bool isPaused)
    {
        if (!subscriptions.TryGet(key, out LiveSubscription? subscription)) return SubscriptionChange.NotFound(host.Topics, key);
        bool gathers = isPaused && subscription is { Paused: false, Gathering: null, Definition.Target.IsPushed: false };
        if (gathers && TargetRules.CheckGatherRoom(subscriptions.Of(key.Topic)!) is { } full) return full;
        if (subscription.Paused != isPaused) journal.Pause(command, subscription, isPaused);
        return GetSubscription.Describe(host.Keys, subscription);
    }
}
