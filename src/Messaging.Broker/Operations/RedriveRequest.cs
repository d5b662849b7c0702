using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Operations;

/// <summary>What a redrive is asked to do. Immutable.</summary>
public sealed record RedriveRequest
{
    /// <summary>Where all messages go; null: each to the queue that it came from as dead.</summary>
    public QueueName? Destination { get; init; }

    /// <summary>At most so many messages a second, 1 to <see cref="QueueLimits.RedrivePerSecondMax"/>; null: as fast as it goes.</summary>
    public int? MessagesPerSecond { get; init; }

    /// <summary>Null: all.</summary>
    public RedriveFilter? Filter { get; init; }

    internal BrokerError? Validate()
    {
        if (MessagesPerSecond is < 1 or > QueueLimits.RedrivePerSecondMax)
        {
            return new BrokerError(ErrorCode.InvalidValue, $"messagesPerSecond is 1 to {QueueLimits.RedrivePerSecondMax}, not {MessagesPerSecond}.", "messagesPerSecond");
        }

        return Filter?.Validate();
    }
}
