using Messaging.Broker.Deliveries;
using Messaging.Broker.Messages;
using Messaging.Broker.Subscriptions;

namespace Messaging.Push.Delivery;

/// <summary>One message that is leased, and how it is to be delivered.</summary>
internal readonly record struct LeasedDelivery(DeliveryTerms Terms, PushMessage Message)
{
    /// <summary>The most that those of one take have, about.</summary>
    public static readonly long BytesPerTakeMax = Math.Max(SubscriptionLimits.DeliveryBytesPerTakeMax, MessageLimits.MessageBytesMax) + (SubscriptionLimits.DeliveriesPerTakeMax * PushLimits.DocumentBytesAround);

    /// <summary>What it holds, about.</summary>
    public static long BytesOf(PushMessage message) => message.Body.Length + PushLimits.DocumentBytesAround;
}
