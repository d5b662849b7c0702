namespace Messaging.Storage.Reading;

/// <summary>
/// The blocks read last, bounded in bytes, oldest use out first: a consumer that takes ten records at a time reads and
/// checks each block once. Thread-safe by one short lock; blocks are loaded outside of it.
/// </summary>
internal sealed class BlockCache(int bytesMax)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<BlockKey, LinkedListNode<Entry>> _blocks = [];
    private readonly LinkedList<Entry> _byUse = [];
    private long _bytes;

    /// <summary>The block with a reference for the caller, or null when it is damaged. A failing read throws.</summary>
    public RecordBlock? Get(in BlockPlace place)
    {
        lock (_lock)
        {
            if (_blocks.TryGetValue(place.Key, out LinkedListNode<Entry>? node) && node.Value.Block.TryAddReference())
            {
                _byUse.Remove(node);
                _byUse.AddFirst(node);
                return node.Value.Block;
            }
        }

        RecordBlock? block = RecordBlock.TryLoad(place);
        if (block is not null)
        {
            Keep(place.Key, block);
        }

        return block;
    }

    private void Keep(BlockKey key, RecordBlock block)
    {
        lock (_lock)
        {
            if (_blocks.ContainsKey(key) || block.Footprint > bytesMax / 4)
            {
                return;
            }

            Invariant.Check(block.TryAddReference(), "a block that was just loaded is held");
            _blocks.Add(key, _byUse.AddFirst(new Entry(key, block)));
            _bytes += block.Footprint;
            while (_bytes > bytesMax)
            {
                Entry oldest = _byUse.Last!.Value;
                _byUse.RemoveLast();
                _blocks.Remove(oldest.Key);
                _bytes -= oldest.Block.Footprint;
                oldest.Block.Release();
            }
        }
    }

    private readonly record struct Entry(BlockKey Key, RecordBlock Block);
}
