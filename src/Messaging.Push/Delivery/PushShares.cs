namespace Messaging.Push.Delivery;

/// <summary>What the pumps of all subscriptions share. Thread-safe; the <see cref="PushLoop"/>'s own.</summary>
internal sealed record PushShares
{
    public required Courier Courier { get; init; }

    /// <summary>One for each delivery under way.</summary>
    public required PushSlots Slots { get; init; }

    /// <summary>Of what is leased.</summary>
    public required LeasedBytes Bytes { get; init; }

    /// <summary>The longest that one attempt takes.</summary>
    public required TimeSpan AttemptMax { get; init; }

    /// <summary>Abandons the attempts that are under way.</summary>
    public required CancellationToken Attempts { get; init; }

    /// <summary>How long a message is this process's to deliver: two attempts' time, so that a short wait for a slot costs nothing.</summary>
    public TimeSpan Lease => (2 * AttemptMax) + TimeSpan.FromSeconds(1);
}
