using System.Buffers;
using Messaging.Storage.Records;

namespace Messaging.Storage;

/// <summary>One record batch as it is stored, byte for byte; the bytes belong to its <see cref="BatchSet"/>.</summary>
public readonly record struct StoredBatch(RecordBatchHeader Header, ReadOnlyMemory<byte> Bytes);

/// <summary>
/// The answer of one <see cref="LogEngine.ReadBatches"/>: whole batches in the order of their offsets, in pooled memory until it is disposed, once, by who asked.
/// Not thread-safe.
/// </summary>
public sealed class BatchSet : IDisposable
{
    private const int BatchesAtFirst = 16;

    private readonly List<byte[]> _buffers = [];
    private StoredBatch[] _batches = ArrayPool<StoredBatch>.Shared.Rent(BatchesAtFirst);

    internal BatchSet()
    {
    }

    public int Count { get; private set; }

    /// <summary>Of all batches.</summary>
    public long Bytes { get; private set; }

    /// <summary>Some of it was not in memory, and the disk was waited for.</summary>
    public bool ReadsDisk { get; internal set; }

    /// <summary>
    /// Present where there are batches, Missing where the range holds none. Damaged or unreadable: the range's first batch is, and the offsets from
    /// <see cref="UnreadableFrom"/> up to but without <see cref="UnreadableEnd"/> can't be read; what comes before damage is answered without a word of it.
    /// </summary>
    public StoredRecordState State { get; private set; } = StoredRecordState.Missing;

    public long UnreadableFrom { get; private set; }

    public long UnreadableEnd { get; private set; }

    public ref readonly StoredBatch this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return ref _batches[index];
        }
    }

    public void Dispose()
    {
        if (_batches.Length == 0)
        {
            return;
        }

        foreach (byte[] buffer in _buffers)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        ArrayPool<StoredBatch>.Shared.Return(_batches, clearArray: true);
        _batches = [];
        Count = 0;
    }

    /// <summary>Memory of at least so many bytes that lives as long as the set.</summary>
    internal byte[] Rent(int bytes)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(bytes);
        _buffers.Add(buffer);
        return buffer;
    }

    internal void Add(in RecordBatchHeader header, ReadOnlyMemory<byte> bytes)
    {
        if (Count == _batches.Length)
        {
            StoredBatch[] grown = ArrayPool<StoredBatch>.Shared.Rent(Count * 2);
            _batches.AsSpan(0, Count).CopyTo(grown);
            ArrayPool<StoredBatch>.Shared.Return(_batches, clearArray: true);
            _batches = grown;
        }

        _batches[Count++] = new StoredBatch(header, bytes);
        Bytes += bytes.Length;
        State = StoredRecordState.Present;
    }

    /// <summary>What comes next can't be read.</summary>
    internal void End(StoredRecordState state, long from, long end)
    {
        if (Count == 0)
        {
            (State, UnreadableFrom, UnreadableEnd) = (state, from, end);
        }
    }
}
