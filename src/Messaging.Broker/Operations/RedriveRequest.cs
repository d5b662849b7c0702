using Messaging.Broker.Names;

namespace Messaging.Broker.Operations;

/// <summary>What a redrive is asked to do. Immutable.</summary>
public sealed record RedriveRequest
{
    /// <summary>Where all messages go; null: each to the queue that it came from as dead.</summary>
    public QueueName? Destination { get; init; }

    /// <summary>At most so many messages a second, 1 to <see cref="BrokerLimits.RedrivePerSecondMax"/>; null: as fast as it goes.</summary>
    public int? MessagesPerSecond { get; init; }

    /// <summary>Null: all.</summary>
    public RedriveFilter? Filter { get; init; }

    internal BrokerError? Validate()
    {
        if (MessagesPerSecond is < 1 or > BrokerLimits.RedrivePerSecondMax)
        {
            return new BrokerError(ErrorCode.InvalidValue, $"messagesPerSecond is 1 to {BrokerLimits.RedrivePerSecondMax}, not {MessagesPerSecond}.", "messagesPerSecond");
        }

        return Filter?.Validate();
    }
}
