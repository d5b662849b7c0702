using Messaging.Broker.Messages;

namespace Messaging.Simulation.Broker;

/// <summary>One message as it was sent and as its queue holds it. Immutable: a change is a new value.</summary>
internal sealed record ModelMessage
{
    public required long Offset { get; init; }

    public required byte[] Body { get; init; }

    public string? ContentType { get; init; }

    public string? TraceParent { get; init; }

    public string? DeduplicationId { get; init; }

    public MessageAttribute[] Attributes { get; init; } = [];

    public required long SentMs { get; init; }

    /// <summary>Retention counts from here: when the sender's delay was over.</summary>
    public required long KeptFromMs { get; init; }

    /// <summary>Not before this time.</summary>
    public required long ReadyMs { get; init; }

    /// <summary>Until it is ready it is with a receiver, not delayed.</summary>
    public bool IsHeld { get; init; }

    public int ReceiveCount { get; init; }

    public long FirstReceivedMs { get; init; }

    public bool IsReady(long now) => ReadyMs <= now;

    public bool IsLeased(long now) => IsHeld && ReadyMs > now;

    public bool IsDelayed(long now) => !IsHeld && ReadyMs > now;

    public bool HasAttributes(IReadOnlyList<MessageAttribute> shown)
    {
        if (shown.Count != Attributes.Length)
        {
            return false;
        }

        for (int i = 0; i < Attributes.Length; i++)
        {
            (MessageAttribute mine, MessageAttribute other) = (Attributes[i], shown[i]);
            if (mine.Name != other.Name || mine.Kind != other.Kind || mine.CustomType != other.CustomType || !mine.Value.Span.SequenceEqual(other.Value.Span))
            {
                return false;
            }
        }

        return true;
    }

    public ModelMessage Delivered(long now, long deadline) => this with
    {
        IsHeld = true,
        ReadyMs = deadline,
        ReceiveCount = ReceiveCount + 1,
        FirstReceivedMs = ReceiveCount == 0 ? now : FirstReceivedMs,
    };
}
