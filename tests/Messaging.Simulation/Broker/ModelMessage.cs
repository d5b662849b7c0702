using Messaging.Broker.Messages;

namespace Messaging.Simulation.Broker;

/// <summary>One message as it was sent and as its queue holds it. Immutable: a change is a new value.</summary>
internal sealed record ModelMessage
{
    public required long Offset { get; init; }

    public required byte[] Body { get; init; }

    public string? ContentType { get; init; }

    public string? TraceParent { get; init; }

    public MessageAttribute[] Attributes { get; init; } = [];

    public required long SentMs { get; init; }

    /// <summary>When it came into this queue.</summary>
    public long StoredMs
    {
        get => field == 0 ? SentMs : field;
        init;
    }

    /// <summary>The id that it keeps from another queue; null: that of its place.</summary>
    public MessageId? MovedId { get; init; }

    /// <summary>Where it was moved from as dead.</summary>
    public MessageOrigin? Origin { get; init; }

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

    /// <summary>As a dead-letter queue gets it.</summary>
    public ModelMessage Dead(MessageOrigin origin, long now) => Moved(now) with { MovedId = origin.Id, Origin = origin };

    /// <summary>As a queue gets it from a redrive.</summary>
    public ModelMessage Redriven(long now) => Moved(now) with { MovedId = null, SentMs = now, KeptFromMs = now };

    private ModelMessage Moved(long now) => this with { StoredMs = now, ReadyMs = now, IsHeld = false, ReceiveCount = 0, FirstReceivedMs = 0 };

    public ModelMessage Delivered(long now, long deadline) => this with
    {
        IsHeld = true,
        ReadyMs = deadline,
        ReceiveCount = ReceiveCount + 1,
        FirstReceivedMs = ReceiveCount == 0 ? now : FirstReceivedMs,
    };
}
