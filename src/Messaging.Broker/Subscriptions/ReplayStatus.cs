namespace Messaging.Broker.Subscriptions;

/// <summary>How far a <see cref="SubscriptionReplay"/> is.</summary>
public enum ReplayStatus
{
    /// <summary>Nothing of it is copied yet.</summary>
    Pending,

    /// <summary>It goes on.</summary>
    InProgress,

    /// <summary>Every record of it was copied that the subscription wants.</summary>
    Completed,

    /// <summary>It has ended, and records were left out that can't be read, or are too large to be copied.</summary>
    Failed,
}
