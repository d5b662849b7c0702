namespace Messaging.Broker.FanOut;

/// <summary>What a copy looks like as it is stored: those of one form stand once for all queues that get them.</summary>
internal enum CopyForm
{
    /// <summary>As it was published.</summary>
    Raw,

    /// <summary>To be shown as a notification.</summary>
    Enveloped,

    /// <summary>As <see cref="Raw"/>, in a dead-letter queue: the target is not there.</summary>
    RawFailed,

    /// <summary>As <see cref="Enveloped"/>, in a dead-letter queue.</summary>
    EnvelopedFailed,
}
