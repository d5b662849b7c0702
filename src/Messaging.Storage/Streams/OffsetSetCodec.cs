using System.Buffers;
using System.Buffers.Binary;

namespace Messaging.Storage.Streams;

/// <summary>
/// The form of an <see cref="OffsetSet"/> in a checkpoint (docs/formats.md, "Set of released offsets"), little endian. The
/// runs are in order, disjoint, and above low; full runs that touch are one; whatever else is read is corruption.
/// </summary>
/// <remarks>
/// | bytes | field |
/// | 8 | low |
/// | 4 | number of runs |
/// | per run: 8 | first block |
/// | 8 | full blocks; 0: one partly filled block, whose bitmap follows |
/// | 512 | the bitmap, if any: 64 words, the block's first offset as the lowest bit of the first word |
/// </remarks>
internal static class OffsetSetCodec
{
    private const int HeadBytes = 12;
    private const int RunBytes = 16;
    private const int BitmapBytes = OffsetSet.BlockOffsets / 8;
    private const long BlockMax = OffsetSet.OffsetMax / OffsetSet.BlockOffsets;

    public static void Write(OffsetSet set, IBufferWriter<byte> destination)
    {
        var runs = set.Runs;
        var head = destination.GetSpan(HeadBytes);
        BinaryPrimitives.WriteInt64LittleEndian(head, set.Low);
        BinaryPrimitives.WriteInt32LittleEndian(head[8..], runs?.Count ?? 0);
        destination.Advance(HeadBytes);
        if (runs is null)
        {
            return;
        }

        for (var at = default(OffsetRuns.Position); !runs.IsEnd(at); at = runs.Next(at))
        {
            WriteRun(set.Low, runs[at], destination);
        }
    }

    /// <summary>Reads a set off the start of <paramref name="source"/>.</summary>
    /// <exception cref="StorageFaultException">Corruption.</exception>
    public static OffsetSet Read(ReadOnlySpan<byte> source, out int bytes)
    {
        Require(source.Length >= HeadBytes);
        var low = BinaryPrimitives.ReadInt64LittleEndian(source);
        var count = BinaryPrimitives.ReadInt32LittleEndian(source[8..]);
        Require(low is >= 0 and <= OffsetSet.OffsetMax && count >= 0);

        var set = new OffsetSet(low);
        var previous = new OffsetRun(0, 0, []);
        bytes = HeadBytes;
        for (; count > 0; count--)
        {
            var run = ReadRun(source, ref bytes, low);
            var touches = run.Bits is null && previous.Bits is null && run.First == previous.End;
            Require(run.First >= previous.End && !touches);
            set.Append(run);
            previous = run;
        }

        return set;
    }

    private static void WriteRun(long low, in OffsetRun run, IBufferWriter<byte> destination)
    {
        var span = destination.GetSpan(RunBytes + BitmapBytes);
        BinaryPrimitives.WriteInt64LittleEndian(span, run.First);
        BinaryPrimitives.WriteInt64LittleEndian(span[8..], run.Bits is null ? run.End - run.First : 0);
        if (run.Bits is null)
        {
            destination.Advance(RunBytes);
            return;
        }

        // Below low the bitmap has what was set when low passed by: not part of the form.
        var below = BelowLow(low, run.First);
        for (var index = 0; index < run.Bits.Length; index++)
        {
            var cut = Math.Clamp(below - (index * OffsetBits.WordBits), 0, OffsetBits.WordBits);
            var word = cut == OffsetBits.WordBits ? 0 : run.Bits[index] & (ulong.MaxValue << cut);
            BinaryPrimitives.WriteUInt64LittleEndian(span[(RunBytes + (index * 8))..], word);
        }

        destination.Advance(RunBytes + BitmapBytes);
    }

    private static OffsetRun ReadRun(ReadOnlySpan<byte> source, ref int bytes, long low)
    {
        Require(source.Length - bytes >= RunBytes);
        var first = BinaryPrimitives.ReadInt64LittleEndian(source[bytes..]);
        var blocks = BinaryPrimitives.ReadInt64LittleEndian(source[(bytes + 8)..]);
        bytes += RunBytes;
        Require(first is >= 0 and <= BlockMax && blocks >= 0 && blocks <= BlockMax - first);
        if (blocks > 0)
        {
            Require(first * OffsetSet.BlockOffsets > low);
            return new OffsetRun(first, first + blocks, null);
        }

        Require(source.Length - bytes >= BitmapBytes);
        var bits = new ulong[BitmapBytes / 8];
        for (var index = 0; index < bits.Length; index++)
        {
            bits[index] = BinaryPrimitives.ReadUInt64LittleEndian(source[(bytes + (index * 8))..]);
        }

        bytes += BitmapBytes;
        var count = OffsetBits.Count(bits, 0, OffsetSet.BlockOffsets);
        Require(count is > 0 and < OffsetSet.BlockOffsets && first >= low / OffsetSet.BlockOffsets);

        // Low itself is not in the set, or else it would not be low.
        var below = first == low / OffsetSet.BlockOffsets ? (int)(low % OffsetSet.BlockOffsets) + 1 : 0;
        Require(OffsetBits.Count(bits, 0, below) == 0);
        return new OffsetRun(first, first + 1, bits) { Count = count };
    }

    private static int BelowLow(long low, long block)
        => (int)Math.Clamp(low - (block * OffsetSet.BlockOffsets), 0, OffsetSet.BlockOffsets);

    private static void Require(bool holds)
    {
        if (!holds)
        {
            throw new StorageFaultException(StorageFault.Corruption, "A set of offsets in a checkpoint is malformed.");
        }
    }
}
