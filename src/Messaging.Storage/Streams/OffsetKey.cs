using Messaging.Storage.Packs;

namespace Messaging.Storage.Streams;

/// <summary>An offset that is looked for among batches, extents or blocks, which are ordered by their base offsets. Hot path.</summary>
internal readonly struct OffsetKey(long offset) : IComparable<TailBatch>, IComparable<PackExtent>, IComparable<PackBlock>
{
    private readonly long _offset = offset;

    /// <summary>The last place that begins at the offset or below, which holds it if any does; -1 when all begin above.</summary>
    public static int FindLast<T, TKey>(ReadOnlySpan<T> places, TKey key)
        where TKey : IComparable<T>
    {
        int index = places.BinarySearch(key);
        return index >= 0 ? index : ~index - 1;
    }

    public int CompareTo(TailBatch other) => _offset.CompareTo(other.BaseOffset);

    public int CompareTo(PackExtent? other) => _offset.CompareTo(other!.BaseOffset);

    public int CompareTo(PackBlock other) => _offset.CompareTo(other.BaseOffset);
}
