namespace Messaging.Broker.Queues;

/// <summary>
/// The wait before a message is ready again: a pure function of the policy, the message and its receive count, so that the fold finds what the live command
/// found. Chance is a hash of the last two.
/// </summary>
internal static class RetryDelay
{
    /// <summary>Milliseconds; 0 without a policy.</summary>
    public static int Of(RetryDefinition? policy, long streamId, long offset, int receiveCount)
    {
        if (policy is null) return 0;
        double wait = policy.MinSeconds;
        // Step by step: a power is not the same on every machine.
        for (int i = 1; i < receiveCount && wait < policy.MaxSeconds && policy.Factor > 1 && wait > 0; i++) wait *= policy.Factor;
        wait = Math.Min(wait, policy.MaxSeconds);
        return (int)(wait * 1_000 * (1 - (policy.Jitter * Chance(streamId, offset, receiveCount))));
    }

    // 0 to 1, by the finalizer of SplitMix64.
    private static double Chance(long streamId, long offset, int receiveCount)
    {
        ulong value = ((ulong)streamId * 0x9E3779B97F4A7C15) ^ ((ulong)offset * 0xC2B2AE3D27D4EB4F) ^ ((ulong)receiveCount * 0x165667B19E3779F9);
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        value ^= value >> 31;
        return (value >> 11) * (1.0 / (1UL << 53));
    }
}
