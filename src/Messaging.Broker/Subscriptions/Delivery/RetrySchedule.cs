namespace Messaging.Broker.Subscriptions.Delivery;

/// <summary>
/// When a delivery is tried again: four phases, at once, after the shortest delay, backing off from there to the longest one, and after that (SNS Developer Guide, "Message delivery retries"). Immutable and pure.
/// </summary>
public sealed record RetrySchedule
{
    /// <summary>SNS's for queues and functions: 100,015 retries over 23 days.</summary>
    public static readonly RetrySchedule Managed = new()
    {
        Immediate = 3,
        AfterMin = 2,
        BackingOff = 10,
        AfterMax = 100_000,
        MinMs = 1_000,
        MaxMs = 20_000,
        Function = BackoffFunction.Exponential,
    };

    /// <summary>SNS's for mail, SMS and mobile push: 50 retries over six hours.</summary>
    public static readonly RetrySchedule CustomerManaged = new()
    {
        Immediate = 0,
        AfterMin = 2,
        BackingOff = 10,
        AfterMax = 38,
        MinMs = 10_000,
        MaxMs = 600_000,
        Function = BackoffFunction.Exponential,
    };

    /// <summary>Retries of the first phase.</summary>
    public required int Immediate { get; init; }

    /// <summary>Retries of the second phase.</summary>
    public required int AfterMin { get; init; }

    /// <summary>Retries of the third phase.</summary>
    public required int BackingOff { get; init; }

    /// <summary>Retries of the last phase.</summary>
    public required int AfterMax { get; init; }

    /// <summary>The shortest delay, in milliseconds, of 1 or more.</summary>
    public required long MinMs { get; init; }

    /// <summary>The longest one, not below the shortest.</summary>
    public required long MaxMs { get; init; }

    public required BackoffFunction Function { get; init; }

    /// <summary>Of all phases. The first attempt is none of them.</summary>
    public int Retries => Immediate + AfterMin + BackingOff + AfterMax;

    /// <summary>All delays together, in milliseconds.</summary>
    public long TotalMs
    {
        get
        {
            long total = (AfterMin * MinMs) + (AfterMax * MaxMs);
            for (int step = 0; step < BackingOff; step++) total += BackOffMs(step);
            return total;
        }
    }

    /// <summary>Milliseconds between the failure of an attempt and the next one; null when that was the last.</summary>
    /// <param name="failures">Attempts that have failed so far, of 1 or more.</param>
    public long? DelayMs(int failures)
    {
        int retry = failures - 1;
        if (retry < Immediate) return 0;
        retry -= Immediate;
        if (retry < AfterMin) return MinMs;
        retry -= AfterMin;
        if (retry < BackingOff) return BackOffMs(retry);
        retry -= BackingOff;
        return retry < AfterMax ? MaxMs : null;
    }

    // The first step of the phase is the shortest delay, the last one the longest; a single step is its first.
    private long BackOffMs(int step)
    {
        int last = BackingOff - 1;
        if (step == 0) return MinMs;
        double share = Function switch
        {
            BackoffFunction.Linear => (double)step / last,
            BackoffFunction.Arithmetic => (double)step * (step + 1) / ((double)last * (last + 1)),
            BackoffFunction.Geometric => (MinMs * Math.Pow((double)MaxMs / MinMs, (double)step / last) - MinMs) / Math.Max(1, MaxMs - MinMs),
            BackoffFunction.Exponential => (Math.Pow(2, step) - 1) / (Math.Pow(2, last) - 1),
        };
        return Math.Clamp(MinMs + (long)Math.Round((MaxMs - MinMs) * share), MinMs, MaxMs);
    }
}
