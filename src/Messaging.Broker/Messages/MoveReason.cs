namespace Messaging.Broker.Messages;

/// <summary>Why a message went to a dead-letter queue. The values stand in stored records.</summary>
public enum MoveReason : byte
{
    /// <summary>It had as many deliveries as its queue's definition allows.</summary>
    MaxReceives = 1,

    /// <summary>A receiver rejected it.</summary>
    Rejected = 2,
}
