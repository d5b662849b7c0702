using Messaging.Storage.Packs;

namespace Messaging.Storage.Streams;

/// <summary>Where retention may cut a stream and where a time begins in it, as near as the index knows without reading. Times need not rise with the offsets.</summary>
internal static class RetentionCuts
{
    /// <summary>The end of the leading run of places that hold nothing of <paramref name="timestamp"/> (ms) or later; at least <paramref name="low"/>.</summary>
    public static long FirstNotOlderThan(PlaceWalk places, long timestamp, long low)
    {
        long first = low;
        while (places.MoveNext() && places.Current.MaxTimestamp < timestamp)
        {
            first = Math.Max(first, places.Current.EndOffset);
        }

        return first;
    }

    /// <summary>Where the first place begins that holds something of <paramref name="timestamp"/> (ms) or later; at least <paramref name="low"/>, null where there is none.</summary>
    public static long? FirstAtOrAfter(PlaceWalk places, long timestamp, long low)
    {
        while (places.MoveNext())
        {
            if (places.Current.EndOffset > low && places.Current.MaxTimestamp >= timestamp)
            {
                return Math.Max(low, places.Current.BaseOffset);
            }
        }

        return null;
    }

    /// <summary>Bytes of all batches.</summary>
    public static long Sum(PlaceWalk places)
    {
        long bytes = 0;
        while (places.MoveNext())
        {
            bytes += places.Current.Bytes;
        }

        return bytes;
    }

    /// <summary>Bytes of what stands from <paramref name="offset"/> on; of a place that straddles it, the share of its offsets.</summary>
    public static long SumFrom(PlaceWalk places, long offset)
    {
        long bytes = 0;
        while (places.MoveNext())
        {
            StoredPlace place = places.Current;
            long offsets = place.EndOffset - Math.Max(place.BaseOffset, offset);
            if (offsets > 0)
            {
                bytes += (long)((double)place.Bytes * offsets / (place.EndOffset - place.BaseOffset));
            }
        }

        return bytes;
    }

    /// <summary>Bytes of what lives: of each place the share of its offsets from <paramref name="low"/> on that are not <paramref name="released"/>.</summary>
    public static long SumLiving(PlaceWalk places, OffsetSet released, long low)
    {
        double bytes = 0;
        while (places.MoveNext())
        {
            StoredPlace place = places.Current;
            long from = Math.Max(place.BaseOffset, low);
            bytes += from >= place.EndOffset ? 0 : place.Bytes * LiveShare(place, place.EndOffset - from - released.CountIn(from, place.EndOffset));
        }

        return (long)bytes;
    }

    /// <summary>
    /// The lowest boundary from which on at most <paramref name="bytes"/> live; an extent that straddles it is cut between its blocks where their index is in memory, and kept whole where it is
    /// not. What is <paramref name="released"/> and still stored counts as little as its share of the records around it; null: nothing is above <paramref name="low"/>.
    /// </summary>
    public static long FirstWithinBytes(PlaceWalk places, OffsetSet? released, long bytes, long low)
    {
        double living = 0;
        for (PlaceWalk all = places; all.MoveNext();)
        {
            living += all.Current.Bytes * LiveShare(all.Current, released, low);
        }

        long first = low;
        while (living > bytes && places.MoveNext())
        {
            StoredPlace place = places.Current;
            double share = LiveShare(place, released, low);
            if (living - (place.Bytes * share) < bytes && place.Extent is { } extent)
            {
                return Math.Max(low, FirstBlockWithin(extent, living, share, bytes));
            }

            living -= place.Bytes * share;
            first = Math.Max(first, place.EndOffset);
        }

        return first;
    }

    // What is below the low offset counts as if it lived: it is what a cut goes through first.
    private static double LiveShare(in StoredPlace place, OffsetSet? released, long low)
    {
        long from = Math.Max(place.BaseOffset, low);
        if (released is null || from >= place.EndOffset)
        {
            return 1;
        }

        return LiveShare(place, place.EndOffset - place.BaseOffset - released.CountIn(from, place.EndOffset));
    }

    private static double LiveShare(in StoredPlace place, long living) => place.Extent?.LiveShare(living) ?? (double)living / (place.EndOffset - place.BaseOffset);

    private static long FirstBlockWithin(PackExtent extent, double living, double share, long bytes)
    {
        if (!extent.Pack.TryGetBlocks(out PackBlock[]? blocks))
        {
            return extent.BaseOffset;
        }

        int end = extent.FirstBlock + extent.BlockCount;
        for (int i = extent.FirstBlock; i < end; i++)
        {
            if (living <= bytes)
            {
                return blocks[i].BaseOffset;
            }

            living -= blocks[i].Length * share;
        }

        return extent.EndOffset;
    }
}
