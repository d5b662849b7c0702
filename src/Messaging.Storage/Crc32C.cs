using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Messaging.Storage;

/// <summary>
/// CRC-32C (Castagnoli, RFC 3720 appendix B.4): start 0xFFFFFFFF, final inversion; "123456789" gives 0xE3069283.
/// Hot path: eight bytes a step with the processor's instruction where it has one; of longer data three steps at once, since that instruction takes three
/// cycles, but begins anew in each (a small record is checksummed four times until it is in a pack).
/// </summary>
internal static class Crc32C
{
    /// <summary>Longer data is taken in lanes of so many words, three side by side.</summary>
    private const int LaneWords = 128;

    private const int StateBits = 32;

    /// <summary>The polynomial, its highest power left out, bits in reverse.</summary>
    private const uint Polynomial = 0x82F63B78;

    /// <summary>For each byte of a state, and each of its values: what becomes of it in a lane of zeros.</summary>
    private static readonly uint[] Shifts = MakeShifts();

    /// <summary>What one byte, two, four and so on of zeros multiply a state by.</summary>
    private static readonly uint[] ZeroPowers = MakeZeroPowers();

    /// <summary>
    /// The checksum of <paramref name="data"/>. The seed stands for the checksum of something that comes before the data:
    /// two seeds never give the same result for the same bytes, which is what a journal's salt needs.
    /// </summary>
    public static uint Compute(ReadOnlySpan<byte> data, uint seed = 0) => Append(seed, data);

    /// <summary>Goes on from the checksum of all earlier parts: Append(Compute(a), b) is the checksum of a followed by b.</summary>
    public static uint Append(uint checksum, ReadOnlySpan<byte> data)
    {
        var state = ~checksum;
        var words = MemoryMarshal.Cast<byte, ulong>(data);
        var left = words;
        while (left.Length >= 3 * LaneWords)
        {
            state = AppendLanes(state, left[..LaneWords], left.Slice(LaneWords, LaneWords), left.Slice(2 * LaneWords, LaneWords));
            left = left[(3 * LaneWords)..];
        }

        foreach (var word in left)
        {
            state = Step(state, word);
        }

        foreach (var value in data[(words.Length * sizeof(ulong))..])
        {
            state = BitOperations.Crc32C(state, value);
        }

        return ~state;
    }

    /// <summary>
    /// Combine(Compute(a), Compute(b), b.Length) is the checksum of a followed by b, without a look at either: half a microsecond, so for b of many KiB (zlib's crc32_combine).
    /// </summary>
    public static uint Combine(uint first, uint second, int secondLength)
    {
        for (int power = 0; secondLength != 0; power++, secondLength >>>= 1)
        {
            first = (secondLength & 1) == 0 ? first : Multiply(first, ZeroPowers[power]);
        }

        return first ^ second;
    }

    // Of polynomials, modulo that of the checksum.
    private static uint Multiply(uint left, uint right)
    {
        uint product = 0;
        for (; left != 0; left <<= 1)
        {
            product ^= (left & 0x80000000) == 0 ? 0 : right;
            right = (right & 1) == 0 ? right >>> 1 : (right >>> 1) ^ Polynomial;
        }

        return product;
    }

    private static uint[] MakeZeroPowers()
    {
        uint[] powers = new uint[StateBits];
        powers[0] = 1u << (StateBits - 1 - 8);
        for (int i = 1; i < powers.Length; i++)
        {
            powers[i] = Multiply(powers[i - 1], powers[i - 1]);
        }

        return powers;
    }

    // The state behind two parts is that of the first, shifted by as many zeros as the second is long, xor that of the second alone, which began at zero.
    private static uint AppendLanes(uint state, ReadOnlySpan<ulong> first, ReadOnlySpan<ulong> second, ReadOnlySpan<ulong> third)
    {
        uint secondState = 0;
        uint thirdState = 0;
        for (int index = 0; index < first.Length && index < second.Length && index < third.Length; index++)
        {
            state = Step(state, first[index]);
            secondState = Step(secondState, second[index]);
            thirdState = Step(thirdState, third[index]);
        }

        return Shift(Shift(state) ^ secondState) ^ thirdState;
    }

    private static uint Step(uint state, ulong word) =>
        BitOperations.Crc32C(state, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));

    private static uint Shift(uint state) =>
        Shifts[(byte)state] ^ Shifts[256 + (byte)(state >> 8)] ^ Shifts[512 + (byte)(state >> 16)] ^ Shifts[768 + (state >> 24)];

    // Shifting is linear: that of a byte is the xor of those of its bits.
    private static uint[] MakeShifts()
    {
        uint[] shifts = new uint[StateBits / 8 * 256];
        for (int bit = 0; bit < StateBits; bit++)
        {
            uint shifted = 1u << bit;
            for (int word = 0; word < LaneWords; word++)
            {
                shifted = Step(shifted, 0);
            }

            Span<uint> table = shifts.AsSpan(bit / 8 * 256, 256);
            for (int value = 0; value < table.Length; value++)
            {
                table[value] ^= (value & (1 << (bit % 8))) == 0 ? 0 : shifted;
            }
        }

        return shifts;
    }
}
