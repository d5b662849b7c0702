using Messaging.Storage.Packs;
using Messaging.Storage.Streams;

namespace Messaging.Storage.Maintenance;

/// <summary>
/// Which extents are worth copying forward (engine.md section 7): those of packs of which little lives, and runs of small
/// ones of a stream, tier by tier, so that a stream that trickles for a year has a bounded number of extents and no byte is
/// copied more than once per tier. Extents in which nothing lives are only dropped. Pure: a function of what it is given.
/// </summary>
internal static class MergePlan
{
    /// <summary>A pack that would shrink to less than half is copied forward: at most one byte is written for one that is freed.</summary>
    private const double LiveShareMin = 0.5;

    /// <summary>A plan reads at most so much for what it may write: what is little alive is read nearly for nothing.</summary>
    private const int ReadFactor = 4;

    /// <summary>So many adjoining extents of a stream, or packs, of one tier become one, which is above the tier then or nearly so: a byte is copied about once per tier.</summary>
    private const int RunLengthMin = 8;

    /// <summary>In the last tier, whose extents are no burden to readers: an ingest over a thousand partitions makes nothing else, and they are copied once and not twice.</summary>
    private const int LastRunLength = 32;

    private static readonly long[] SmallTiers = [4 << 10, 32 << 10];

    /// <summary>The first that a pack holds a run of is the last tier.</summary>
    private static readonly long[] LastTiers = [2 << 20, 256 << 10];

    /// <summary>An extent up to so many bytes is a small one, where packs are closed at that size; 0 where none is.</summary>
    public static long SmallBytesMax(long packBytes) => TiersOf(packBytes).Select(tier => tier.BytesMax).DefaultIfEmpty(0).Max();

    /// <summary>At most about <paramref name="bytesMax"/> to write, one pack: what is left over is the next plan's.</summary>
    public static List<StreamMerge> Make(LogStream[] streams, Lock gate, long bytesMax)
    {
        List<StreamExtents> all = Measure(streams, gate);
        var budget = new Budget(bytesMax);

        Tier[] tiers = [.. TiersOf(bytesMax)];
        HashSet<Pack> packs = ChoosePacks(all, tiers);
        var plan = new List<StreamMerge>();
        foreach (StreamExtents stream in all)
        {
            bool[] chosen = [.. stream.Extents.Select(extent => packs.Contains(extent.Extent.Pack) && !extent.Extent.IsUnreadable)];
            ChooseRuns(stream.Extents, tiers, chosen);
            StreamMerge merge = Limit(stream, chosen, budget);
            if (merge.Copied.Count > 0 || merge.Dropped.Count > 0)
            {
                plan.Add(merge);
            }
        }

        return plan;
    }

    // What is joined must fit into one pack, or it would be joined again and again.
    private static IEnumerable<Tier> TiersOf(long packBytes) => SmallTiers
        .Select(bytes => new Tier(bytes, RunLengthMin))
        .Concat(LastTiers.Where(bytes => bytes * RunLengthMin <= packBytes).Take(1).Select(bytes => new Tier(bytes, (int)Math.Min(LastRunLength, packBytes / bytes))))
        .Where(tier => tier.BytesMax * tier.RunLengthMin <= packBytes);

    private static List<StreamExtents> Measure(LogStream[] streams, Lock gate)
    {
        var all = new List<StreamExtents>();
        foreach (LogStream stream in streams)
        {
            (PackExtent[] extents, _) = stream.Index.Copy();
            if (extents.Length == 0)
            {
                continue;
            }

            var lives = new ExtentLife[extents.Length];
            lock (gate)
            {
                for (int i = 0; i < extents.Length; i++)
                {
                    PackExtent extent = extents[i];
                    long livingOffsets = extent.EndOffset - extent.BaseOffset - stream.Released.CountIn(extent.BaseOffset, extent.EndOffset);
                    lives[i] = new ExtentLife(extent, extent.Bytes * extent.LiveShare(livingOffsets));
                }
            }

            all.Add(new StreamExtents(stream, lives));
        }

        return all;
    }

    // Packs of which little lives, and small packs where there are many: stragglers of many streams end up together.
    private static HashSet<Pack> ChoosePacks(List<StreamExtents> all, Tier[] tiers)
    {
        Dictionary<Pack, double> rewritten = [];
        HashSet<Pack> damaged = [];
        foreach (ExtentLife extent in all.SelectMany(stream => stream.Extents))
        {
            rewritten[extent.Extent.Pack] = rewritten.GetValueOrDefault(extent.Extent.Pack, PackFormat.HeaderBytes + PackFormat.FooterBytes) + extent.RewrittenBytes;
            if (extent.Extent.IsUnreadable)
            {
                damaged.Add(extent.Extent.Pack);
            }
        }

        HashSet<Pack> chosen = [.. rewritten.Where(pack => pack.Value < pack.Key.Bytes * LiveShareMin).Select(pack => pack.Key)];
        foreach (Tier tier in tiers)
        {
            Pack[] small = [.. rewritten.Keys.Where(pack => pack.Bytes <= tier.BytesMax && !damaged.Contains(pack))];
            if (small.Length >= tier.RunLengthMin)
            {
                chosen.UnionWith(small);
            }
        }

        return chosen;
    }

    private static void ChooseRuns(ExtentLife[] extents, Tier[] tiers, bool[] chosen)
    {
        foreach (Tier tier in tiers)
        {
            int start = 0;
            for (int i = 0; i <= extents.Length; i++)
            {
                if (i < extents.Length && extents[i].Extent.Bytes <= tier.BytesMax && !extents[i].Extent.IsUnreadable)
                {
                    continue;
                }

                if (i - start >= tier.RunLengthMin)
                {
                    Array.Fill(chosen, true, start, i - start);
                }

                start = i + 1;
            }
        }
    }

    private static StreamMerge Limit(in StreamExtents stream, bool[] chosen, Budget budget)
    {
        var copied = new HashSet<PackExtent>(ReferenceEqualityComparer.Instance);
        var dropped = new HashSet<PackExtent>(ReferenceEqualityComparer.Instance);
        for (int i = 0; i < chosen.Length; i++)
        {
            ExtentLife extent = stream.Extents[i];
            if (extent.LiveBytes <= 0)
            {
                dropped.Add(extent.Extent);
            }
            else if (chosen[i] && budget.TryTake(extent))
            {
                copied.Add(extent.Extent);
            }
        }

        return new StreamMerge(stream.Stream, copied, dropped);
    }

    /// <summary>Extents up to so many bytes, and how many of them are worth being joined.</summary>
    private readonly record struct Tier(long BytesMax, int RunLengthMin);

    /// <summary>Live bytes are an estimate: the extent's share of records that live.</summary>
    private readonly record struct ExtentLife(PackExtent Extent, double LiveBytes)
    {
        /// <summary>What the extent takes in a new pack, its index entries included: a pack of small extents is mostly index.</summary>
        public double RewrittenBytes => LiveBytes <= 0 ? 0 : LiveBytes + PackFormat.ExtentBytes + (Extent.BlockCount * PackFormat.BlockBytes);
    }

    private readonly record struct StreamExtents(LogStream Stream, ExtentLife[] Extents);

    // Ends at the first extent that does not fit, so that runs are cut at their end and not in their middle; the first always fits.
    private sealed class Budget(long bytesMax)
    {
        private double _written;
        private long _read;
        private bool _isSpent;

        public bool TryTake(in ExtentLife extent)
        {
            _written += extent.LiveBytes;
            _isSpent |= _read > 0 && (_written > bytesMax || _read + extent.Extent.Bytes > ReadFactor * bytesMax);
            _read += extent.Extent.Bytes;
            return !_isSpent;
        }
    }
}

/// <summary>One stream's part of a merge.</summary>
internal readonly record struct StreamMerge(LogStream Stream, HashSet<PackExtent> Copied, HashSet<PackExtent> Dropped);
