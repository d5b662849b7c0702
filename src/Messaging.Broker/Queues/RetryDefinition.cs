namespace Messaging.Broker.Queues;

/// <summary>How long a message that was given back, or whose lease ended, waits before it is ready again: exponential in its deliveries. Immutable.</summary>
public sealed record RetryDefinition
{
    /// <summary>The defaults of its fields.</summary>
    public static RetryDefinition Default { get; } = new();

    /// <summary>The wait after the first delivery, in seconds. 0 to <see cref="QueueLimits.RetrySecondsMax"/>.</summary>
    public int MinSeconds { get; init; } = QueueLimits.RetryMinSecondsDefault;

    /// <summary>The longest wait, in seconds. At least <see cref="MinSeconds"/>.</summary>
    public int MaxSeconds { get; init; } = QueueLimits.RetryMaxSecondsDefault;

    /// <summary>What each further delivery multiplies the wait by. 1 to <see cref="QueueLimits.RetryFactorMax"/>.</summary>
    public double Factor { get; init; } = QueueLimits.RetryFactorDefault;

    /// <summary>The part of the wait that chance may take away. 0 to 1: none, all of it.</summary>
    public double Jitter { get; init; }

    /// <summary>The first rule that it breaks, or null.</summary>
    internal BrokerError? Validate()
    {
        if (!(Factor >= 1 && Factor <= QueueLimits.RetryFactorMax))
        {
            return new BrokerError(ErrorCode.InvalidValue, $"The factor is 1 to {QueueLimits.RetryFactorMax}.", "retry.factor");
        }

        if (!(Jitter >= 0 && Jitter <= 1)) return new BrokerError(ErrorCode.InvalidValue, "The jitter is 0 to 1.", "retry.jitter");
        return QueueDefinition.Range("retry.minSeconds", MinSeconds, 0, QueueLimits.RetrySecondsMax)
            ?? QueueDefinition.Range("retry.maxSeconds", MaxSeconds, MinSeconds, QueueLimits.RetrySecondsMax);
    }
}
