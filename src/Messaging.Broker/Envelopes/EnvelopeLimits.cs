namespace Messaging.Broker.Envelopes;

/// <summary>Every bound of the envelopes, by name; all are ours.</summary>
public static class EnvelopeLimits
{
    /// <summary>
    /// Signatures that are remembered, 0.5 KB each: enough for the messages that are on their way to their subscribers at one time. What no longer fits is signed again, which is the only
    /// thing that happens.
    /// </summary>
    public const int SignaturesRememberedMax = 4_096;

    /// <summary>Signatures of different documents that can be made at one time.</summary>
    public const int SignersMax = 16;
}
