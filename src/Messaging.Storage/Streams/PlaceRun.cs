namespace Messaging.Storage.Streams;

/// <summary>
/// What one read may fetch of a stream, its file pinned until <see cref="Unpin"/>: blocks of an extent, or <see cref="TailCount"/> batches that stand close
/// together in one use of a journal slot.
/// </summary>
internal readonly struct PlaceRun
{
    private readonly TailBatch _first;

    /// <summary>Only under the index's lock, where the places are alive.</summary>
    public PlaceRun(in TailBatch first, int count)
    {
        (_first, TailCount) = (first, count);
        first.Slot.Pin();
    }

    /// <summary>Only under the index's lock, where the place is alive.</summary>
    public PlaceRun(PackExtent extent)
    {
        Extent = extent;
        extent.Pack.Pin();
    }

    /// <summary>Null: batches of the tail.</summary>
    public PackExtent? Extent { get; }

    public int TailCount { get; }

    public long BaseOffset => Extent?.BaseOffset ?? _first.BaseOffset;

    /// <summary>Of the extent, or of the first batch.</summary>
    public long EndOffset => Extent?.EndOffset ?? _first.EndOffset;

    public void Unpin()
    {
        if (Extent is null)
        {
            _first.Slot.Unpin();
        }
        else
        {
            Extent.Pack.Unpin();
        }
    }
}
