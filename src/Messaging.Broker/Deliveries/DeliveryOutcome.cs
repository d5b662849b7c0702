using Messaging.Broker.Subscriptions;
using Messaging.Broker.Subscriptions.Delivery;

namespace Messaging.Broker.Deliveries;

/// <summary>What became of one message that was taken. Immutable.</summary>
public sealed record DeliveryOutcome
{
    public required PushMessage Message { get; init; }

    public required DeliveryVerdict Verdict { get; init; }

    /// <summary>The attempt's own id, as a dead letter tells it; empty where it was delivered.</summary>
    public string RequestId { get; init; } = "";

    /// <summary>The endpoint's answer; null without one.</summary>
    public int? Status { get; init; }

    /// <summary>Why it failed, a word; null where it did not.</summary>
    public string? Fault { get; init; }

    /// <summary>A sentence about that, at most <see cref="SubscriptionLimits.DeliveryReasonCharactersMax"/> characters.</summary>
    public string? Reason { get; init; }

    /// <summary>How long the attempt took.</summary>
    public TimeSpan Elapsed { get; init; }
}
