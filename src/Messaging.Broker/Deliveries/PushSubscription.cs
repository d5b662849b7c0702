using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Deliveries;

/// <summary>A subscription with a target that is pushed to, for who pushes: valid until it or its target has gone, which <see cref="DeliveryBroker.TermsOf"/> tells. Thread-safe.</summary>
public sealed class PushSubscription
{
    internal PushSubscription(LiveQueue queue) => (Queue, Key) = (queue, queue.Subscription!.Key);

    /// <summary>Of this subscription with this target, and of no other one ever.</summary>
    public long Id => Queue.Stream.Id;

    /// <summary>Its name.</summary>
    public SubscriptionKey Key { get; }

    internal LiveQueue Queue { get; }
}
