using Messaging.Storage;

namespace Messaging.Broker.Topics;

/// <summary>
/// What one fetch has found: whole stored batches, of which the first may begin before the offset that was asked for. Owns its memory; who asked disposes it, once. Not thread-safe.
/// </summary>
public sealed class FetchedRecords : IDisposable
{
    private readonly BatchSet? _batches;
    private readonly VisibleBatch[] _visible;

    // Without visible ones of its own, all batches of the set are visible as they are.
    private readonly bool _isFiltered;

    internal FetchedRecords(int partition, long offset, long end, PartitionOffsets offsets, BatchSet? batches, VisibleBatch[]? visible)
    {
        (Partition, Offset, End, Offsets) = (partition, offset, end, offsets);
        (_batches, _visible, _isFiltered) = (batches, visible ?? [], visible is not null);
        Bytes = BytesRead;
        if (visible is not null)
        {
            Bytes = 0;
            foreach (VisibleBatch batch in visible) Bytes += batch.Bytes.Length;
        }

        NextOffset = batches is { Count: > 0 } ? Math.Clamp(batches[batches.Count - 1].Header.LastOffset + 1, offset, Math.Max(offset, end)) : offset;
    }

    /// <summary>The partition's number.</summary>
    public int Partition { get; }

    /// <summary>Where it begins: what was asked for, as a number.</summary>
    public long Offset { get; }

    /// <summary>Where it ends at the latest: records from here on are not this fetch's, though the last batch may have some.</summary>
    internal long End { get; }

    /// <summary>Whether nothing is stored in what was asked for.</summary>
    internal bool IsVoid => _batches is not { Count: > 0 };

    /// <summary>The partition's ends when it was read.</summary>
    public PartitionOffsets Offsets { get; }

    /// <summary>Where the next fetch goes on, behind all that was read: what may not be seen is not read again.</summary>
    public long NextOffset { get; }

    /// <summary>Stored batches that may be seen, in order; those of markers of transactions among them.</summary>
    public int BatchCount => _isFiltered ? _visible.Length : _batches?.Count ?? 0;

    /// <summary>Bytes of the batches that may be seen.</summary>
    public long Bytes { get; }

    /// <summary>Bytes of all that was read, whether it may be seen or not.</summary>
    internal long BytesRead => _batches?.Bytes ?? 0;

    /// <summary>A batch as it is stored, or what compaction has left of it: Kafka's record batch v2. Valid until the answer is disposed.</summary>
    public ReadOnlyMemory<byte> BatchAt(int index) => _isFiltered ? _visible[index].Bytes : _batches![index].Bytes;

    /// <summary>The records one by one. Whoever asks disposes it.</summary>
    public FetchedRecordReader Read() => new(this);

    /// <summary>Why nothing is there: what comes first can't be read. Also when it is disposed.</summary>
    internal BrokerError? Damage => _batches?.State switch
    {
        StoredRecordState.Damaged => new BrokerError(
            ErrorCode.MessageDamaged,
            $"The records from offset {_batches.UnreadableFrom} up to, but without, {_batches.UnreadableEnd} are damaged on the disk; what is behind them can be read from there.",
            "offset"),
        StoredRecordState.Unreadable => new BrokerError(ErrorCode.Overloaded, "The server has no file descriptor or memory left to read with; try again."),
        _ => null,
    };

    /// <summary>Behind what is damaged.</summary>
    internal long DamageEnd => _batches?.UnreadableEnd ?? Offset;

    internal VisibleBatch VisibleAt(int index) => _isFiltered ? _visible[index] : new VisibleBatch(_batches![index].Header, _batches[index].Bytes);

    /// <inheritdoc/>
    public void Dispose() => _batches?.Dispose();
}
