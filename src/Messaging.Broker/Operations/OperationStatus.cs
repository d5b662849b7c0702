namespace Messaging.Broker.Operations;

/// <summary>How far a long operation is. The values stand in the journal.</summary>
public enum OperationStatus
{
    /// <summary>It goes on, also after a restart.</summary>
    Running = 0,

    /// <summary>It was told to end, and is about to.</summary>
    Cancelling = 1,

    /// <summary>It was told to end, and has.</summary>
    Cancelled = 2,

    /// <summary>It has looked at everything.</summary>
    Completed = 3,

    /// <summary>It could not go on.</summary>
    Failed = 4,
}
