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

    public string? Group { get; init; }

    public int Priority { get; init; }

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

    /// <summary>When it is over, unless it is with a receiver then; 0: never.</summary>
    public long ExpiresMs { get; init; }

    /// <summary>It is with a receiver until <see cref="LeasedUntilMs"/>, and not delayed.</summary>
    public bool IsHeld { get; init; }

    public long LeasedUntilMs { get; init; }

    /// <summary>What a retry policy lets it wait behind its lease.</summary>
    public long RetryMs { get; init; }

    public int ReceiveCount { get; init; }

    /// <summary>Those of its receives that were given back unhandled.</summary>
    public int UnhandledCount { get; init; }

    public int CountedReceives => ReceiveCount - UnhandledCount;

    public long FirstReceivedMs { get; init; }

    /// <summary>Not over by its sender's word: at its time, or with the lease that runs then.</summary>
    public bool IsAlive(long now) => ExpiresMs == 0 || now < ExpiresMs || IsLeased(now);

    public bool IsReady(long now) => ReadyMs <= now;

    public bool IsLeased(long now) => IsHeld && LeasedUntilMs > now;

    public bool IsDelayed(long now) => !IsReady(now) && !IsLeased(now);

    public MessageState State(long now) => IsReady(now) ? MessageState.Ready : IsLeased(now) ? MessageState.Leased : MessageState.Delayed;

    /// <summary>Whoever looked at it at that time is shown all of it.</summary>
    public void Judge(in BrowsedMessage shown, MessageId id, long now, object call)
    {
        bool isSame = shown.Id == id && shown.State == State(now) && shown.Body.Span.SequenceEqual(Body) && shown.ContentType == ContentType && shown.TraceParent == TraceParent
            && HasAttributes(shown.Attributes) && shown.SentAtMs == SentMs && shown.ExpiresAtMs == ExpiresMs && shown.ReceiveCount == CountedReceives
            && shown.FirstReceivedAtMs == FirstReceivedMs && shown.AvailableAtMs == (IsDelayed(now) ? ReadyMs : 0) && shown.LeasedUntilMs == (IsLeased(now) ? LeasedUntilMs : 0)
            && (shown.Group, shown.Priority) == (Group, Priority) && shown.Origin == Origin;
        if (!isSame)
        {
            throw new Harness.SimulationException(
                $"{call} at {now}: message {Offset} is {this}, and not {shown.State}, receive {shown.ReceiveCount}, first {shown.FirstReceivedAtMs}, available {shown.AvailableAtMs}, "
                + $"until {shown.LeasedUntilMs}, sent {shown.SentAtMs}, expires {shown.ExpiresAtMs}");
        }
    }

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

    /// <summary>As a dead-letter queue gets it: in a standard one the time at which it was sent stays, and what follows from it.</summary>
    public ModelMessage Dead(MessageOrigin origin, bool keepsTime, long now)
    {
        ModelMessage dead = Moved(now) with { MovedId = origin.Id, Origin = origin };
        return keepsTime ? dead : dead with { SentMs = now, KeptFromMs = now, DeduplicationId = origin.Id.ToString() };
    }

    /// <summary>As a queue gets it from a redrive.</summary>
    public ModelMessage Redriven(long now) => Moved(now) with { MovedId = null, SentMs = now, KeptFromMs = now };

    private ModelMessage Moved(long now) => this with
    {
        StoredMs = now, ReadyMs = now, IsHeld = false, LeasedUntilMs = 0, RetryMs = 0, ReceiveCount = 0, UnhandledCount = 0, FirstReceivedMs = 0, ExpiresMs = 0,
    };

    /// <summary>The lease ends then; one that ends at once is over without a wait.</summary>
    public ModelMessage Extended(long now, long until)
    {
        long retry = until <= now ? 0 : RetryMs;
        return this with { LeasedUntilMs = until, RetryMs = retry, ReadyMs = until + retry };
    }

    /// <summary>Null seconds: as the retry policy says, or at once where nobody has worked on it.</summary>
    public ModelMessage Released(long now, int? seconds, bool isUnhandled) => this with
    {
        IsHeld = false,
        ReadyMs = now + (seconds * 1_000L ?? (isUnhandled ? 0 : RetryMs)),
        UnhandledCount = UnhandledCount + (isUnhandled ? 1 : 0),
    };

    public ModelMessage Delivered(long now, long deadline, long retryMs) => this with
    {
        IsHeld = true,
        LeasedUntilMs = deadline,
        RetryMs = retryMs,
        ReadyMs = deadline + retryMs,
        ReceiveCount = ReceiveCount + 1,
        FirstReceivedMs = ReceiveCount == 0 ? now : FirstReceivedMs,
    };
}
