namespace Messaging.Grpc.Tests.Conformance.Operations;

/// <summary>
/// What all fronts can do with redrives, in words that belong to none of them: an outcome is "" for what was done, else the broker's code, such as "redriveRunning". An operation is known by its queue and is the latest of that. One
/// for each front; thread-safe.
/// </summary>
internal interface IRedriveFront
{
    /// <summary>Begins to move a queue's messages to where they came from, or to one queue, so many a second or as fast as it goes.</summary>
    Task<string> RedriveAsync(string queue, string? destination = null, int? perSecond = null);

    /// <summary>The latest one of the queue; null without one.</summary>
    Task<FrontRedrive?> FindAsync(string queue);

    /// <summary>Ends the one of the queue that goes on.</summary>
    Task<string> CancelAsync(string queue);
}

/// <summary>How far a redrive is: "running", "cancelling", "cancelled", "completed" or "failed".</summary>
internal sealed record FrontRedrive(string Status, string? Destination, int? PerSecond, long Moved);
