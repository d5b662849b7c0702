using Messaging.Storage.Disk;
using Messaging.Storage.Journal;
using Messaging.Storage.Packs;
using Messaging.Storage.Streams;

namespace Messaging.Storage.Reading;

/// <summary>
/// Where a block of whole record batches stands: one batch in a journal slot, or one block of a pack. Holds a pin on its
/// file; who got it calls <see cref="Unpin"/> once.
/// </summary>
internal readonly struct BlockPlace
{
    private readonly JournalSlot? _slot;
    private readonly Pack? _pack;

    private BlockPlace(JournalSlot? slot, Pack? pack, long fileKey, IDiskFile file, long position, int length, long baseOffset, uint? crc, bool isShared)
    {
        (_slot, _pack, Key, File, Position, Length, BaseOffset, Crc, IsShared) = (slot, pack, new BlockKey(fileKey, position), file, position, length, baseOffset, crc, isShared);
    }

    public BlockKey Key { get; }

    public IDiskFile File { get; }

    public long Position { get; }

    public int Length { get; }

    /// <summary>The offset that the first batch must have: what the journal's frame or the pack's index said.</summary>
    public long BaseOffset { get; }

    /// <summary>Several streams have the batch, each at a base offset of its own: what stands in it is zero.</summary>
    public bool IsShared { get; }

    /// <summary>What is added to an offset as it stands there. Offsets in the block are those of no stream where it is shared, so that all share it in the cache too.</summary>
    public long Shift => IsShared ? BaseOffset : 0;

    /// <summary>Of a pack's block; a journal's batch is checked by its own CRC, its offset and its length.</summary>
    public uint? Crc { get; }

    public bool IsInPack => _pack is not null;

    public string FileName => _slot is null ? _pack!.Name : JournalSlot.NameOf(_slot.Number);

    public static BlockPlace InJournal(in TailBatch batch, long use) =>
        new(batch.Slot, null, -use, batch.Slot.File, batch.Position, batch.Length, batch.BaseOffset, null, batch.IsShared);

    public static BlockPlace InPack(Pack pack, in PackBlock block) =>
        new(null, pack, pack.Id, pack.File, block.Position, block.Length, block.BaseOffset, block.Crc, isShared: false);

    public void Unpin()
    {
        _slot?.Unpin();
        _pack?.Unpin();
    }
}

/// <summary>Names a block for as long as its file lives: a pack's id, or the negative use of a journal slot, and the position.</summary>
internal readonly record struct BlockKey(long File, long Position);
