using Messaging.Broker.Queues;
using Messaging.Broker.Topics.Compaction;
using Messaging.Storage;
using Messaging.Storage.Records;

namespace Messaging.Broker.Topics;

/// <summary>What the broker knows of a partition beside its records: a function of its entries and the time. Guarded by the sequencer.</summary>
internal sealed class PartitionState(LogStream stream)
{
    private bool _hasTransactions;
    private volatile CompactionState? _compaction;

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
        if (batch.IsTransactional) Volatile.Write(ref _hasTransactions, true);
        if (batch.ProducerId >= 0) OpenProducers().Apply(batch, now);
    }

    /// <summary>Transactions here that were aborted; null where none was.</summary>
    public AbortedTransactions? Aborted { get; private set; }

    /// <summary>Somebody has published here in a transaction: only then is there more to know of what can be read than the high watermark. Any thread.</summary>
    public bool HasTransactions => Volatile.Read(ref _hasTransactions);

    public AbortedTransactions OpenAborted() => Aborted ??= new AbortedTransactions();

    public PartitionProducers OpenProducers() => Producers ??= new PartitionProducers();

    /// <summary>How far compaction is; null where there was none. Any thread.</summary>
    public CompactionState? Compaction => _compaction;

    /// <summary>
    /// Where the partition begins: what was trimmed is below. Compaction does not move it, as in Kafka: whoever goes on where a record was taken out goes on behind it. Any thread.
    /// </summary>
    public long Low
    {
        get
        {
            // In this order: compaction is there before it releases anything.
            long low = stream.Low;
            return _compaction is { } compaction ? compaction.Low : low;
        }
    }

    /// <summary>Before the first record is taken out: what is released then was trimmed.</summary>
    public CompactionState OpenCompaction() => _compaction ??= new CompactionState(stream.Low);

    /// <summary>Records below the offset are gone.</summary>
    public void ApplyTrimmed(long below)
    {
        stream.ReleaseBelow(below);
        Compaction?.ApplyLow(below);
    }

    /// <summary>Compaction has taken these records out.</summary>
    public void ApplyCompacted(in OffsetRange run)
    {
        OpenCompaction();
        stream.ReleaseRange(run.From, run.End);
    }

    /// <summary>The transaction's records here are not to be seen by who reads committed ones only.</summary>
    public void ApplyAborted(in AbortedTransaction transaction) => OpenAborted().Add(transaction);

    /// <summary>Restored with transactions, open or aborted.</summary>
    public void HasHadTransactions() => Volatile.Write(ref _hasTransactions, true);

    /// <summary>Gives memory back after a burst.</summary>
    public void Compact(long now)
    {
        Windows?.Trim(now);
        if (Windows is { IsEmpty: true }) Windows = null;
        Producers?.Compact(stream.Low, now);
        if (Producers is { Count: 0 }) Producers = null;
        if (Aborted is not null && !Aborted.Forget(stream.Low)) Aborted = null;
    }
}
