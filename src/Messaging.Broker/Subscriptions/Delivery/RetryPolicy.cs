namespace Messaging.Broker.Subscriptions.Delivery;

/// <summary>A healthyRetryPolicy: how often and how soon a delivery is tried again. The defaults are SNS's: three times, 20 seconds apart. Immutable; checked by who parses it.</summary>
public sealed record RetryPolicy
{
    /// <summary>In seconds.</summary>
    public int MinDelayTarget { get; init; } = 20;

    /// <summary>In seconds.</summary>
    public int MaxDelayTarget { get; init; } = 20;

    /// <summary>Of all phases together.</summary>
    public int NumRetries { get; init; } = 3;

    /// <summary>The last ones, each after the longest delay.</summary>
    public int NumMaxDelayRetries { get; init; }

    /// <summary>The first ones, at once.</summary>
    public int NumNoDelayRetries { get; init; }

    /// <summary>Those behind the first ones, each after the shortest delay.</summary>
    public int NumMinDelayRetries { get; init; }

    /// <summary>For what is left between.</summary>
    public BackoffFunction BackoffFunction { get; init; }

    /// <summary>What it comes to.</summary>
    public RetrySchedule Schedule => new()
    {
        Immediate = NumNoDelayRetries,
        AfterMin = NumMinDelayRetries,
        BackingOff = NumRetries - NumNoDelayRetries - NumMinDelayRetries - NumMaxDelayRetries,
        AfterMax = NumMaxDelayRetries,
        MinMs = 1_000L * MinDelayTarget,
        MaxMs = 1_000L * MaxDelayTarget,
        Function = BackoffFunction,
    };
}
