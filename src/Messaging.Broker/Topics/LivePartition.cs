using Messaging.Broker.Queues;
using Messaging.Storage;

namespace Messaging.Broker.Topics;

/// <summary>
/// One partition of this process: its stream and its state. Guarded by the sequencer; <see cref="Stream"/>, <see cref="Topic"/>, <see cref="Number"/> and
/// <see cref="Waits"/> may be used outside.
/// </summary>
internal sealed class LivePartition(LogStream stream) : IRemembering
{
    public LogStream Stream { get; } = stream;

    public PartitionState State { get; } = new(stream);

    /// <summary>Fetches that wait for more.</summary>
    public FetchWaits Waits { get; } = new(stream);

    /// <summary>Null until the catalog's entry has come, which recovery may bring after the stream's own.</summary>
    public LiveTopic? Topic { get; set; }

    /// <summary>From 0.</summary>
    public int Number { get; set; }

    /// <summary>Its place in the round of the heartbeat.</summary>
    public int Index { get; set; }

    /// <summary>Dropped with its topic: what found it before must not go on.</summary>
    public bool Deleted { get; set; }

    /// <summary>Where the partition ended when compaction found nothing to do in it; -1 before. Belongs to compaction.</summary>
    public long CompactionIdleAt { get; set; } = -1;

    /// <summary>Where the first transaction begins that has not ended, or the end. Inside a command; to be told once it is synced.</summary>
    public long LastStable => State.Producers?.FirstOpen ?? Stream.Next;

    /// <summary>Safe at any time, as of some moment; the last stable offset is that of a partition without transactions.</summary>
    public PartitionOffsets Offsets
    {
        get
        {
            // The low offset last: it never passes the high watermark that was read before by more than that has risen since.
            long high = Stream.SyncedNext;
            return new PartitionOffsets(Math.Min(State.Low, high), high, high);
        }
    }

    public QueueWindows? Windows => State.Windows;

    public byte AnsweredKind => (byte)PartitionEntryKind.Answered;

    public void Advance(long now) => State.Advance(now);

    public QueueWindows OpenWindows() => State.OpenWindows();
}
