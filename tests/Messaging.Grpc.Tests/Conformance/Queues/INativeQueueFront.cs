namespace Messaging.Grpc.Tests.Conformance.Queues;

/// <summary>What REST and gRPC can do with queues beyond what all fronts can. An outcome is "" for what was done, else the broker's code. One for each front; thread-safe.</summary>
internal interface INativeQueueFront
{
    /// <summary>Changes the length of leases, and leaves the rest.</summary>
    Task<string> PatchAsync(string queue, int leaseSeconds);

    Task<(string Outcome, FrontQueue? Queue)> GetAsync(string queue);

    /// <summary>Gives a message back, for so many seconds from now; unhandled, it has not been received.</summary>
    Task<string> ReleaseAsync(string queue, string receipt, int delaySeconds, bool isUnhandled = false);

    /// <summary>To the dead-letter queue, with the reason.</summary>
    Task<string> RejectAsync(string queue, string receipt, string reason);

    /// <summary>What stands there, in the order of sending, untouched; of one state, "ready", "leased" or "delayed", or of all.</summary>
    Task<(string Outcome, FrontMessage[] Messages)> BrowseAsync(string queue, string? state = null);

    Task<(string Outcome, FrontMessage? Message)> LookAtAsync(string queue, string id);

    /// <summary>Takes back a message that nobody has.</summary>
    Task<string> CancelAsync(string queue, string id);
}

/// <summary>A queue as it is: how long leases are, and its messages by state.</summary>
internal sealed record FrontQueue(int LeaseSeconds, long Ready, long Leased, long Delayed);

/// <summary>A message as it stands in its queue; of a dead letter with the queue that it came from, why, and the receiver's words.</summary>
internal sealed record FrontMessage(string Id, string Body, string State, int ReceiveCount, (string Queue, string Reason, string Detail)? Origin);
