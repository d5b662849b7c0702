using System.Buffers;
using Messaging.Storage.Reading;

namespace Messaging.Storage;

/// <summary>
/// The answer of one read: one record per asked offset, in the same order. Holds the blocks that the bodies stand in until it
/// is disposed, once, by who asked. Not thread-safe.
/// </summary>
public sealed class RecordSet : IDisposable
{
    private StoredRecord[] _records;
    private readonly List<RecordBlock> _blocks = [];

    internal RecordSet(int count)
    {
        Count = count;
        _records = ArrayPool<StoredRecord>.Shared.Rent(count);
    }

    public int Count { get; }

    public ref readonly StoredRecord this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            return ref _records[index];
        }
    }

    public void Dispose()
    {
        if (_records.Length == 0)
        {
            return;
        }

        foreach (RecordBlock block in _blocks)
        {
            block.Release();
        }

        ArrayPool<StoredRecord>.Shared.Return(_records, clearArray: true);
        _records = [];
    }

    internal void Set(int index, in StoredRecord record) => _records[index] = record;

    /// <summary>Takes over the caller's reference.</summary>
    internal void Hold(RecordBlock block) => _blocks.Add(block);
}
