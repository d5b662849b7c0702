using System.Buffers;
using Messaging.Storage.Streams;

namespace Messaging.Storage.Tests.Streams;

public sealed class OffsetSetTests
{
    private const int Block = OffsetSet.BlockOffsets;

    // A collection in the middle, which another test may cause, counts what is left of the thread's allocation buffer.
    private const long AllocationQuantum = 8 << 10;

    [Fact]
    public void In_order_nothing_is_allocated()
    {
        var set = new OffsetSet();
        set.Add(0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var offset = 1L; offset < 100_000; offset++)
        {
            set.Add(offset);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, AllocationQuantum);
        Assert.Equal(100_000, set.Low);
        Assert.Equal(0, set.MemoryBytes);
    }

    [Fact]
    public void Pairs_out_of_order_use_the_same_spare_bitmap_again()
    {
        var set = new OffsetSet();
        AddPairs(set, 0, 100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        AddPairs(set, 100, 100_000);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, AllocationQuantum);
        Assert.Equal((100_000, 0, 0), (set.Low, set.CountAboveLow, set.MemoryBytes));

        static void AddPairs(OffsetSet set, long from, long to)
        {
            for (var offset = from; offset < to; offset += 2)
            {
                Assert.True(set.Add(offset + 1));
                Assert.False(set.Add(offset + 1));
                Assert.True(set.Add(offset));
            }
        }
    }

    [Fact]
    public void Full_blocks_above_a_straggler_are_one_range_and_vanish_with_it()
    {
        var set = new OffsetSet();
        for (var offset = 1L; offset < 1000 * Block; offset++)
        {
            set.Add(offset);
        }

        Assert.Equal(0, set.Low);
        Assert.Equal((1000 * Block) - 1, set.CountAboveLow);
        Assert.InRange(set.MemoryBytes, 1, 2000);
        Assert.Equal(1000 * Block, set.NextMissing(1));
        Assert.True(set.Add(0));
        Assert.Equal((1000 * Block, 0, 0), (set.Low, set.CountAboveLow, set.MemoryBytes));
    }

    [Fact]
    public void One_offset_in_every_block_costs_a_bitmap_each_and_stays_fast_in_any_order()
    {
        var set = new OffsetSet();
        var blocks = new long[20_000];
        for (var index = 0; index < blocks.Length; index++)
        {
            blocks[index] = index;
        }

        new Random(1).Shuffle(blocks);
        foreach (var block in blocks)
        {
            Assert.True(set.Add((block * Block) + 7));
        }

        Assert.Equal(blocks.Length, set.CountIn(0, long.MaxValue / 4));
        Assert.InRange(set.MemoryBytes, blocks.Length * 512L, blocks.Length * 640L);
        set.AddRange(0, blocks.Length * (long)Block);
        Assert.Equal(0, set.MemoryBytes);
    }

    [Theory]
    [InlineData(1, 3 * Block, 1)]
    [InlineData(2, 3 * Block, 40)]
    [InlineData(3, 40 * Block, 5000)]
    [InlineData(4, 400 * Block, 60_000)]
    [InlineData(5, Block + 5, 1)]
    public void It_is_the_set_that_the_model_is(int seed, int span, int rangeMax)
    {
        var random = new Random(seed);
        var turns = 3000;
        var set = new OffsetSet();
        var model = new bool[span];
        for (var turn = 0; turn < turns; turn++)
        {
            var (from, to) = Range(random, span, rangeMax);
            if (random.Next(3) == 0)
            {
                set.AddRange(from, to);
                Array.Fill(model, true, from, to - from);
            }
            else
            {
                Assert.Equal(!model[from], set.Add(from));
                model[from] = true;
            }

            AssertSame(model, set, random, rangeMax);
            if (turn % 100 == 0)
            {
                set = Copy(set);
                AssertSame(model, set, random, rangeMax);
            }
        }
    }

    [Fact]
    public void Every_order_of_filling_blocks_ends_in_the_floor_alone()
    {
        var random = new Random(1);
        for (var turn = 0; turn < 20; turn++)
        {
            var offsets = new long[(2 * Block) + random.Next(Block)];
            for (var index = 0; index < offsets.Length; index++)
            {
                offsets[index] = index;
            }

            random.Shuffle(offsets);
            var set = new OffsetSet();
            foreach (var offset in offsets)
            {
                Assert.True(set.Add(offset));
            }

            Assert.Equal((offsets.Length, 0, 0), (set.Low, set.CountAboveLow, set.MemoryBytes));
        }
    }

    [Fact]
    public void Offsets_that_no_stream_can_have_are_refused()
    {
        var set = new OffsetSet();
        Assert.Throws<ArgumentOutOfRangeException>(() => set.Add(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => set.Add(OffsetSet.OffsetMax + 1));
        Assert.True(set.Add(OffsetSet.OffsetMax));
        Assert.Equal(OffsetSet.OffsetMax + 1, set.NextMissing(OffsetSet.OffsetMax));
    }

    internal static OffsetSet Copy(OffsetSet set)
    {
        var bytes = new ArrayBufferWriter<byte>();
        OffsetSetCodec.Write(set, bytes);
        var copy = OffsetSetCodec.Read(bytes.WrittenSpan, out var read);
        Assert.Equal(bytes.WrittenCount, read);
        return copy;
    }

    private static (int From, int To) Range(Random random, int span, int rangeMax)
    {
        // Ends on block boundaries more often than chance would have it.
        var from = random.Next(4) == 0 ? random.Next(span) / Block * Block : random.Next(span);
        var to = Math.Min(span, from + random.Next(1, rangeMax + 1));
        return (from, random.Next(4) == 0 && to / Block * Block > from ? to / Block * Block : to);
    }

    private static void AssertSame(bool[] model, OffsetSet set, Random random, int rangeMax)
    {
        var low = Array.IndexOf(model, false);
        Assert.Equal(low < 0 ? model.Length : low, set.Low);

        var (from, to) = Range(random, model.Length, Math.Max(rangeMax, 300));
        Assert.Equal(model.AsSpan(from, to - from).Count(true), set.CountIn(from, to));
        Assert.Equal(model[from], set.Contains(from));
        var missing = Array.IndexOf(model, false, from);
        Assert.Equal(missing < 0 ? model.Length : missing, set.NextMissing(from));
        Assert.Equal(model.AsSpan((int)set.Low).Count(true), set.CountAboveLow);

        var words = new ulong[random.Next(1, 4) + ((to - from) / 64)];
        set.CopyTo(from, words);
        for (var bit = 0; bit < words.Length * 64; bit++)
        {
            var expected = from + bit < model.Length && model[from + bit];
            if (expected != ((words[bit / 64] >> bit & 1) != 0))
            {
                Assert.Fail($"Offset {from + bit} in a copy from {from}: expected {expected}.");
            }
        }
    }
}
