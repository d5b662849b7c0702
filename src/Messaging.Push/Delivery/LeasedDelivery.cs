using Messaging.Broker;
using Messaging.Broker.Deliveries;

namespace Messaging.Push.Delivery;

/// <summary>One message that is leased, and how it is to be delivered.</summary>
internal readonly record struct LeasedDelivery(DeliveryTerms Terms, PushMessage Message)
{
    /// <summary>The most that those of one take have, about.</summary>
    public static readonly long BytesPerTakeMax = Math.Max(BrokerLimits.DeliveryBytesPerTakeMax, BrokerLimits.MessageBytesMax) + (BrokerLimits.DeliveriesPerTakeMax * PushLimits.DocumentBytesAround);

    /// <summary>What it holds, about.</summary>
    public static long BytesOf(PushMessage message) => message.Body.Length + PushLimits.DocumentBytesAround;
}
