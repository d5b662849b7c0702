namespace Messaging.Push;

/// <summary>What follows from a delivery's result for its retries (SNS Developer Guide, "Message delivery retries").</summary>
public enum PushVerdict
{
    /// <summary>It is there.</summary>
    Delivered,

    /// <summary>It failed; the delivery policy says when to try again.</summary>
    TryAgain,

    /// <summary>It was not tried, and counts as no attempt.</summary>
    NotTried,

    /// <summary>It fails whenever it is tried again.</summary>
    GiveUp,
}
