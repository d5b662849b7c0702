namespace Messaging.Storage.Streams;

/// <summary>
/// One spare bitmap and one spare list of blocks per thread: a stream whose offsets come slightly out of order needs one
/// again and again for a moment, and an idle stream should not keep it.
/// </summary>
internal static class OffsetBitmaps
{
    /// <summary>A bitmap with its array's own words.</summary>
    public const int MemoryBytes = (OffsetSet.BlockOffsets / 8) + 24;

    [ThreadStatic]
    private static ulong[]? _bitmap;

    [ThreadStatic]
    private static OffsetBlocks? _blocks;

    /// <summary>All bits clear.</summary>
    public static ulong[] Rent()
    {
        if (_bitmap is not { } bitmap)
        {
            return new ulong[OffsetSet.BlockOffsets / OffsetBits.WordBits];
        }

        _bitmap = null;
        Array.Clear(bitmap);
        return bitmap;
    }

    public static void Return(ulong[] bitmap) => _bitmap = bitmap;

    public static OffsetBlocks RentBlocks()
    {
        var blocks = _blocks ?? new OffsetBlocks();
        _blocks = null;
        return blocks;
    }

    public static void Return(OffsetBlocks emptied) => _blocks = emptied;
}
