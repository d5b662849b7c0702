using Messaging.Storage.Reading;

namespace Messaging.Storage.Streams;

/// <summary>
/// Where one stream's records stand: extents in packs, then batches in the journal, both in order of their offsets. Its own
/// short lock, never the sequencer's: the journal's writer adds, readers look up and pin, maintenance moves
/// batches from the tail into packs.
/// </summary>
internal sealed class StreamIndex
{
    /// <summary>From so many batches on a tail grows by a quarter.</summary>
    private const int LongTail = 4_096;

    private readonly Lock _lock = new();
    private PackExtent[] _extents = [];
    private TailBatch[] _tail = [];
    private bool _isDropped;
    private int _tailStart;
    private int _tailCount;

    public void AddTail(in TailBatch batch)
    {
        lock (_lock)
        {
            if (_tailStart + _tailCount == _tail.Length)
            {
                MakeRoom();
            }

            _tail[_tailStart + _tailCount++] = batch;
        }
    }

    /// <summary>The place of the record, its file pinned until the reader unpins it; false when the stream does not hold the offset.</summary>
    public bool TryLocate(long offset, out RecordPlacement placement)
    {
        lock (_lock)
        {
            if (_isDropped)
            {
                placement = default;
                return false;
            }

            // A damaged batch stays in the tail when those after it have moved into packs.
            ReadOnlySpan<TailBatch> tail = _tail.AsSpan(_tailStart, _tailCount);
            int index = OffsetKey.FindLast(tail, new OffsetKey(offset));
            if (index >= 0 && offset < tail[index].EndOffset)
            {
                placement = new RecordPlacement(tail[index]);
                return placement.Pin();
            }

            index = OffsetKey.FindLast<PackExtent, OffsetKey>(_extents, new OffsetKey(offset));
            placement = index < 0 ? default : new RecordPlacement(_extents[index]);
            return index >= 0 && offset < _extents[index].EndOffset && placement.Pin();
        }
    }

    /// <summary>
    /// The place that holds the offset, or else the first after it that begins below <paramref name="end"/>. Of the tail with the batches behind it that adjoin it in its slot, as
    /// many as fit into <paramref name="room"/> bytes and into <paramref name="pieces"/>, which receives them.
    /// </summary>
    public bool TryLocateFrom(long offset, long end, int room, Span<ReadPiece> pieces, out PlaceRun run)
    {
        lock (_lock)
        {
            ReadOnlySpan<TailBatch> tail = _tail.AsSpan(_tailStart, _tailCount);
            int batch = OffsetKey.FindLast(tail, new OffsetKey(offset));
            batch += batch >= 0 && offset < tail[batch].EndOffset ? 0 : 1;
            int extent = OffsetKey.FindLast<PackExtent, OffsetKey>(_extents, new OffsetKey(offset));
            extent += extent >= 0 && offset < _extents[extent].EndOffset ? 0 : 1;
            long tailBase = batch < tail.Length ? tail[batch].BaseOffset : long.MaxValue;
            long extentBase = extent < _extents.Length ? _extents[extent].BaseOffset : long.MaxValue;
            if (_isDropped || Math.Min(tailBase, extentBase) >= end)
            {
                run = default;
                return false;
            }

            // A damaged batch stays in the tail when those after it have moved into packs: it is not read together with others.
            run = extentBase < tailBase
                ? new PlaceRun(_extents[extent])
                : new PlaceRun(tail[batch], TailBatch.TakeAdjoining(tail[batch..], Math.Min(end, extentBase), room, pieces));
            return true;
        }
    }

    /// <summary><see cref="LogStream.IsInTail"/></summary>
    public bool IsInTail(long offset)
    {
        lock (_lock)
        {
            return _extents.Length == 0 || offset >= _extents[^1].EndOffset;
        }
    }

    /// <summary>An immutable copy of both lists, for maintenance and checkpoints.</summary>
    public (PackExtent[] Extents, TailBatch[] Tail) Copy()
    {
        lock (_lock)
        {
            return (_extents, _tailCount == 0 ? [] : _tail.AsSpan(_tailStart, _tailCount).ToArray());
        }
    }

    /// <summary>The same of the tail's first batches alone, which stand in slots up to this use: a tail may be hundreds of megabytes.</summary>
    public (PackExtent[] Extents, TailBatch[] Tail) CopyUpTo(long lastUse)
    {
        lock (_lock)
        {
            ReadOnlySpan<TailBatch> tail = _tail.AsSpan(_tailStart, _tailCount);
            int count = 0;
            while (count < tail.Length && tail[count].Slot.Use <= lastUse)
            {
                count++;
            }

            return (_extents, count == 0 ? [] : tail[..count].ToArray());
        }
    }

    /// <summary>
    /// Maintenance, the only one to take away: the tail's first batches now stand (as far as they live) in the extents, which
    /// replace all others; but for <paramref name="kept"/>, those among them that can't be read.
    /// </summary>
    public void Replace(PackExtent[] extents, int tailBatchesMoved, ReadOnlySpan<TailBatch> kept = default)
    {
        lock (_lock)
        {
            if (_isDropped)
            {
                return;
            }

            _extents = extents;
            _tailStart += tailBatchesMoved - kept.Length;
            _tailCount -= tailBatchesMoved - kept.Length;
            kept.CopyTo(_tail.AsSpan(_tailStart));
            if (_tailCount == 0)
            {
                (_tail, _tailStart) = ([], 0);
            }
        }
    }

    /// <summary>
    /// The stream is gone: no reader finds anything, so that none comes upon a recycled file. The places stay, for a checkpoint
    /// that began before: until the drop is synced, a crash brings the stream back.
    /// </summary>
    public void Drop()
    {
        lock (_lock)
        {
            _isDropped = true;
        }
    }

    /// <summary><see cref="RetentionCuts.FirstNotOlderThan"/></summary>
    public long FirstNotOlderThan(long timestamp, long low)
    {
        lock (_lock)
        {
            return RetentionCuts.FirstNotOlderThan(Walk(), timestamp, low);
        }
    }

    /// <summary><see cref="RetentionCuts.FirstAtOrAfter"/></summary>
    public long? FirstAtOrAfter(long timestamp, long low)
    {
        lock (_lock)
        {
            return RetentionCuts.FirstAtOrAfter(Walk(), timestamp, low);
        }
    }

    /// <summary><see cref="RetentionCuts.FirstWithinBytes"/></summary>
    public long FirstWithinBytes(OffsetSet? released, long bytes, long low)
    {
        lock (_lock)
        {
            return RetentionCuts.FirstWithinBytes(Walk(), released, bytes, low);
        }
    }

    /// <summary>Bytes of all batches, in packs and in the journal.</summary>
    public long StoredBytes()
    {
        lock (_lock)
        {
            return RetentionCuts.Sum(Walk());
        }
    }

    /// <summary><see cref="RetentionCuts.SumLiving"/></summary>
    public long LivingBytes(OffsetSet released, long low)
    {
        lock (_lock)
        {
            return RetentionCuts.SumLiving(Walk(), released, low);
        }
    }

    /// <summary><see cref="RetentionCuts.SumFrom"/></summary>
    public long StoredBytesFrom(long offset)
    {
        lock (_lock)
        {
            return RetentionCuts.SumFrom(Walk(), offset);
        }
    }

    private PlaceWalk Walk() => new(_extents, _tail.AsSpan(_tailStart, _tailCount));

    // Of a hundred streams with the same long tail each would hold twice what it needs.
    private void MakeRoom()
    {
        int more = _tailCount < LongTail ? _tailCount : _tailCount / 4;
        int size = _tailCount < _tail.Length / 2 ? _tail.Length : Math.Max(4, _tailCount + more);
        var grown = new TailBatch[size];
        _tail.AsSpan(_tailStart, _tailCount).CopyTo(grown);
        (_tail, _tailStart) = (grown, 0);
    }
}
