using Messaging.Storage.Packs;
using Messaging.Storage.Reading;
using Messaging.Storage.Streams;

namespace Messaging.Storage.Maintenance;

/// <summary>
/// Carries out a <see cref="MergePlan"/>: live records are copied forward with their old offsets, dead extents are forgotten.
/// The packs that nothing names any more go with the next checkpoint.
/// </summary>
internal static class PackMerge
{
    /// <summary>
    /// False when the disk does not hold some extent as it was written: nothing has changed then, and all such extents of the plan
    /// are marked as unreadable, for a new plan. So sound blocks, which are nearly all, are read once.
    /// </summary>
    public static bool TryRun(List<StreamMerge> plan, RecordReader reader, ExtentCopier copier)
    {
        copier.Expect(plan.Sum(merge => merge.Copied.Sum(extent => extent.Bytes)));
        bool isSound = true;
        foreach (StreamMerge merge in plan)
        {
            (PackExtent[] extents, _) = merge.Stream.Index.Copy();
            foreach (PackExtent extent in extents)
            {
                if (merge.Copied.Contains(extent))
                {
                    isSound &= TryCopy(merge.Stream, extent, reader, isSound ? copier : null);
                }
                else
                {
                    // What is not copied keeps its place in the order: the new extents must not reach across it.
                    copier.Break();
                }
            }
        }

        if (isSound)
        {
            Replace(plan, copier.Finish());
        }

        return isSound;
    }

    // An extent with a damaged block stays as it is, in quarantine: what can be read of it is served from where it stands. Asks the
    // disk and not the cache, in which a block may outlive its bytes on the disk.
    private static bool TryCopy(LogStream stream, PackExtent extent, RecordReader reader, ExtentCopier? copier)
    {
        extent.IsUnreadable = !reader.TryGetBlocks(extent, stream, out ReadOnlySpan<PackBlock> blocks);
        foreach (PackBlock block in blocks)
        {
            var place = BlockPlace.InPack(extent.Pack, block);
            bool isSound = copier is null || extent.IsUnreadable ? ExtentCopier.CanRead(place) : copier.TryCopy(stream, place);
            if (!isSound)
            {
                extent.IsUnreadable = true;
                reader.Quarantine(place, stream, "copying it forward found it damaged", null);
            }
        }

        return !extent.IsUnreadable;
    }

    private static void Replace(List<StreamMerge> plan, ILookup<long, PackExtent> written)
    {
        foreach (StreamMerge merge in plan)
        {
            (PackExtent[] extents, _) = merge.Stream.Index.Copy();
            merge.Stream.Index.Replace(
                [.. extents.Where(extent => !merge.Copied.Contains(extent) && !merge.Dropped.Contains(extent))
                    .Concat(written[merge.Stream.Id])
                    .OrderBy(extent => extent.BaseOffset)],
                tailBatchesMoved: 0);
        }
    }
}
