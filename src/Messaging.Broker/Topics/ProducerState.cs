namespace Messaging.Broker.Topics;

/// <summary>What a partition knows of one producer: its epoch, its latest batches, and the transaction that it has open here. Guarded by the sequencer.</summary>
internal sealed class ProducerState
{
    /// <summary>Kafka's number of batches that a producer may have in flight.</summary>
    public const int BatchesKept = 5;

    private readonly List<ProducedBatch> _batches = new(BatchesKept);

    public short Epoch { get; private set; }

    /// <summary>The latest ones of the epoch, the oldest first.</summary>
    public IReadOnlyList<ProducedBatch> Batches => _batches;

    /// <summary>Of its latest record.</summary>
    public long LastOffset { get; set; } = -1;

    /// <summary>When it published last, in ms since 1970; 0 where nobody knows, since it was before a restart.</summary>
    public long LastMs { get; set; }

    /// <summary>The first record of the transaction that it has open here; null: none.</summary>
    public long? TransactionFrom { get; set; }

    public int LastSequence => _batches.Count == 0 ? ProducerStamp.NoSequence : _batches[^1].LastSequence;

    public void BeginEpoch(short epoch)
    {
        if (epoch == Epoch) return;
        Epoch = epoch;
        _batches.Clear();
    }

    public void Add(in ProducedBatch batch)
    {
        if (_batches.Count == BatchesKept) _batches.RemoveAt(0);
        _batches.Add(batch);
    }
}

/// <summary>A batch that was stored: the numbers of its first and last record, and the first one's offset.</summary>
internal readonly record struct ProducedBatch(int BaseSequence, int LastSequence, long BaseOffset);
