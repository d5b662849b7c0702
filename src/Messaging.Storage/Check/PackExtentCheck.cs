using Messaging.Storage.Disk;
using Messaging.Storage.Packs;
using Messaging.Storage.Records;

namespace Messaging.Storage.Check;

/// <summary>The extents of one pack's file: their blocks, batches and records, one block in memory at a time. One thread.</summary>
internal sealed class PackExtentCheck(CheckRun run, IDiskFile file, string name)
{
    private byte[] _block = [];

    /// <summary>Of <paramref name="stream"/> each record that lives must be there; null where the checkpoint does not name the extent.</summary>
    public void Check(in PackedExtent extent, PackBlock[] blocks, CheckedStream? stream)
    {
        var sums = new Sums(extent.BaseOffset);
        bool isSound = true;
        int end = extent.FirstBlock + extent.BlockCount;
        for (int i = extent.FirstBlock; i < end; i++)
        {
            long endOffset = i + 1 < end ? blocks[i + 1].BaseOffset : extent.EndOffset;
            string? flaw = FindFlaw(blocks[i], endOffset, stream, ref sums);
            if (flaw is not null)
            {
                isSound = false;
                run.Add(name, blocks[i].Position, extent.StreamId, blocks[i].BaseOffset, endOffset, flaw);
            }
        }

        if (!isSound)
        {
            return;
        }

        if ((sums.Next, sums.Count, sums.Bytes, sums.MaxTimestamp) != (extent.EndOffset, extent.Count, extent.Bytes, extent.MaxTimestamp))
        {
            run.Add(name, blocks[extent.FirstBlock].Position, extent.StreamId, extent.BaseOffset, extent.EndOffset, "the extent does not hold what its index says");
        }

        long lost = stream is null ? 0 : stream.CountLiving(extent.BaseOffset, extent.EndOffset) - sums.Living;
        if (lost != 0)
        {
            run.Add(name, blocks[extent.FirstBlock].Position, extent.StreamId, extent.BaseOffset, extent.EndOffset, $"{lost} records that live are missing");
        }
    }

    private string? FindFlaw(in PackBlock block, long endOffset, CheckedStream? stream, ref Sums sums)
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

            sums.Add(header, stream is null ? 0 : BatchCheck.CountLiving(header, stream.Released));
            rest = rest[header.TotalBytes..];
        }

        return null;
    }

    private record struct Sums(long Next)
    {
        public long Count { get; private set; }

        public long Bytes { get; private set; }

        public long MaxTimestamp { get; private set; } = long.MinValue;

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
