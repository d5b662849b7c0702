using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Time;
using Messaging.Storage;

namespace Messaging.Broker.Queues;

/// <summary>The body of a message of the queue, where it is not what is stored; else false.</summary>
internal delegate bool BodyView(in QueueKey queue, in RecordDecoder.Decoded message, long timestampMs, out ReadOnlyMemory<byte> body);

/// <summary>What the operations on queues share. One instance a broker.</summary>
internal sealed class QueueHost(LogEngine engine, QueueDirectory queues, MessageKeys keys, BrokerClock clock, Wakes wakes, TimeProvider time)
{
    public static readonly BrokerError StoppingError = new(ErrorCode.Stopping, "The server is stopping.");
    public static readonly BrokerError DiskFull = new(ErrorCode.DiskFull, "The disk is full: nothing more is stored until there is space again.");

    public LogEngine Engine => engine;

    public QueueDirectory Queues => queues;

    public MessageKeys Keys => keys;

    public BrokerClock Clock => clock;

    public Wakes Wakes => wakes;

    public TimeProvider Time => time;

    /// <summary>Queues with messages for their dead-letter queues.</summary>
    public AsideQueues Aside => wakes.Aside;

    /// <summary>How bodies are shown that are not shown as they are stored.</summary>
    public BodyView? View { get; set; }

    /// <summary>Every operation counts itself.</summary>
    public CallCounter Calls { get; } = new();

    /// <summary>Memory of the sequencer for one journal entry: only inside a command.</summary>
    public byte[] Scratch { get; } = new byte[QueueEntryWriter.HashedBytesMax(BrokerLimits.CallEntriesMax)];

    /// <summary>For the lanes of the messages of one send.</summary>
    public byte[] LaneScratch { get; } = new byte[QueueEntryWriter.HeadBytesMax + (BrokerLimits.CallEntriesMax * QueueEntryWriter.LanedElementBytesMax)];

    /// <summary>For a second entry beside the one in <see cref="Scratch"/>.</summary>
    public byte[] MarkScratch { get; } = new byte[QueueEntryWriter.HeadBytesMax];

    /// <summary>For the deduplication ids of one publish, beside what its copies in queues need.</summary>
    public byte[] IdScratch { get; } = new byte[QueueEntryWriter.HashedBytesMax(BrokerLimits.CallEntriesMax)];

    /// <summary>For the messages of one send that expire, beside those that are delayed.</summary>
    public byte[] ExpiryScratch { get; } = new byte[QueueEntryWriter.BytesMax(BrokerLimits.CallEntriesMax)];

    /// <summary>New calls are refused.</summary>
    public bool IsStopping { get; set; }

    public static BrokerError QueueNotFound(in QueueKey key) => new(ErrorCode.QueueNotFound, $"There is no queue \"{key.Name}\".");

    /// <summary>The queue, or why not.</summary>
    public BrokerError? Find(in QueueKey key, out LiveQueue queue)
    {
        queue = null!;
        if (IsStopping) return StoppingError;
        return queues.TryGet(key, out queue!) ? null : QueueNotFound(key);
    }

    /// <summary>The queue for a call with so many entries in the list <paramref name="field"/>, or why not.</summary>
    public BrokerError? Find(in QueueKey key, int entries, string field, out LiveQueue queue) => Find(key, out queue) ?? EntryCount.Check(entries, field);

    /// <summary>The refusal, once what it tells of is synced: that a queue is there, or is not, may be a change that the next power cut takes back.</summary>
    public async ValueTask<BrokerError> ToldAsync(BrokerError refusal)
    {
        // Who stops has no engine any more to ask.
        if (refusal.Code != ErrorCode.Stopping) await engine.SyncedAsync();
        return refusal;
    }

    /// <summary>Why the engine has not admitted a command; told once the queue that it speaks of is synced.</summary>
    public ValueTask<BrokerError> WhyNotAdmittedAsync() => ToldAsync(IsStopping ? StoppingError : DiskFull);

    /// <summary>For calls that name no queue.</summary>
    public BrokerError? WhyStopping() => IsStopping ? StoppingError : null;
}
