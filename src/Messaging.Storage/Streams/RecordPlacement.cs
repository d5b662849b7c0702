using Messaging.Storage.Reading;

namespace Messaging.Storage.Streams;

/// <summary>What a stream's index says of one offset: a batch of the tail, or an extent of a pack.</summary>
internal readonly struct RecordPlacement
{
    private readonly TailBatch _batch;
    private readonly long _use;
    private readonly PackExtent? _extent;

    // The slot's use is read here, under the index's lock: once it is pinned the slot may retire, but not be taken again.
    public RecordPlacement(in TailBatch batch) => (_batch, _use) = (batch, batch.Slot.Use);

    public RecordPlacement(PackExtent extent) => _extent = extent;

    /// <summary>Keeps the file from being recycled or deleted; only under the index's lock, where the placement is alive.</summary>
    public bool Pin()
    {
        if (_extent is null)
        {
            _batch.Slot.Pin();
        }
        else
        {
            _extent.Pack.Pin();
        }

        return true;
    }

    /// <summary>Null: the batch of the tail.</summary>
    public PackExtent? Extent => _extent;

    /// <summary>The batch to read, which takes over the pin.</summary>
    public BlockPlace ToBatch() => BlockPlace.InJournal(_batch, _use);
}
