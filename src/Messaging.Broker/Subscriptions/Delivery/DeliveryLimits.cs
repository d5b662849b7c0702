namespace Messaging.Broker.Subscriptions.Delivery;

/// <summary>Every bound of delivery, by name. Sources: SNS Developer Guide, "Message delivery retries"; what says so is ours.</summary>
public static class DeliveryLimits
{
    /// <summary>Retries that a policy may ask for.</summary>
    public const int RetriesMax = 100;

    /// <summary>The shortest delay of a policy, in seconds.</summary>
    public const int DelaySecondsMin = 1;

    /// <summary>The longest delay of a policy, and all of its delays together.</summary>
    public const int DelaySecondsMax = 3_600;

    /// <summary>Deliveries in a second, for one subscription.</summary>
    public const int ReceivesPerSecondMin = 1;

    /// <summary>How long a token confirms a subscription: two days, in seconds (SNS API Reference, "ConfirmSubscription").</summary>
    public const int ConfirmationSecondsMax = 172_800;

    /// <summary>How long a message waits to be pushed, in seconds; ours: 28 days, a little more than all retries of Amazon SNS's longest schedule.</summary>
    public const int RetentionSeconds = 2_419_200;

    /// <summary>UTF-16 units of an endpoint's URL, or of what a gateway knows a receiver by; ours.</summary>
    public const int EndpointCharactersMax = 2_048;

    /// <summary>UTF-16 units of a mail address (RFC 5321, section 4.5.3.1.3).</summary>
    public const int MailAddressCharactersMax = 254;

    /// <summary>UTF-8 bytes of a policy's JSON; ours. The longest that means anything is below 1 KB.</summary>
    public const int PolicyBytesMax = 8_192;

    /// <summary>How deep a policy's JSON goes; ours, and deeper than any that means anything.</summary>
    public const int PolicyDepthMax = 8;
}
