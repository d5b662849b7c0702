using System.Text;
using Messaging.Broker.Records;
using Messaging.Storage.Records;
using Messaging.TestKit;
using Messaging.TestKit.Processes;

namespace Messaging.Broker.Tests.Records;

public sealed class RecordCodecsTests
{
    private static readonly byte[] SnappyStreamHeader = [0x82, .. "SNAPPY"u8, 0, 0, 0, 0, 1, 0, 0, 0, 1];

    public static TheoryData<RecordCompression> Codecs => TestBatches.RealCompressions;

    [Theory]
    [MemberData(nameof(Codecs))]
    public void What_was_compressed_comes_back(RecordCompression compression)
    {
        IRecordCodec codec = RecordCodecs.Find(compression)!;
        var random = new Random(1);
        for (int turn = 0; turn < 300; turn++)
        {
            byte[] plain = TestBatches.Value(random, 1 + random.Next(turn % 10 == 0 ? 400_000 : 2_000));
            Assert.Equal(plain, Decompress(codec, Compress(codec, plain)));
        }
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Records_that_repeat_get_smaller_and_noise_hardly_larger(RecordCompression compression)
    {
        IRecordCodec codec = RecordCodecs.Find(compression)!;
        byte[] text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 5_000).Select(i => $"{{\"order\":{i},\"state\":\"paid\"}}")));
        Assert.InRange(Compress(codec, text).Length, 1, text.Length / 3);

        byte[] noise = new byte[100_000];
        new Random(1).NextBytes(noise);
        Assert.InRange(Compress(codec, noise).Length, 1, noise.Length + 1_000);
        Assert.Equal(noise, Decompress(codec, Compress(codec, noise)));
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void A_stream_that_is_cut_or_goes_on_is_malformed(RecordCompression compression)
    {
        IRecordCodec codec = RecordCodecs.Find(compression)!;
        byte[] whole = Compress(codec, TestBatches.Value(new Random(1), 3_000));
        for (int length = 0; length < whole.Length; length++)
        {
            // A stream of snappy's blocks may end after any of them, and has none at its beginning.
            if (compression == RecordCompression.Snappy && length == SnappyStreamHeader.Length) continue;
            Assert.Equal(Decompression.Malformed, Outcome(codec, whole[..length]));
        }

        for (int more = 1; more < 40; more++)
        {
            Assert.Equal(Decompression.Malformed, Outcome(codec, [.. whole, .. new byte[more]]));
        }

        Assert.Equal(Decompression.Malformed, Outcome(codec, [.. whole, whole[0]]));
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Output_of_the_bound_is_whole_and_one_byte_more_is_too_large(RecordCompression compression)
    {
        IRecordCodec codec = RecordCodecs.Find(compression)!;
        foreach (int length in new[] { 1, 1_000, 4_096, 65_536, 300_000 })
        {
            byte[] compressed = Compress(codec, TestBatches.Value(new Random(length), length));
            Assert.Equal(Decompression.Whole, Outcome(codec, compressed, bytesMax: length));
            Assert.Equal(Decompression.TooLarge, Outcome(codec, compressed, bytesMax: length - 1));
        }
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void A_bomb_is_too_large_in_bounded_memory(RecordCompression compression)
    {
        IRecordCodec codec = RecordCodecs.Find(compression)!;
        byte[] bomb = Compress(codec, new byte[200 * 1024 * 1024]);
        GC.Collect();
        long before = GC.GetAllocatedBytesForCurrentThread();
        using (var output = new PooledBytes(BatchLimits.BatchBytesUncompressedMax))
        {
            Assert.Equal(Decompression.TooLarge, codec.Decompress(bomb, output));
            Assert.InRange(output.Length, 0, BatchLimits.BatchBytesUncompressedMax + 1);
        }

        // The pool's arrays double: 64 MiB and a byte are one of 128 MiB, after all the smaller ones.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4L * BatchLimits.BatchBytesUncompressedMax + 1_048_576);
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Mutated_streams_never_throw_and_never_pass_the_bound(RecordCompression compression)
    {
        IRecordCodec codec = RecordCodecs.Find(compression)!;
        var random = new Random(1);
        using var output = new PooledBytes(20_000);
        for (int turn = 0; turn < 8_000; turn++)
        {
            byte[] bytes = Compress(codec, TestBatches.Value(random, 1 + random.Next(500)));
            for (int flips = random.Next(1, 5); flips > 0; flips--)
            {
                // Half of them in the first bytes, where lengths and flags stand.
                int at = random.Next(random.Next(2) == 0 ? bytes.Length : Math.Min(bytes.Length, 24));
                bytes[at] = random.Next(2) == 0 ? (byte)random.Next(256) : (byte)(bytes[at] ^ (1 << random.Next(8)));
            }

            output.Clear();
            codec.Decompress(bytes.AsSpan(0, random.Next(4) == 0 ? random.Next(bytes.Length) : bytes.Length), output);
            Assert.InRange(output.Length, 0, 20_001);
        }
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Random_bytes_never_throw(RecordCompression compression)
    {
        IRecordCodec codec = RecordCodecs.Find(compression)!;
        byte[] magic = Compress(codec, [1])[..4];
        var random = new Random(1);
        using var output = new PooledBytes(20_000);
        byte[] bytes = new byte[200];
        for (int turn = 0; turn < 8_000; turn++)
        {
            random.NextBytes(bytes);
            if (turn % 2 == 0) magic.CopyTo(bytes, 0);
            output.Clear();
            codec.Decompress(bytes.AsSpan(0, random.Next(bytes.Length)), output);
        }
    }

    [Fact]
    public void An_announced_size_costs_no_memory()
    {
        // A bare block of snappy that announces 2 GiB, one of the bound, and a frame of zstd with a window of 128 MiB and nothing in it.
        Assert.Equal(Decompression.Malformed, Outcome(RecordCodecs.Find(RecordCompression.Snappy)!, [0xFF, 0xFF, 0xFF, 0xFF, 0x07, 0x00]));
        Assert.Equal(Decompression.Malformed, Outcome(RecordCodecs.Find(RecordCompression.Snappy)!, [0x80, 0x80, 0x80, 0x20, 0x00]));
        long before = GC.GetAllocatedBytesForCurrentThread();
        using var output = new PooledBytes(BatchLimits.BatchBytesUncompressedMax);
        RecordCodecs.Find(RecordCompression.Zstandard)!.Decompress(Convert.FromHexString("28B52FFD00880100"), output);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_048_576);
    }

    [Fact]
    public void Snappy_is_read_as_a_bare_block_and_as_a_stream_of_blocks()
    {
        IRecordCodec codec = RecordCodecs.Find(RecordCompression.Snappy)!;
        // A literal of two bytes, then a copy of sixteen that reaches into its own output.
        byte[] block = [18, 1 << 2, (byte)'a', (byte)'b', (15 << 2) | 2, 2, 0];
        byte[] plain = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("ab", 9)));
        Assert.Equal(plain, Decompress(codec, block));
        byte[] framed = [0, 0, 0, (byte)block.Length, .. block];
        Assert.Equal([.. plain, .. plain], Decompress(codec, [.. SnappyStreamHeader, .. framed, .. framed]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(59)]
    [InlineData(60)]
    [InlineData(61)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(70_000)]
    public void Snappys_literals_of_every_form_are_read(int length)
    {
        byte[] plain = new byte[length];
        new Random(1).NextBytes(plain);
        var forms = new List<byte[]>();
        if (length is > 0 and <= 60) forms.Add([(byte)((length - 1) << 2)]);
        for (int bytes = 1; bytes <= 4; bytes++)
        {
            if (length > 0 && (bytes == 4 || length - 1 < 1 << (8 * bytes))) forms.Add([(byte)((59 + bytes) << 2), .. BitConverter.GetBytes(length - 1)[..bytes]]);
        }

        foreach (byte[] tag in forms)
        {
            byte[] output = new byte[length];
            Assert.True(SnappyReader.TryReadBlock([.. tag, .. plain], output));
            Assert.Equal(plain, output);
        }
    }

    [Fact]
    public void Snappys_copies_of_every_form_are_read_and_never_from_before_the_beginning()
    {
        byte[] literal = [7 << 2, .. "abcdefgh"u8];
        byte[][] copies = [[0b000_011_01, 5], [(6 << 2) | 2, 5, 0], [(6 << 2) | 3, 5, 0, 0, 0]];
        foreach (byte[] copy in copies)
        {
            byte[] output = new byte[15];
            Assert.True(SnappyReader.TryReadBlock([.. literal, .. copy], output));
            Assert.Equal("abcdefghdefghde"u8.ToArray(), output);
            foreach (byte offset in new byte[] { 0, 9, 255 })
            {
                copy[1] = offset;
                Assert.False(SnappyReader.TryReadBlock([.. literal, .. copy], output));
            }
        }
    }

    [Fact]
    public void Gzip_of_several_members_is_read_whole()
    {
        IRecordCodec codec = RecordCodecs.Find(RecordCompression.Gzip)!;
        byte[] one = Compress(codec, "one"u8.ToArray());
        byte[] two = Compress(codec, "two"u8.ToArray());
        Assert.Equal("onetwo"u8.ToArray(), Decompress(codec, [.. one, .. two]));
        Assert.Equal(Decompression.Malformed, Outcome(codec, [.. one, .. two[..^1]]));
        Assert.Equal(Decompression.Malformed, Outcome(codec, [.. one, 0x1F]));
    }

    [Fact]
    public void A_codec_without_a_name_and_one_without_its_library_are_refused_by_name()
    {
        Assert.Null(RecordCodecs.WhyNot(RecordCompression.None));
        Assert.All(TestBatches.Compressions, compression => Assert.Null(RecordCodecs.WhyNot(compression)));
        BrokerError unknown = RecordCodecs.WhyNot((RecordCompression)5)!;
        Assert.Equal(ErrorCode.CompressionNotSupported, unknown.Code);
        Assert.Equal("The batch's compression is number 5; known are 0 (none), 1 (gzip), 2 (snappy), 3 (lz4) and 4 (zstd).", unknown.Detail);
        BrokerError missing = RecordCodecs.WhyNot(RecordCompression.Zstandard, new MissingCodec())!;
        Assert.Equal(new BrokerError(ErrorCode.CompressionNotSupported, "The batch is compressed by zstd, whose library this server does not find."), missing);
    }

    [Fact]
    public void Snappys_blocks_of_another_writer_are_read_and_ours_by_another_reader()
    {
        IRecordCodec codec = RecordCodecs.Find(RecordCompression.Snappy)!;
        var random = new Random(1);
        byte[] room = new byte[SnappyWriter.BytesMax(65_536)];
        for (int turn = 0; turn < 300; turn++)
        {
            byte[] plain = TestBatches.Value(random, 1 + random.Next(turn % 10 == 0 ? 65_536 : 3_000));
            Assert.Equal(plain, Decompress(codec, IronSnappy.Snappy.Encode(plain)));
            Assert.Equal(plain, IronSnappy.Snappy.Decode(room.AsSpan(0, SnappyWriter.WriteBlock(plain, room))));
        }
    }

    [RequiresFact("gzip")]
    public Task Gzips_own_streams_are_read() => Reads_what_the_tool_wrote(RecordCompression.Gzip, "gzip", "-c");

    [RequiresFact("lz4")]
    public Task Lz4s_own_frames_are_read() => Reads_what_the_tool_wrote(RecordCompression.Lz4, "lz4", "-c", "-z", "-BD", "--content-size");

    [RequiresFact("zstd")]
    public Task Zstds_own_frames_are_read() => Reads_what_the_tool_wrote(RecordCompression.Zstandard, "zstd", "-c", "-q", "--ultra", "-22", "--long=27");

    private static async Task Reads_what_the_tool_wrote(RecordCompression compression, string tool, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        byte[] plain = TestBatches.Value(new Random(1), 300_000);
        await File.WriteAllBytesAsync(folder["plain"], plain);
        await Tool.RunAsync("sh", "-c", $"{tool} {string.Join(' ', arguments)} <'{folder["plain"]}' >'{folder["compressed"]}'");
        byte[] compressed = await File.ReadAllBytesAsync(folder["compressed"]);
        IRecordCodec codec = RecordCodecs.Find(compression)!;
        Assert.Equal(plain, Decompress(codec, compressed));

        string undo = tool == "gzip" ? "gzip -dc" : $"{tool} -dcq";
        await File.WriteAllBytesAsync(folder["ours"], Compress(codec, plain));
        await Tool.RunAsync("sh", "-c", $"{undo} <'{folder["ours"]}' >'{folder["again"]}'");
        Assert.Equal(plain, await File.ReadAllBytesAsync(folder["again"]));
    }

    private static byte[] Compress(IRecordCodec codec, byte[] plain)
    {
        using var output = new PooledBytes(int.MaxValue);
        codec.Compress(plain, output);
        return output.Span.ToArray();
    }

    private static byte[] Decompress(IRecordCodec codec, byte[] compressed)
    {
        using var output = new PooledBytes(BatchLimits.BatchBytesUncompressedMax);
        Assert.Equal(Decompression.Whole, codec.Decompress(compressed, output));
        return output.Span.ToArray();
    }

    private static Decompression Outcome(IRecordCodec codec, byte[] compressed, int bytesMax = BatchLimits.BatchBytesUncompressedMax)
    {
        using var output = new PooledBytes(bytesMax);
        return codec.Decompress(compressed, output);
    }

    private sealed class MissingCodec : IRecordCodec
    {
        public string Name => "zstd";

        public bool IsAvailable => false;

        public Decompression Decompress(ReadOnlySpan<byte> source, PooledBytes output) => throw new NotSupportedException();

        public void Compress(ReadOnlySpan<byte> source, PooledBytes output) => throw new NotSupportedException();
    }
}
