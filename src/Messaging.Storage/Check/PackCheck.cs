using Messaging.Storage.Checkpoints;
using Messaging.Storage.Disk;
using Messaging.Storage.Packs;
using Messaging.Storage.Records;

namespace Messaging.Storage.Check;

/// <summary>
/// The packs that the checkpoint names (all that are there, where no checkpoint can be read): header, footer, index, blocks,
/// batches, records; that they are what the checkpoint says; and that no record which lives is missing.
/// </summary>
internal sealed class PackCheck
{
    private readonly CheckRun _run;
    private readonly string _name;
    private readonly Dictionary<int, (long StreamId, ExtentEntry Extent)> _named = [];
    private byte[] _block = [];

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
                live += (long)((double)extent.Bytes * stream.CountLiving(extent.BaseOffset, extent.EndOffset) / extent.Count);
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

            (PackedExtent[] extents, PackBlock[] blocks) = PackReader.ReadIndex(file, id, _name);
            CheckIndex(extents, blocks, file.Length);
            foreach (PackedExtent extent in extents)
            {
                CheckExtent(file, extent, blocks);
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

    private void CheckIndex(PackedExtent[] extents, PackBlock[] blocks, long fileBytes)
    {
        long indexBytes = ((long)extents.Length * PackFormat.ExtentBytes) + ((long)blocks.Length * PackFormat.BlockBytes);
        long indexPosition = fileBytes - PackFormat.FooterBytes - indexBytes;
        long position = PackFormat.HeaderBytes;
        foreach (PackBlock block in blocks)
        {
            Require(block.Position == position, indexPosition, $"the block at {block.Position} does not follow what ends at {position}");
            position = block.Position + block.Length;
        }

        Require(position == indexPosition, position, "no block covers what stands before the index");
        int firstBlock = 0;
        PackedExtent previous = new(-1, 0, 0, 0, 0, 0, 0, 0);
        foreach (PackedExtent extent in extents)
        {
            bool isSorted = extent.StreamId > previous.StreamId || (extent.StreamId == previous.StreamId && extent.BaseOffset >= previous.EndOffset);
            Require(isSorted && extent.BaseOffset < extent.EndOffset, indexPosition, "extents are out of order or overlap");
            Require(extent.FirstBlock == firstBlock, indexPosition, "the blocks of an extent do not follow those of the one before");
            firstBlock = extent.FirstBlock + extent.BlockCount;
            previous = extent;
        }

        Require(firstBlock == blocks.Length, indexPosition, "blocks belong to no extent");
        HashSet<PackedExtent> held = [.. extents];
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

    private void CheckExtent(IDiskFile file, in PackedExtent extent, PackBlock[] blocks)
    {
        CheckedStream? stream = _named.TryGetValue(extent.FirstBlock, out (long StreamId, ExtentEntry Extent) named) && named.StreamId == extent.StreamId
            ? _run.Streams.GetValueOrDefault(extent.StreamId)
            : null;
        var sums = new Sums(extent.BaseOffset);
        bool isSound = true;
        int end = extent.FirstBlock + extent.BlockCount;
        for (int i = extent.FirstBlock; i < end; i++)
        {
            long endOffset = i + 1 < end ? blocks[i + 1].BaseOffset : extent.EndOffset;
            string? flaw = FindFlaw(file, blocks[i], endOffset, stream, ref sums);
            if (flaw is not null)
            {
                isSound = false;
                _run.Add(_name, blocks[i].Position, extent.StreamId, blocks[i].BaseOffset, endOffset, flaw);
            }
        }

        if (!isSound)
        {
            return;
        }

        if ((sums.Next, sums.Count, sums.Bytes, sums.MaxTimestamp) != (extent.EndOffset, extent.Count, extent.Bytes, extent.MaxTimestamp))
        {
            _run.Add(_name, blocks[extent.FirstBlock].Position, extent.StreamId, extent.BaseOffset, extent.EndOffset, "the extent does not hold what its index says");
        }

        long lost = stream is null ? 0 : stream.CountLiving(extent.BaseOffset, extent.EndOffset) - sums.Living;
        if (lost != 0)
        {
            _run.Add(_name, blocks[extent.FirstBlock].Position, extent.StreamId, extent.BaseOffset, extent.EndOffset, $"{lost} records that live are missing");
        }
    }

    private string? FindFlaw(IDiskFile file, in PackBlock block, long endOffset, CheckedStream? stream, ref Sums sums)
    {
        if (_block.Length < block.Length)
        {
            _block = GC.AllocateUninitializedArray<byte>(block.Length);
        }

        Span<byte> bytes = _block.AsSpan(0, block.Length);
        try
        {
            if (file.Read(bytes, block.Position) != bytes.Length || Crc32C.Compute(bytes) != block.Crc)
            {
                return "a block fails its checksum";
            }
        }
        catch (StorageFaultException fault)
        {
            return fault.Message;
        }

        long expected = block.BaseOffset;
        for (ReadOnlySpan<byte> rest = bytes; rest.Length > 0;)
        {
            if (BatchCheck.FindFlaw(rest, out RecordBatchHeader header) is { } flaw)
            {
                return flaw;
            }

            if (header.BaseOffset < sums.Next || header.LastOffset >= endOffset || (rest.Length == bytes.Length && header.BaseOffset != expected))
            {
                return $"a batch of offsets {header.BaseOffset} to {header.LastOffset} does not belong here";
            }

            ReadOnlySpan<byte> batch = rest[..header.TotalBytes];
            sums.Add(header, stream is null ? 0 : BatchCheck.CountLiving(batch, header, stream.Released));
            rest = rest[header.TotalBytes..];
        }

        return null;
    }

    private void Require(bool holds, long position, string what)
    {
        if (!holds)
        {
            _run.Add(_name, position, what);
        }
    }

    private record struct Sums(long Next)
    {
        public long Count { get; private set; }

        public long Bytes { get; private set; }

        public long MaxTimestamp { get; private set; }

        public long Living { get; private set; }

        public void Add(in RecordBatchHeader header, long living)
        {
            Next = header.LastOffset + 1;
            Count += header.Count;
            Bytes += header.TotalBytes;
            MaxTimestamp = Math.Max(MaxTimestamp, header.MaxTimestamp);
            Living += living;
        }
    }
}
