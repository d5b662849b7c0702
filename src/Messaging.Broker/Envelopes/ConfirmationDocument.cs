using Messaging.Broker.Messages;

namespace Messaging.Broker.Envelopes;

/// <summary>What a subscriber gets when a subscription begins or has ended (SNS Developer Guide, "HTTP/HTTPS subscription confirmation JSON format", "... unsubscribe confirmation JSON format"). Immutable.</summary>
public sealed record ConfirmationDocument
{
    public required ConfirmationKind Kind { get; init; }

    public required MessageId Id { get; init; }

    public required string TopicArn { get; init; }

    /// <summary>Told when it has ended.</summary>
    public required string SubscriptionArn { get; init; }

    /// <summary>What ConfirmSubscription is called with; whoever has it can confirm, so it is never logged.</summary>
    public required string Token { get; init; }

    /// <summary>Where a GET confirms: it carries the token.</summary>
    public required string SubscribeUrl { get; init; }

    /// <summary>When it was asked: milliseconds since 1970, UTC.</summary>
    public required long AskedAtMs { get; init; }

    /// <summary>SNS's own sentences: clients show them to people.</summary>
    internal string Message => Kind switch
    {
        ConfirmationKind.Subscribe =>
            $"You have chosen to subscribe to the topic {TopicArn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.",
        ConfirmationKind.Unsubscribe =>
            $"You have chosen to deactivate subscription {SubscriptionArn}.\nTo cancel this operation and restore the subscription, visit the SubscribeURL included in this message.",
    };

    internal ReadOnlySpan<byte> TypeName => Kind switch
    {
        ConfirmationKind.Subscribe => "SubscriptionConfirmation"u8,
        ConfirmationKind.Unsubscribe => "UnsubscribeConfirmation"u8,
    };

    /// <summary>Without the token.</summary>
    public override string ToString() => $"{Kind} {SubscriptionArn}";
}
