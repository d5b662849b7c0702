using System.Buffers.Binary;

namespace Messaging.Broker.Records;

/// <summary>Writes one block of Snappy (<see cref="SnappyReader"/> has the format), of at most 64 KiB: greedy, over a table of where four bytes were seen last. No allocation.</summary>
internal static class SnappyWriter
{
    private const int BlockBytesMax = 64 * 1024;
    private const int MatchBytesMin = 4;
    private const int CopyBytesMax = 64;
    private const int TableBits = 13;

    // Any odd number that spreads well: the golden ratio's part of 2^32.
    private const uint HashFactor = 0x9E3779B1;

    /// <summary>Each literal that does not match costs a step more, so that what can't be compressed is passed over quickly.</summary>
    private const int StepBits = 5;

    /// <summary>Bytes that a block of <paramref name="length"/> plain ones takes at most: lengths of literals, and the preamble.</summary>
    public static int BytesMax(int length) => 32 + length + (length / 6);

    /// <summary>Writes preamble and elements and returns their bytes; the destination has <see cref="BytesMax"/>.</summary>
    public static int WriteBlock(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        Invariant.Check(source.Length <= BlockBytesMax, "A place in a block has 16 bits.");
        Span<ushort> table = stackalloc ushort[1 << TableBits];
        table.Clear();
        int written = WriteLength(destination, source.Length);
        int literal = 0;
        int at = 1;
        while (at <= source.Length - MatchBytesMin)
        {
            uint word = BinaryPrimitives.ReadUInt32LittleEndian(source[at..]);
            ref ushort slot = ref table[(int)((word * HashFactor) >> (32 - TableBits))];
            int candidate = slot;
            slot = (ushort)at;
            if (candidate >= at || BinaryPrimitives.ReadUInt32LittleEndian(source[candidate..]) != word)
            {
                at += 1 + ((at - literal) >> StepBits);
                continue;
            }

            int length = source[at..].CommonPrefixLength(source[candidate..]);
            written += WriteLiteral(destination[written..], source[literal..at]);
            written += WriteCopy(destination[written..], at - candidate, length);
            at += length;
            literal = at;
        }

        return written + WriteLiteral(destination[written..], source[literal..]);
    }

    private static int WriteLength(Span<byte> destination, int length)
    {
        int written = 0;
        uint rest = (uint)length;
        while (rest > 0x7F)
        {
            destination[written++] = (byte)(rest | 0x80);
            rest >>= 7;
        }

        destination[written++] = (byte)rest;
        return written;
    }

    private static int WriteLiteral(Span<byte> destination, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return 0;
        int length = bytes.Length - 1;
        int tagBytes;
        if (length < 60)
        {
            destination[0] = (byte)(length << 2);
            tagBytes = 1;
        }
        else
        {
            destination[0] = 61 << 2;
            BinaryPrimitives.WriteUInt16LittleEndian(destination[1..], (ushort)length);
            tagBytes = 3;
        }

        bytes.CopyTo(destination[tagBytes..]);
        return tagBytes + bytes.Length;
    }

    private static int WriteCopy(Span<byte> destination, int offset, int length)
    {
        int written = 0;
        while (length > 0)
        {
            int part = Math.Min(length, CopyBytesMax);
            destination[written] = (byte)(((part - 1) << 2) | 2);
            BinaryPrimitives.WriteUInt16LittleEndian(destination[(written + 1)..], (ushort)offset);
            written += 3;
            length -= part;
        }

        return written;
    }
}
