namespace Messaging.Broker.Queues;

/// <summary>How long a message that was given back, or whose lease ended, waits before it is ready again: exponential in its deliveries. Immutable.</summary>
public sealed record RetryDefinition
{
    /// <summary>The defaults of its fields.</summary>
    public static RetryDefinition Default { get; } = new();

    /// <summary>The wait after the first delivery, in seconds. 0 to <see cref="BrokerLimits.RetrySecondsMax"/>.</summary>
    public int MinSeconds { get; init; } = BrokerLimits.RetryMinSecondsDefault;

    /// <summary>The longest wait, in seconds. At least <see cref="MinSeconds"/>.</summary>
    public int MaxSeconds { get; init; } = BrokerLimits.RetryMaxSecondsDefault;

    /// <summary>What each further delivery multiplies the wait by. 1 to <see cref="BrokerLimits.RetryFactorMax"/>.</summary>
    public double Factor { get; init; } = BrokerLimits.RetryFactorDefault;

    /// <summary>The part of the wait that chance may take away. 0 to 1: none, all of it.</summary>
    public double Jitter { get; init; }

    /// <summary>The first rule that it breaks, or null.</summary>
    internal BrokerError? Validate()
    {
        if (!(Factor >= 1 && Factor <= BrokerLimits.RetryFactorMax))
        {
            return new BrokerError(ErrorCode.InvalidValue, $"The factor is 1 to {BrokerLimits.RetryFactorMax}.", "retry.factor");
        }

        if (!(Jitter >= 0 && Jitter <= 1)) return new BrokerError(ErrorCode.InvalidValue, "The jitter is 0 to 1.", "retry.jitter");
        return QueueDefinition.Range("retry.minSeconds", MinSeconds, 0, BrokerLimits.RetrySecondsMax)
            ?? QueueDefinition.Range("retry.maxSeconds", MaxSeconds, MinSeconds, BrokerLimits.RetrySecondsMax);
    }
}
