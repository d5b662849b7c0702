using System.Buffers;
using Messaging.Storage.Streams;

namespace Messaging.Storage.Tests.Streams;

public sealed class OffsetSetCodecTests
{
    [Fact]
    public void A_set_without_gaps_takes_twelve_bytes()
        => Assert.Equal("0700000000000000" + "00000000", Convert.ToHexString(Written(new OffsetSet(7))));

    [Fact]
    public void A_range_and_a_bitmap_have_their_form()
    {
        var set = new OffsetSet(7);
        set.AddRange(4096, 3 * 4096);
        set.Add((5 * 4096) + 1);
        Assert.Equal(
            "0700000000000000" + "02000000"
            + "0100000000000000" + "0200000000000000"
            + "0500000000000000" + "0000000000000000" + "02" + new string('0', 1022),
            Convert.ToHexString(Written(set)));
    }

    [Fact]
    public void What_the_floor_has_passed_is_not_written()
    {
        var set = new OffsetSet();
        set.Add(1);
        set.Add(10);
        set.Add(0);
        var copy = new OffsetSet(2);
        copy.Add(10);
        Assert.Equal(Written(copy), Written(set));
        Assert.Equal((2, 1), (OffsetSetTests.Copy(set).Low, OffsetSetTests.Copy(set).CountAboveLow));
    }

    [Fact]
    public void Every_cut_is_corruption()
    {
        var bytes = Sample();
        for (var length = 0; length < bytes.Length; length++)
        {
            var fault = Assert.Throws<StorageFaultException>(() => OffsetSetCodec.Read(bytes.AsSpan(0, length), out _));
            Assert.Equal(StorageFault.Corruption, fault.Fault);
        }
    }

    [Theory]
    [InlineData(7, 0x80)] // a negative floor
    [InlineData(11, 0x80)] // a negative number of runs
    [InlineData(12, 0)] // a full block below the floor
    [InlineData(12, 5)] // the first run overlaps the second
    [InlineData(19, 0x80)] // a negative block
    [InlineData(27, 0x80)] // a negative number of blocks
    [InlineData(27, 0x40)] // blocks beyond the last offset
    [InlineData(44, 0)] // a bitmap without a bit
    public void Each_lie_is_corruption(int at, byte value)
    {
        var bytes = Sample();
        bytes[at] = value;
        Assert.Throws<StorageFaultException>(() => OffsetSetCodec.Read(bytes, out _));
    }

    [Fact]
    public void Mutated_bytes_give_corruption_or_a_set_that_is_written_the_same()
    {
        var random = new Random(1);
        for (var turn = 0; turn < 20_000; turn++)
        {
            var bytes = Sample();
            for (var flips = random.Next(1, 4); flips > 0; flips--)
            {
                bytes[random.Next(random.Next(2) == 0 ? 48 : bytes.Length)] ^= (byte)(1 << random.Next(8));
            }

            try
            {
                var set = OffsetSetCodec.Read(bytes, out var read);
                Assert.Equal(bytes[..read], Written(set));
            }
            catch (StorageFaultException fault)
            {
                Assert.Equal(StorageFault.Corruption, fault.Fault);
            }
        }
    }

    private static byte[] Sample()
    {
        var set = new OffsetSet(7);
        set.AddRange(4096, 3 * 4096);
        set.Add(5 * 4096);
        return Written(set);
    }

    private static byte[] Written(OffsetSet set)
    {
        var bytes = new ArrayBufferWriter<byte>();
        OffsetSetCodec.Write(set, bytes);
        return bytes.WrittenSpan.ToArray();
    }
}
