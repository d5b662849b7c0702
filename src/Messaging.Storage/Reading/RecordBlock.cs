using System.Buffers;
using Messaging.Storage.Records;

namespace Messaging.Storage.Reading;

/// <summary>
/// A block in memory with the places of its records, shared by the cache and by readers and given back to the pools when the
/// last of them lets go. Immutable after loading.
/// </summary>
internal sealed class RecordBlock
{
    private readonly byte[] _bytes;
    private RecordPlace[] _records;
    private int _recordCount;
    private int _references = 1;

    private RecordBlock(int length)
    {
        Length = length;
        _bytes = ArrayPool<byte>.Shared.Rent(length);
        _records = ArrayPool<RecordPlace>.Shared.Rent(16);
    }

    public int Length { get; }

    /// <summary>Memory that the block holds. Bytes.</summary>
    public int Footprint => _bytes.Length + (_records.Length * RecordPlace.Bytes);

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    /// <summary>Reads and checks the block; null when its bytes are not what was written. A failing read throws.</summary>
    public static RecordBlock? TryLoad(in BlockPlace place)
    {
        var block = new RecordBlock(place.Length);
        int read;
        try
        {
            read = place.File.Read(block._bytes.AsSpan(0, place.Length), place.Position);
        }
        catch
        {
            block.Release();
            throw;
        }

        if (read == place.Length && block.Index(place))
        {
            return block;
        }

        block.Release();
        return null;
    }

    /// <summary>False when the last holder has let go meanwhile.</summary>
    public bool TryAddReference()
    {
        int seen = Volatile.Read(ref _references);
        while (seen > 0)
        {
            int was = Interlocked.CompareExchange(ref _references, seen + 1, seen);
            if (was == seen)
            {
                return true;
            }

            seen = was;
        }

        return false;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            ArrayPool<RecordPlace>.Shared.Return(_records);
        }
    }

    public bool TryFind(long offset, out StoredRecord record)
    {
        int low = 0;
        int high = _recordCount - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            ref readonly RecordPlace place = ref _records[middle];
            if (place.Offset == offset)
            {
                record = new StoredRecord(StoredRecordState.Present, offset, place.Timestamp, _bytes.AsMemory(place.BodyStart, place.BodyLength));
                return true;
            }

            (low, high) = place.Offset < offset ? (middle + 1, high) : (low, middle - 1);
        }

        record = default;
        return false;
    }

    private bool Index(in BlockPlace place)
    {
        if (place.Crc is uint crc && Crc32C.Compute(Bytes) != crc)
        {
            return false;
        }

        for (int position = 0; position < Length;)
        {
            ReadOnlySpan<byte> batch = Bytes[position..];
            if (!RecordBatch.TryReadHeader(batch, out RecordBatchHeader header)
                || (position == 0 && header.BaseOffset != place.BaseOffset - place.Shift)
                || !RecordBatch.CrcIsValid(batch))
            {
                return false;
            }

            // Compressed records have no places: their batch is sound by its CRC, and is read as a whole.
            if (header.Compression == RecordCompression.None && !AddRecords(batch, header, position))
            {
                return false;
            }

            position += header.TotalBytes;
        }

        return true;
    }

    private bool AddRecords(ReadOnlySpan<byte> batch, in RecordBatchHeader header, int position)
    {
        var records = new RecordEnumerator(batch);
        while (records.MoveNext())
        {
            Add(new RecordPlace(
                header.BaseOffset + records.OffsetDelta,
                header.BaseTimestamp + records.TimestampDelta,
                position + records.BodyStart,
                records.Body.Length));
        }

        return !records.Malformed;
    }

    private void Add(in RecordPlace place)
    {
        if (_recordCount == _records.Length)
        {
            RecordPlace[] grown = ArrayPool<RecordPlace>.Shared.Rent(_recordCount * 2);
            _records.AsSpan(0, _recordCount).CopyTo(grown);
            ArrayPool<RecordPlace>.Shared.Return(_records);
            _records = grown;
        }

        _records[_recordCount++] = place;
    }
}

/// <summary>A record's body within its block.</summary>
internal readonly record struct RecordPlace(long Offset, long Timestamp, int BodyStart, int BodyLength)
{
    public const int Bytes = 24;
}
