using System.Buffers.Binary;

namespace Messaging.Broker.Records;

/// <summary>
/// Reads one block of Snappy (google/snappy, format_description.txt): the plain length as a varint, then elements, each a literal or a copy of what came before.
/// Bounds-safe, whatever the bytes say. Hot path: spans only, no allocation.
/// </summary>
/// <remarks>
/// | low two bits of the tag | element |
/// | 0 | literal; the upper six bits are its length - 1, or from 60 on say that 1 to 4 bytes with it follow, little-endian |
/// | 1 | copy of 4 to 11 bytes, three bits; offset of 11 bits: three of the tag, one byte |
/// | 2, 3 | copy of 1 to 64 bytes, six bits; offset of 16 or 32 bits, little-endian |
/// </remarks>
internal static class SnappyReader
{
    /// <summary>The densest element has 64 bytes of output for three of input: nothing that announces more can be true.</summary>
    private const long OutputMax = 64;

    /// <inheritdoc cref="OutputMax"/>
    private const long InputOfOutputMax = 3;

    private const int LengthBytesMax = 5;
    private const int LongLiteral = 60;

    /// <summary>The plain length and the bytes that it takes itself; false where it is none, or more than the rest of the block can give.</summary>
    public static bool TryReadLength(ReadOnlySpan<byte> block, out int length, out int bytes)
    {
        length = 0;
        ulong value = 0;
        for (bytes = 0; bytes < LengthBytesMax && bytes < block.Length;)
        {
            byte part = block[bytes];
            value |= (ulong)(part & 0x7F) << (7 * bytes);
            bytes++;
            if (part > 0x7F) continue;
            if (value > int.MaxValue || (long)value * InputOfOutputMax > (block.Length - bytes) * OutputMax) return false;
            length = (int)value;
            return true;
        }

        return false;
    }

    /// <summary>Reads the elements; true when they are well-formed and fill the output exactly.</summary>
    public static bool TryReadBlock(ReadOnlySpan<byte> elements, Span<byte> output)
    {
        int from = 0;
        int to = 0;
        while (from < elements.Length)
        {
            int tag = elements[from++];
            int argumentBytes = ArgumentBytes(tag);
            if (argumentBytes > elements.Length - from) return false;
            uint argument = ReadArgument(elements.Slice(from, argumentBytes));
            from += argumentBytes;
            long length;
            if ((tag & 3) == 0)
            {
                length = (argumentBytes == 0 ? tag >> 2 : argument) + 1L;
                if (length > elements.Length - from || length > output.Length - to) return false;
                elements.Slice(from, (int)length).CopyTo(output[to..]);
                from += (int)length;
            }
            else
            {
                bool isShort = (tag & 3) == 1;
                length = isShort ? 4 + ((tag >> 2) & 7) : 1 + (tag >> 2);
                long offset = isShort ? ((uint)(tag & 0xE0) << 3) | argument : argument;
                if (offset == 0 || offset > to || length > output.Length - to) return false;
                Copy(output, to, (int)offset, (int)length);
            }

            to += (int)length;
        }

        return to == output.Length;
    }

    private static int ArgumentBytes(int tag) => (tag & 3) switch
    {
        0 => Math.Max((tag >> 2) - LongLiteral + 1, 0),
        1 => 1,
        2 => 2,
        _ => 4,
    };

    private static uint ReadArgument(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        0 => 0,
        1 => bytes[0],
        2 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        3 => (uint)(bytes[0] | (bytes[1] << 8) | (bytes[2] << 16)),
        _ => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
    };

    // A copy may reach into its own output, and then repeats what it has written.
    private static void Copy(Span<byte> output, int to, int offset, int length)
    {
        while (length > 0)
        {
            int part = Math.Min(offset, length);
            output.Slice(to - offset, part).CopyTo(output[to..]);
            to += part;
            length -= part;
        }
    }
}
