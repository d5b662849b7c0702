using Messaging.Broker.Queues;
using Messaging.Storage;
using Messaging.Storage.Records;

namespace Messaging.Broker.Topics;

/// <summary>What the broker knows of a partition beside its records: a function of its entries and the time. Guarded by the sequencer.</summary>
internal sealed class PartitionState(LogStream stream)
{
    /// <summary>The latest time that an entry carries.</summary>
    public long LastNowMs { get; private set; }

    /// <summary>What the topic remembers for a time; in its first partition only, and null while that is nothing.</summary>
    public QueueWindows? Windows { get; private set; }

    public void Advance(long now)
    {
        LastNowMs = Math.Max(LastNowMs, now);
        Windows?.Advance(now);
    }

    public QueueWindows OpenWindows() => Windows ??= new QueueWindows();

    /// <summary>Who has published here by number, or in transactions; null where nobody has.</summary>
    public PartitionProducers? Producers { get; private set; }

    /// <summary>The fold: a batch has been appended, and its header says whose it is. <paramref name="now"/> 0: nobody knows when.</summary>
    public void RecordsAppended(in RecordBatchHeader batch, long now = 0)
    {
        if (batch.ProducerId >= 0) OpenProducers().Apply(batch, now);
    }

    public PartitionProducers OpenProducers() => Producers ??= new PartitionProducers();

    /// <summary>Records below the offset are gone.</summary>
    public void ApplyTrimmed(long below) => stream.ReleaseBelow(below);

    /// <summary>Gives memory back after a burst.</summary>
    public void Compact(long now)
    {
        Windows?.Trim(now);
        if (Windows is { IsEmpty: true }) Windows = null;
        Producers?.Compact(stream.Low, now);
        if (Producers is { Count: 0 }) Producers = null;
    }
}
