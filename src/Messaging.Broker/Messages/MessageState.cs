namespace Messaging.Broker.Messages;

/// <summary>What a message of a queue waits for.</summary>
public enum MessageState
{
    /// <summary>A receiver.</summary>
    Ready,

    /// <summary>Its receiver's acknowledgement, or the end of the lease.</summary>
    Leased,

    /// <summary>Its time: it was sent with a delay, or given back with one.</summary>
    Delayed,
}
