namespace Messaging.Storage.Streams;

/// <summary>
/// Where one stream's records stand: extents in packs, then batches in the journal, both in order of their offsets. Its own
/// short lock, never the sequencer's: the journal's writer adds, readers look up and pin, maintenance moves
/// batches from the tail into packs.
/// </summary>
internal sealed class StreamIndex
{
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

    /// <summary>An immutable copy of both lists, for maintenance and checkpoints.</summary>
    public (PackExtent[] Extents, TailBatch[] Tail) Copy()
    {
        lock (_lock)
        {
            return (_extents, _tailCount == 0 ? [] : _tail.AsSpan(_tailStart, _tailCount).ToArray());
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

    /// <summary>The end of the leading run of extents and batches that hold nothing of <paramref name="timestamp"/> (ms) or later.</summary>
    public long FirstNotOlderThan(long timestamp, long low)
    {
        lock (_lock)
        {
            long first = low;
            foreach (PackExtent extent in _extents)
            {
                if (extent.MaxTimestamp >= timestamp)
                {
                    return Math.Max(low, Math.Min(first, extent.BaseOffset));
                }

                first = extent.EndOffset;
            }

            for (int i = _tailStart; i < _tailStart + _tailCount && _tail[i].MaxTimestamp < timestamp; i++)
            {
                first = Math.Max(first, _tail[i].EndOffset);
            }

            return Math.Max(low, first);
        }
    }

    private void MakeRoom()
    {
        int size = _tailCount < _tail.Length / 2 ? _tail.Length : Math.Max(4, _tail.Length * 2);
        var grown = new TailBatch[size];
        _tail.AsSpan(_tailStart, _tailCount).CopyTo(grown);
        (_tail, _tailStart) = (grown, 0);
    }
}
