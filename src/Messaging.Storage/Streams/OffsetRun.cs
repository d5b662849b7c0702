namespace Messaging.Storage.Streams;

/// <summary>Either consecutive blocks that are full, or one block that is partly filled and has a bitmap.</summary>
internal struct OffsetRun(long first, long end, ulong[]? bits)
{
    /// <summary>The number of the first block: its first offset divided by <see cref="OffsetSet.BlockOffsets"/>.</summary>
    public long First = first;

    /// <summary>The block after the last one.</summary>
    public long End = end;

    /// <summary>Null: every offset of every block is in the set.</summary>
    public ulong[]? Bits = bits;

    /// <summary>Of a partly filled block: its offsets in the set that are not below the set's floor.</summary>
    public int Count;
}
