using Messaging.Broker.Catalog;
using Messaging.Broker.Deliveries;
using Messaging.Broker.Envelopes;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Subscriptions.Delivery;
using Messaging.Broker.Topics;
using Messaging.Storage;

namespace Messaging.Broker;

/// <summary>
/// What is to be pushed to subscriptions, for who pushes it, and what became of it: the broker itself reaches nobody. Owned by the <see cref="MessageBroker"/>; one loop asks for what is due, and the rest is safe for
/// concurrent calls.
/// </summary>
public sealed class DeliveryBroker
{
    private readonly TopicHost _host;
    private readonly SubscriptionDirectory _subscriptions;
    private readonly TakeDeliveries _take;
    private readonly SettleDeliveries _settle;

    internal DeliveryBroker(TopicHost host, SubscriptionDirectory subscriptions, TopicSigner signer, EnvelopeOptions options)
    {
        (_host, _subscriptions) = (host, subscriptions);
        _take = new TakeDeliveries(host.Shared, host.Topics, new PushDocuments(host.Shared.Keys, signer, options));
        _settle = new SettleDeliveries(host.Shared, host.Topics);
    }

    /// <summary>Now: milliseconds since 1970 by the clock that leases go by.</summary>
    public long NowMs => _host.Clock.NowMs();

    /// <summary>The next subscription that has something due. It is not given again until a <see cref="TakeAsync"/> has found nothing, and something is due after that.</summary>
    public async ValueTask<PushSubscription> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            LiveQueue queue = await _host.Shared.Wakes.Due.NextAsync(cancellationToken);
            if (queue is { Deleted: false, Subscription: not null }) return new PushSubscription(queue);
        }
    }

    /// <summary>How it is delivered as things are; null: the subscription, or this target of it, is no more.</summary>
    public DeliveryTerms? TermsOf(PushSubscription subscription) =>
        subscription.Queue is { Deleted: false, Subscription: { Deleted: false } live } && _host.Topics.TryGet(live.Key.Topic, out LiveTopic? topic)
            ? DeliveryTerms.Of(live.Definition, topic.Definition)
            : null;

    /// <summary>Leases what is due of the subscription, up to <paramref name="max"/> and <see cref="SubscriptionLimits.DeliveriesPerTakeMax"/>. What is not settled when the lease ends is due again.</summary>
    public ValueTask<TakenDeliveries> TakeAsync(PushSubscription subscription, int max, TimeSpan lease, CancellationToken cancellationToken) =>
        _take.RunAsync(subscription, max, lease, cancellationToken);

    /// <summary>Writes down what became of messages of the subscription, at most <see cref="SubscriptionLimits.DeliveriesPerTakeMax"/>; synced when it returns.</summary>
    public ValueTask SettleAsync(PushSubscription subscription, IReadOnlyList<DeliveryOutcome> outcomes) => _settle.RunAsync(subscription, outcomes);

    /// <summary>What this process knows of a subscription's deliveries; of one whose target is a queue there are none, but for what has gathered while it was paused.</summary>
    public async ValueTask<Result<DeliveryReport>> ReportAsync(SubscriptionKey key, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = _host.Calls.Enter();
        cancellationToken.ThrowIfCancellationRequested();
        if (_host.Shared.WhyStopping() is { } refusal) return refusal;
        Result<DeliveryReport> report = Look(key);
        await _host.Engine.SyncedAsync();
        return report;
    }

    /// <summary>Once after recovery: what waits is noticed.</summary>
    internal void Begin()
    {
        using Command command = _host.Engine.BeginCommand(0);
        long now = _host.Clock.NowMs();
        foreach (LiveSubscription subscription in _subscriptions.All)
        {
            if (subscription.DeliveryQueue is { } queue) _host.Shared.Wakes.Wake(queue, now);
        }
    }

    private Result<DeliveryReport> Look(in SubscriptionKey key)
    {
        using Command command = _host.Engine.BeginCommand(0);
        if (!_subscriptions.TryGet(key, out LiveSubscription? subscription)) return SubscriptionChange.NotFound(_host.Topics, key);
        return subscription.Deliveries.Report((subscription.DeliveryQueue?.Stream.LiveCount ?? 0) + (subscription.Gathering?.Stream.LiveCount ?? 0));
    }
}
