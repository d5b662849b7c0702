using Messaging.Storage;
using Messaging.Storage.Records;

namespace Messaging.Broker.Topics;

/// <summary>
/// What one fetch has found: whole stored batches, of which the first may begin before the offset that was asked for. Owns its memory; who asked disposes it, once. Not thread-safe.
/// </summary>
public sealed class FetchedRecords : IDisposable
{
    private readonly BatchSet? _batches;

    internal FetchedRecords(int partition, long offset, PartitionOffsets offsets, BatchSet? batches) =>
        (Partition, Offset, Offsets, _batches) = (partition, offset, offsets, batches);

    /// <summary>The partition's number.</summary>
    public int Partition { get; }

    /// <summary>Where it begins: what was asked for, as a number.</summary>
    public long Offset { get; }

    /// <summary>The partition's ends when it was read.</summary>
    public PartitionOffsets Offsets { get; }

    /// <summary>Stored batches, whole, in order.</summary>
    public int BatchCount => _batches?.Count ?? 0;

    /// <summary>Bytes of all batches.</summary>
    public long Bytes => _batches?.Bytes ?? 0;

    /// <summary>Where the next fetch goes on.</summary>
    public long NextOffset => _batches is { Count: > 0 } batches ? Math.Max(Offset, batches[^1].Header.LastOffset + 1) : Offset;

    /// <summary>A batch as it is stored: Kafka's record batch v2. Valid until the answer is disposed.</summary>
    public ReadOnlyMemory<byte> BatchAt(int index) => _batches![index].Bytes;

    /// <summary>The records one by one. Whoever asks disposes it.</summary>
    public FetchedRecordReader Read() => new(this);

    internal RecordBatchHeader HeaderAt(int index) => _batches![index].Header;

    internal bool IsVisible(in RecordBatchHeader header)
    {
        _ = header;
        return true;
    }

    internal bool IsVisible(int batch, long offset)
    {
        _ = batch;
        _ = offset;
        return true;
    }

    /// <summary>Why nothing is there: what comes first can't be read. Then there is nothing to dispose.</summary>
    internal BrokerError? Damage => _batches?.State switch
    {
        StoredRecordState.Damaged => new BrokerError(
            ErrorCode.MessageDamaged, $"The records from offset {_batches.UnreadableFrom} up to, but without, {_batches.UnreadableEnd} are damaged on the disk; what is behind them can be read from there.", "offset"),
        StoredRecordState.Unreadable => new BrokerError(ErrorCode.Overloaded, "The server has no file descriptor or memory left to read with; try again."),
        _ => null,
    };

    /// <inheritdoc/>
    public void Dispose() => _batches?.Dispose();
}
