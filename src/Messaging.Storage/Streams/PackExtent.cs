using Messaging.Storage.Packs;

namespace Messaging.Storage.Streams;

/// <summary>
/// A run of one stream's offsets in one pack, immutable. Offsets between <see cref="BaseOffset"/> and <see cref="EndOffset"/>
/// (exclusive) that the extent does not hold were released before it was written.
/// </summary>
internal sealed record PackExtent(Pack Pack, long BaseOffset, long EndOffset, long MaxTimestamp, int FirstBlock, int BlockCount, long Count, long Bytes)
{
    /// <summary>As its pack's index has it.</summary>
    public static PackExtent Of(Pack pack, in PackedExtent extent) =>
        new(pack, extent.BaseOffset, extent.EndOffset, extent.MaxTimestamp, extent.FirstBlock, extent.BlockCount, extent.Count, extent.Bytes) { KeptDead = extent.KeptDead };

    /// <summary>
    /// Released offsets that were copied with the extent nevertheless: copying it again would not leave them out either. Unknown, zero, after a
    /// start, which costs one more copy.
    /// </summary>
    public long KeptDead { get; init; }

    /// <summary>Copying it forward found it damaged: it stays where it is until nothing in it lives. Set by maintenance.</summary>
    public bool IsUnreadable { get; set; }

    /// <summary>The share of its bytes that lives, or that copying it did not leave out, where so many of its offsets live. A batch may span more offsets than it has records.</summary>
    public double LiveShare(long livingOffsets) => livingOffsets == 0 ? 0 : Math.Min(1, (double)(livingOffsets + KeptDead) / Count);

    /// <summary>The block that holds the offset, if any of the extent's blocks does.</summary>
    public static PackBlock FindBlock(ReadOnlySpan<PackBlock> blocks, long offset) =>
        blocks[Math.Max(0, OffsetKey.FindLast(blocks, new OffsetKey(offset)))];

    /// <summary>May read the pack's index from the disk; throws when it is damaged.</summary>
    public ReadOnlySpan<PackBlock> Blocks => Pack.Blocks.AsSpan(FirstBlock, BlockCount);
}
