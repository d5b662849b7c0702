namespace Messaging.Broker.Names;

/// <summary>What the catalog has definitions of.</summary>
public enum ResourceKind
{
    /// <summary>A queue.</summary>
    Queue,

    /// <summary>A topic.</summary>
    Topic,

    /// <summary>A subscription of a topic.</summary>
    Subscription,
}
