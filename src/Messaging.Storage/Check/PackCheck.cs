using Messaging.Storage.Checkpoints;
using Messaging.Storage.Disk;
using Messaging.Storage.Packs;

namespace Messaging.Storage.Check;

/// <summary>
/// The packs that the checkpoint names (all that are there, where it can't be read; none, where there is none yet): header, footer, index, blocks,
/// batches, records; that they are what the checkpoint says; and that no record which lives is missing.
/// </summary>
internal sealed class PackCheck
{
    private readonly CheckRun _run;
    private readonly string _name;
    private readonly Dictionary<int, (long StreamId, ExtentEntry Extent)> _named = [];

    private PackCheck(CheckRun run, long id, IEnumerable<(long StreamId, ExtentEntry Extent)> named)
    {
        (_run, _name) = (run, Pack.NameOf(id));
        foreach ((long streamId, ExtentEntry extent) in named)
        {
            if (!_named.TryAdd(extent.FirstBlock, (streamId, extent)))
            {
                run.Add(_name, 0, streamId, extent.BaseOffset, extent.EndOffset, "the checkpoint names two extents at the same place");
            }
        }
    }

    public static void Run(CheckRun run)
    {
        if (run.Meta is { CheckpointId: 0 })
        {
            return;
        }

        if (run.Checkpoint is not { } checkpoint)
        {
            foreach (string file in run.Disk.List("packs"))
            {
                if (Pack.TryParseName("packs/" + file, out long id))
                {
                    new PackCheck(run, id, []).Check(id, null);
                }
            }

            return;
        }

        ILookup<long, (long StreamId, ExtentEntry Extent)> named = checkpoint.Streams
            .SelectMany(stream => stream.Extents.Select(extent => (StreamId: stream.Id, Extent: extent)))
            .ToLookup(found => found.Extent.PackId);
        foreach (PackEntry pack in checkpoint.Packs.DistinctBy(pack => pack.Id))
        {
            new PackCheck(run, pack.Id, named[pack.Id]).Check(pack.Id, pack.Bytes);
            Count(run, pack, named[pack.Id]);
        }
    }

    private static void Count(CheckRun run, PackEntry pack, IEnumerable<(long StreamId, ExtentEntry Extent)> named)
    {
        long live = 0;
        foreach ((long streamId, ExtentEntry extent) in named)
        {
            if (run.Streams.GetValueOrDefault(streamId) is { IsDropped: false } stream && extent.Count > 0)
            {
                live += (long)(extent.Bytes * Math.Min(1, (double)stream.CountLiving(extent.BaseOffset, extent.EndOffset) / extent.Count));
            }
        }

        run.Summary.Extents += named.Count();
        run.Summary.PackBytesLive += live;
        run.Summary.PackBytesDead += Math.Max(0, pack.Bytes - live);
    }

    private void Check(long id, long? bytes)
    {
        _run.Summary.Packs++;
        if (!_run.Disk.Exists(_name))
        {
            _run.Add(_name, 0, "the file is missing, and the checkpoint names it");
            ReportAll();
            return;
        }

        bool isReadable = _run.Try(_name, () =>
        {
            using IDiskFile file = _run.Disk.Open(_name, create: false);
            if (bytes is not null && bytes != file.Length)
            {
                _run.Add(_name, Math.Min(bytes.Value, file.Length), $"the file has {file.Length} bytes, and the checkpoint says {bytes}");
            }

            PackIndex index = PackReader.ReadIndex(file, id, _name);
            CheckIndex(index, file.Length);
            var check = new PackExtentCheck(_run, file, _name);
            foreach (PackedExtent extent in index.Extents)
            {
                check.Check(extent, index.Blocks, FindStream(extent));
            }
        });
        if (!isReadable)
        {
            ReportAll();
        }
    }

    // Nothing of the pack can be read: which records that hits, by stream.
    private void ReportAll()
    {
        foreach (IGrouping<long, ExtentEntry> stream in _named.Values.GroupBy(extent => extent.StreamId, extent => extent.Extent))
        {
            _run.Add(_name, 0, stream.Key, stream.Min(extent => extent.BaseOffset), stream.Max(extent => extent.EndOffset), "records in a pack that can't be read");
        }
    }

    private void CheckIndex(PackIndex index, long fileBytes)
    {
        long indexBytes = ((long)index.Extents.Length * PackFormat.ExtentBytes) + ((long)index.Blocks.Length * PackFormat.BlockBytes);
        long indexPosition = fileBytes - PackFormat.FooterBytes - indexBytes;
        CheckBlocks(index, indexPosition);
        int firstBlock = 0;
        PackedExtent previous = new(-1, 0, 0, 0, 0, 0, 0, 0);
        foreach (PackedExtent extent in index.Extents)
        {
            bool isSorted = extent.StreamId > previous.StreamId || (extent.StreamId == previous.StreamId && extent.BaseOffset >= previous.EndOffset);
            Require(isSorted && extent.BaseOffset < extent.EndOffset, indexPosition, "extents are out of order or overlap");
            Require(extent.FirstBlock == firstBlock, indexPosition, "the blocks of an extent do not follow those of the one before");
            firstBlock = extent.FirstBlock + extent.BlockCount;
            previous = extent;
        }

        Require(firstBlock == index.Blocks.Length, indexPosition, "blocks belong to no extent");
        HashSet<PackedExtent> held = [.. index.Extents];
        foreach ((long streamId, ExtentEntry named) in _named.Values)
        {
            var expected = new PackedExtent(
                streamId, named.BaseOffset, named.EndOffset, named.MaxTimestamp, named.Bytes, named.Count, named.FirstBlock, named.BlockCount);
            if (!held.Contains(expected))
            {
                _run.Add(_name, indexPosition, streamId, named.BaseOffset, named.EndOffset, "the index does not hold the extent that the checkpoint names");
            }
        }
    }

    // In the order of the file: that of the index, but in what was a journal file, where streams take turns and other things stand between the blocks.
    private void CheckBlocks(PackIndex index, long indexPosition)
    {
        long position = PackFormat.HeaderBytes;
        foreach (PackBlock block in index.WasJournal ? index.Blocks.OrderBy(block => block.Position) : index.Blocks.AsEnumerable())
        {
            bool follows = index.WasJournal ? block.Position >= position : block.Position == position;
            Require(follows, indexPosition, $"the block at {block.Position} does not follow what ends at {position}");
            position = block.Position + block.Length;
        }

        Require(index.WasJournal || position == indexPosition, position, "no block covers what stands before the index");
    }

    private CheckedStream? FindStream(in PackedExtent extent) =>
        _named.TryGetValue(extent.FirstBlock, out (long StreamId, ExtentEntry Extent) named) && named.StreamId == extent.StreamId
            ? _run.Streams.GetValueOrDefault(extent.StreamId)
            : null;

    private void Require(bool holds, long position, string what)
    {
        if (!holds)
        {
            _run.Add(_name, position, what);
        }
    }
}
