using Messaging.Broker.Deliveries;
using Messaging.Broker.Subscriptions.Delivery;

namespace Messaging.Push.Delivery;

/// <summary>What one attempt came to.</summary>
/// <param name="Outcome">For the broker.</param>
/// <param name="Rest">Of one that was not tried: how long it is no use to try.</param>
internal readonly record struct CourierResult(DeliveryOutcome Outcome, TimeSpan Rest)
{
    public static CourierResult NotTried(PushMessage message, TimeSpan rest) => new(new DeliveryOutcome { Message = message, Verdict = DeliveryVerdict.NotTried }, rest);
}
