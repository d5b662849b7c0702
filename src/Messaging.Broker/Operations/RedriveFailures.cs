using Messaging.Broker.Names;

namespace Messaging.Broker.Operations;

/// <summary>Why messages can't be moved, in the words of <see cref="LongOperation.FailureReason"/>: those that fronts have words of their own for.</summary>
public static class RedriveFailures
{
    /// <summary>It never was a dead letter, and no destination is named.</summary>
    public const string NoOrigin = "A message has no origin to go back to; name a destination.";

    private const string NoQueueEnd = "\" does not exist.";

    /// <summary>Where it should go there is no queue.</summary>
    public static string NoQueue(QueueName name) => $"The queue \"{name}{NoQueueEnd}";

    /// <summary>Whether that is why.</summary>
    public static bool IsNoQueue(string reason) => reason.EndsWith(NoQueueEnd, StringComparison.Ordinal);
}
