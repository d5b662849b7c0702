using Messaging.Storage.Records;

namespace Messaging.Storage.Tests.Records;

public sealed class VarintTests
{
    // Protocol Buffers' encoding guide, "Signed Integers", and the edges of 32 and 64 bits.
    [Theory]
    [InlineData(0, "00")]
    [InlineData(-1, "01")]
    [InlineData(1, "02")]
    [InlineData(-2, "03")]
    [InlineData(63, "7E")]
    [InlineData(64, "8001")]
    [InlineData(-64, "7F")]
    [InlineData(-65, "8101")]
    [InlineData(int.MaxValue, "FEFFFFFF0F")]
    [InlineData(int.MinValue, "FFFFFFFF0F")]
    [InlineData(long.MaxValue, "FEFFFFFFFFFFFFFFFF01")]
    [InlineData(long.MinValue, "FFFFFFFFFFFFFFFFFF01")]
    public void Values_have_their_known_form(long value, string hex)
    {
        var bytes = new byte[Varint.BytesMax];
        var written = Varint.Write(bytes, value);
        Assert.Equal(hex, Convert.ToHexString(bytes.AsSpan(0, written)));
        Assert.Equal(written, Varint.Measure(value));
        Assert.True(Varint.TryRead(bytes, out long read, out var readBytes));
        Assert.Equal((value, written), (read, readBytes));

        var fits = Varint.TryRead(bytes, out int narrow, out _);
        Assert.Equal(value == (int)value, fits);
        Assert.Equal(fits ? value : 0, narrow);
    }

    [Fact]
    public void Random_values_come_back_and_their_prefixes_do_not()
    {
        var random = new Random(1);
        var bytes = new byte[Varint.BytesMax];
        for (var turn = 0; turn < 20_000; turn++)
        {
            var value = random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);
            var written = Varint.Write(bytes, value);
            Assert.Equal(written, Varint.Measure(value));
            Assert.True(Varint.TryRead(bytes.AsSpan(0, written), out long read, out var readBytes));
            Assert.Equal((value, written), (read, readBytes));
            Assert.False(Varint.TryRead(bytes.AsSpan(0, written - 1), out read, out _));
            Assert.False(Varint.TryRead(bytes.AsSpan(0, written - 1), out int _, out _));
        }
    }

    [Theory]
    [InlineData("FFFFFFFF10")]
    [InlineData("FFFFFFFF7F")]
    [InlineData("808080808000")]
    public void More_than_32_bits_are_refused_for_a_32_bit_value(string hex)
        => Assert.False(Varint.TryRead(Convert.FromHexString(hex), out int _, out _));

    [Theory]
    [InlineData("FFFFFFFFFFFFFFFFFF02")]
    [InlineData("FFFFFFFFFFFFFFFFFF7F")]
    [InlineData("8080808080808080808000")]
    public void More_than_64_bits_are_refused(string hex)
        => Assert.False(Varint.TryRead(Convert.FromHexString(hex), out long _, out _));
}
