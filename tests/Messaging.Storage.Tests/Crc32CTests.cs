namespace Messaging.Storage.Tests;

public sealed class Crc32CTests
{
    [Fact]
    public void The_check_value_of_the_polynomial_comes_out()
        => Assert.Equal(0xE3069283u, Crc32C.Compute("123456789"u8));

    // RFC 3720, appendix B.4.
    [Fact]
    public void The_vectors_of_RFC_3720_come_out()
    {
        var bytes = new byte[32];
        Assert.Equal(0x8A9136AAu, Crc32C.Compute(bytes));
        bytes.AsSpan().Fill(0xFF);
        Assert.Equal(0x62A8AB43u, Crc32C.Compute(bytes));
        for (var index = 0; index < bytes.Length; index++)
        {
            bytes[index] = (byte)index;
        }

        Assert.Equal(0x46DD794Eu, Crc32C.Compute(bytes));
    }

    [Fact]
    public void Parts_give_the_checksum_of_the_whole_wherever_they_are_cut()
    {
        var random = new Random(1);
        for (var length = 0; length < 200; length++)
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            var cut = random.Next(length + 1);
            Assert.Equal(Crc32C.Compute(bytes), Crc32C.Append(Crc32C.Compute(bytes.AsSpan(0, cut)), bytes.AsSpan(cut)));
            Assert.Equal(ByBits(bytes), Crc32C.Compute(bytes));
        }
    }

    // Lanes are of 1 KiB, three side by side: around the first and the second of such steps, wherever the data begins.
    [Theory]
    [InlineData(3072)]
    [InlineData(6144)]
    public void Long_data_gives_the_checksum_of_its_bits(int length)
    {
        var bytes = new byte[length + 32];
        new Random(length).NextBytes(bytes);
        for (var more = -9; more <= 9; more++)
        {
            ReadOnlySpan<byte> data = bytes.AsSpan(9 + more, length + more);
            Assert.Equal(ByBits(data), Crc32C.Compute(data));
            Assert.Equal(ByBits(data), Crc32C.Append(Crc32C.Compute(data[..7]), data[7..]));
        }
    }

    [Fact]
    public void The_checksums_of_two_parts_combine_to_that_of_the_whole()
    {
        var bytes = new byte[200_000];
        new Random(3).NextBytes(bytes);
        foreach (var cut in (int[])[0, 1, 8, 21, 4_095, 4_096, 65_536, 100_000, 199_999, 200_000])
        {
            ReadOnlySpan<byte> second = bytes.AsSpan(cut);
            Assert.Equal(Crc32C.Compute(bytes), Crc32C.Combine(Crc32C.Compute(bytes.AsSpan(0, cut)), Crc32C.Compute(second), second.Length));
            Assert.Equal(Crc32C.Compute(bytes, seed: 7), Crc32C.Combine(Crc32C.Compute(bytes.AsSpan(0, cut), seed: 7), Crc32C.Compute(second), second.Length));
        }
    }

    [Fact]
    public void Another_seed_gives_another_checksum()
        => Assert.NotEqual(Crc32C.Compute("frame"u8, 1), Crc32C.Compute("frame"u8, 2));

    private static uint ByBits(ReadOnlySpan<byte> bytes)
    {
        var state = uint.MaxValue;
        foreach (var value in bytes)
        {
            state ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                state = (state >> 1) ^ ((state & 1) * 0x82F63B78u);
            }
        }

        return ~state;
    }
}
