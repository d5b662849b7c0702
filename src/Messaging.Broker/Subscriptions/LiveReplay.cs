using Messaging.Broker.Queues;

namespace Messaging.Broker.Subscriptions;

/// <summary>
/// The latest replay of a subscription: what was asked for, and how far the copy tasks of it are (<see cref="Copies.CopyTable"/> tells it of each). Changed in the sequencer, or by recovery.
/// </summary>
/// <remarks>
/// In the log: <c>flags | kind of the start | its time in ms | end in ms + 1, 0 for none</c>, varints; flags: 1 there is one, and only then the rest follows, 2 it has begun, 4 something was left out.
/// </remarks>
internal sealed class LiveReplay(SubscriptionStart from, long? toMs)
{
    /// <summary>Most bytes in the log.</summary>
    public const int BytesMax = 4 * EntryWriter.VarintBytesMax;

    private const int ThereFlag = 1, BegunFlag = 2, FailedFlag = 4;

    /// <summary>Copy tasks that are not done.</summary>
    public int Left { get; set; }

    public bool HasBegun { get; set; }

    public bool HasFailed { get; set; }

    public SubscriptionReplay Describe() => new(from, toMs, this switch
    {
        { Left: > 0, HasBegun: false } => ReplayStatus.Pending,
        { Left: > 0 } => ReplayStatus.InProgress,
        { HasFailed: true } => ReplayStatus.Failed,
        _ => ReplayStatus.Completed,
    });

    public void Write(ref EntryWriter writer)
    {
        writer.Unsigned(ThereFlag + (HasBegun ? BegunFlag : 0) + (HasFailed ? FailedFlag : 0));
        writer.Unsigned((int)from.Kind);
        writer.Unsigned(from.TimeMs);
        writer.Unsigned((toMs ?? -1) + 1);
    }

    public static LiveReplay? Read(ref EntryReader reader)
    {
        int flags = reader.Int32();
        if ((flags & ThereFlag) == 0) return null;
        var from = new SubscriptionStart((SubscriptionStartKind)reader.Int32(), reader.Unsigned());
        long to = reader.Unsigned();
        return new LiveReplay(from, to == 0 ? null : to - 1) { HasBegun = (flags & BegunFlag) != 0, HasFailed = (flags & FailedFlag) != 0 };
    }
}
