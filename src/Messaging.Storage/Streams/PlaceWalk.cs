namespace Messaging.Storage.Streams;

/// <summary>What a stream's index knows of one place without reading; <see cref="Extent"/> is null for a batch of the tail.</summary>
internal readonly record struct StoredPlace(long BaseOffset, long EndOffset, long MaxTimestamp, long Bytes, PackExtent? Extent);

/// <summary>
/// Extents and batches of the tail in the order of their offsets: a damaged batch stays in the tail when those after it have moved into packs.
/// Under the index's lock.
/// </summary>
internal ref struct PlaceWalk(ReadOnlySpan<PackExtent> extents, ReadOnlySpan<TailBatch> tail)
{
    private readonly ReadOnlySpan<PackExtent> _extents = extents;
    private readonly ReadOnlySpan<TailBatch> _tail = tail;
    private int _extent;
    private int _batch;

    public StoredPlace Current { get; private set; }

    public bool MoveNext()
    {
        if (_extent < _extents.Length && (_batch == _tail.Length || _extents[_extent].BaseOffset < _tail[_batch].BaseOffset))
        {
            PackExtent extent = _extents[_extent++];
            Current = new StoredPlace(extent.BaseOffset, extent.EndOffset, extent.MaxTimestamp, extent.Bytes, extent);
            return true;
        }

        if (_batch == _tail.Length)
        {
            return false;
        }

        TailBatch batch = _tail[_batch++];
        Current = new StoredPlace(batch.BaseOffset, batch.EndOffset, batch.MaxTimestamp, batch.Length, null);
        return true;
    }
}
