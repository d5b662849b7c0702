using Messaging.Broker;
using Messaging.Broker.Deliveries;
using Messaging.Broker.Subscriptions;

namespace Messaging.Push.Delivery;

/// <summary>
/// Gathers what became of a subscription's messages and has it written down: while one lot is being synced the next one gathers, so that many deliveries cost one sync. Thread-safe.
/// </summary>
internal sealed class OutcomeBasket(PushSubscription subscription, DeliveryBroker broker)
{
    private readonly Lock _lock = new();
    private List<DeliveryOutcome> _gathered = [];
    private bool _isSettling;

    /// <summary>True: nobody settles, and the caller sees to it that <see cref="SettleAsync"/> does.</summary>
    public bool Add(DeliveryOutcome outcome)
    {
        lock (_lock)
        {
            _gathered.Add(outcome);
            bool isFirst = !_isSettling;
            _isSettling = true;
            return isFirst;
        }
    }

    /// <summary>Until nothing has gathered meanwhile.</summary>
    public async Task SettleAsync()
    {
        while (Take() is { } lot)
        {
            for (int first = 0; first < lot.Count; first += SubscriptionLimits.DeliveriesPerTakeMax)
                await broker.SettleAsync(subscription, lot.GetRange(first, Math.Min(SubscriptionLimits.DeliveriesPerTakeMax, lot.Count - first)));
        }
    }

    private List<DeliveryOutcome>? Take()
    {
        lock (_lock)
        {
            _isSettling = _gathered.Count > 0;
            if (!_isSettling) return null;
            List<DeliveryOutcome> lot = _gathered;
            _gathered = [];
            return lot;
        }
    }
}
