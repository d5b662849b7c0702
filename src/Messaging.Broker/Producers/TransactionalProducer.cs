using Messaging.Broker.Topics;

namespace Messaging.Broker.Producers;

/// <summary>A producer with a transactional id, at run time. Guarded by the sequencer.</summary>
internal sealed class TransactionalProducer(ProducerKey key, long id)
{
    private readonly HashSet<LivePartition> _partitions = [];

    public ProducerKey Key { get; } = key;

    public long Id { get; } = id;

    /// <summary>Rises with every new instance, and with every transaction that ends: a marker never hits a later transaction (KIP-890).</summary>
    public short Epoch { get; private set; }

    public int TimeoutMs { get; private set; }

    /// <summary>When its transaction began; null: none is open.</summary>
    public long? BeganMs { get; private set; }

    /// <summary>When it was last heard of.</summary>
    public long LastMs { get; private set; }

    /// <summary>How the transaction of the epoch before this one ended; null where that had none.</summary>
    public bool? HasCommitted { get; private set; }

    /// <summary>Where its open transaction has records.</summary>
    public IReadOnlyCollection<LivePartition> Partitions => _partitions;

    /// <summary>When its open transaction is over; <see cref="long.MaxValue"/> without one.</summary>
    public long DueMs => BeganMs is { } began ? began + TimeoutMs : long.MaxValue;

    public void ApplyInitiated(short epoch, int timeoutMs, long now)
    {
        (Epoch, TimeoutMs, LastMs, HasCommitted) = (epoch, timeoutMs, now, null);
        End();
    }

    public void ApplyBegan(long now) => (BeganMs, LastMs) = (now, now);

    public void ApplyEnded(short epoch, bool hasCommitted, long now)
    {
        (Epoch, HasCommitted, LastMs) = (epoch, hasCommitted, now);
        End();
    }

    public void Touch(LivePartition partition) => _partitions.Add(partition);

    public void Restore(short epoch, int timeoutMs, long? beganMs, long lastMs, bool? hasCommitted) =>
        (Epoch, TimeoutMs, BeganMs, LastMs, HasCommitted) = (epoch, timeoutMs, beganMs, lastMs, hasCommitted);

    private void End()
    {
        BeganMs = null;
        _partitions.Clear();
    }
}
