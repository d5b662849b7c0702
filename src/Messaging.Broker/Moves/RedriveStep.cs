using Messaging.Broker.Operations;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Moves;

/// <summary>One step of a redrive in the making. Used by one caller at a time.</summary>
internal sealed class RedriveStep(LongOperation operation, LiveQueue source)
{
    /// <summary>As it was when the step was planned.</summary>
    public LongOperation Operation => operation;

    public LiveQueue Source => source;

    /// <summary>Messages that may be moved.</summary>
    public required int Allowed { get; init; }

    /// <summary>Messages that were found.</summary>
    public required int Count { get; init; }

    /// <summary>Where the next step begins.</summary>
    public required long Next { get; set; }

    public List<long> Failed { get; } = [];

    public List<long> Skipped { get; } = [];

    public string? FailureReason { get; private set; }

    public void Fail(long offset, string why)
    {
        Failed.Add(offset);
        FailureReason ??= why;
    }
}
