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

    /// <summary>UTF-8 bytes of a policy's JSON; ours. The longest that means anything is below 1 KB.</summary>
    public const int PolicyBytesMax = 8_192;

    /// <summary>How deep a policy's JSON goes; ours, and deeper than any that means anything.</summary>
    public const int PolicyDepthMax = 8;
}
