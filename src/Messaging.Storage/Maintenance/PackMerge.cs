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
    /// <summary>False when nothing could be done: all that was planned is damaged.</summary>
    public static bool Run(List<StreamMerge> plan, RecordReader reader, ExtentCopier copier)
    {
        copier.Expect(plan.Sum(merge => merge.Copied.Sum(extent => extent.Bytes)));
        foreach (StreamMerge merge in plan)
        {
            Copy(merge, reader, copier);
        }

        ILookup<long, PackExtent> written = copier.Finish();
        foreach (StreamMerge merge in plan)
        {
            (PackExtent[] extents, _) = merge.Stream.Index.Copy();
            merge.Stream.Index.Replace(
                [.. extents.Where(extent => !merge.Copied.Contains(extent) && !merge.Dropped.Contains(extent))
                    .Concat(written[merge.Stream.Id])
                    .OrderBy(extent => extent.BaseOffset)],
                tailBatchesMoved: 0);
        }

        return plan.Exists(merge => merge.Copied.Count > 0 || merge.Dropped.Count > 0);
    }

    private static void Copy(in StreamMerge merge, RecordReader reader, ExtentCopier copier)
    {
        (PackExtent[] extents, _) = merge.Stream.Index.Copy();
        foreach (PackExtent extent in extents)
        {
            if (!merge.Copied.Contains(extent) || !IsReadable(merge.Stream, extent, reader))
            {
                // What is not copied keeps its place in the order: the new extents must not reach across it.
                merge.Copied.Remove(extent);
                copier.Break();
                continue;
            }

            foreach (PackBlock block in extent.Blocks)
            {
                if (!copier.TryCopy(merge.Stream, BlockPlace.InPack(extent.Pack, block)))
                {
                    throw new StorageFaultException(StorageFault.Corruption, $"{extent.Pack.Name} at {block.Position} can't be read any more.");
                }
            }
        }
    }

    // An extent with a damaged block stays as it is, in quarantine: what can be read of it is served from where it stands. Asks the
    // disk and not the cache, in which a block may outlive its bytes on the disk.
    private static bool IsReadable(LogStream stream, PackExtent extent, RecordReader reader)
    {
        extent.IsUnreadable = !reader.TryGetBlocks(extent, stream, out ReadOnlySpan<PackBlock> blocks);
        foreach (PackBlock block in blocks)
        {
            var place = BlockPlace.InPack(extent.Pack, block);
            if (!ExtentCopier.CanRead(place))
            {
                extent.IsUnreadable = true;
                reader.Quarantine(place, stream, "copying it forward found it damaged", null);
            }
        }

        return !extent.IsUnreadable;
    }
}
