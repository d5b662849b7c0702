using Messaging.Broker.Deliveries;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Subscriptions.Delivery;
using Messaging.Broker.Topics;
using Messaging.Storage;

namespace Messaging.Broker.Catalog;

/// <summary>
/// Confirms a subscription that waits for it, by the token that its endpoint was sent: state of the log, also where definitions have their truth beside it. One that is confirmed already stays so.
/// Cancellation counts until the command is sequenced.
/// </summary>
internal sealed class ConfirmSubscription(TopicHost host, SubscriptionDirectory subscriptions, SubscriptionJournal journal)
{
    private static readonly BrokerError WrongToken = new(
        ErrorCode.InvalidValue, $"This is no token of the subscription as it is, or it is older than {DeliveryLimits.ConfirmationSecondsMax / 86_400} days.", "token");

    public async ValueTask<Result<SubscriptionDescription>> RunAsync(TopicKey topic, SubscriptionName? name, string token, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        if (host.Shared.WhyStopping() is { } refusal) return refusal;
        return await MeasuredCommand.RunAsync<SubscriptionDescription>(
            host.Shared, frees: true, static () => SubscriptionJournal.ConfirmBytesMax, (in Command command, int _) => Confirm(command, topic, name, token), cancellationToken);
    }

    private Result<SubscriptionDescription> Confirm(in Command command, in TopicKey topic, SubscriptionName? name, string token)
    {
        if (name is { } asked && !subscriptions.TryGet(new SubscriptionKey(topic, asked), out _)) return SubscriptionChange.NotFound(host.Topics, new SubscriptionKey(topic, asked));
        if (!host.Topics.TryGet(topic, out _)) return TopicHost.TopicNotFound(topic);
        bool isRead = ConfirmationToken.TryRead(token, out long number, out long askedMs, out UInt128 mac);
        if (!isRead || !subscriptions.TryGet(number, out LiveSubscription? subscription)) return WrongToken;
        bool isAsked = subscription.Key.Topic == topic && (name is null || subscription.Key.Name == name);
        if (!isAsked || !ConfirmationToken.IsGood(host.Shared.Keys, number, subscription.Definition.Target, askedMs, mac, host.Clock.NowMs())) return WrongToken;
        if (subscription is { IsConfirmed: false, Definition.Target.AsksFirst: true }) journal.Confirm(command, subscription);
        return GetSubscription.Describe(host.Keys, subscription);
    }
}
