namespace Messaging.Broker.Queues;

/// <summary>
/// The messages of one group and priority: those that were never delivered as a chain in order of their offsets, those that are ready again or became due late as a
/// heap, and how many are with receivers. Belongs to its <see cref="LaneTable"/>.
/// </summary>
internal sealed class Lane(LaneKey key, int number)
{
    public const long NotQueued = -1;

    public LaneKey Key => key;

    /// <summary>Its place in the table.</summary>
    public int Number => number;

    /// <summary>First and last of the chain.</summary>
    public int Head { get; set; } = LaneNodes.None;

    public int Tail { get; set; } = LaneNodes.None;

    /// <summary>(offset, due or 0); null while there are none. Cleaned lazily.</summary>
    public PairHeap? Back { get; set; }

    /// <summary>Messages in whatever state.</summary>
    public int Count { get; set; }

    /// <summary>Those that are ready, were it not for others of an ordered group.</summary>
    public int Ready { get; set; }

    /// <summary>Those that are leased; in an ordered group also those that were given back and wait for their time.</summary>
    public int Held { get; set; }

    /// <summary>The offset under which it stands in its priority's heap.</summary>
    public long QueuedAt { get; set; } = NotQueued;

    /// <summary>What it took of the receivers' time of late.</summary>
    public RecentLoad Load { get; } = new();
}
