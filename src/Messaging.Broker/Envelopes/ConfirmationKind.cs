namespace Messaging.Broker.Envelopes;

/// <summary>What a subscriber is asked, or told, by a confirmation.</summary>
public enum ConfirmationKind
{
    /// <summary>SubscriptionConfirmation: whether it wants the subscription that somebody made for it.</summary>
    Subscribe,

    /// <summary>UnsubscribeConfirmation: that its subscription has ended, and how to have it back.</summary>
    Unsubscribe,
}
