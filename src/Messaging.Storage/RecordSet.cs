using System.Buffers;
using Messaging.Storage.Reading;

namespace Messaging.Storage;

/// <summary>
/// The answer of one read: the records of the asked offsets, in the same order, as far as its bound of bytes went. Holds the blocks that the bodies stand in until it
/// is disposed, once, by who asked. Not thread-safe.
/// </summary>
public sealed class RecordSet : IDisposable
{
    private StoredRecord[] _records;
    private readonly List<RecordBlock> _blocks = [];

    internal RecordSet(int countMax) => _records = ArrayPool<StoredRecord>.Shared.Rent(countMax);

    /// <summary>Records read: all that were asked for, or fewer, and at least one, where their bodies reach the bound.</summary>
    public int Count { get; private set; }

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

    internal void Add(in StoredRecord record) => _records[Count++] = record;

    /// <summary>Takes over the caller's reference.</summary>
    internal void Hold(RecordBlock block) => _blocks.Add(block);
}
