using System.Numerics;

namespace Messaging.Storage.Streams;

/// <summary>Ranges of bits in words, the low bit of the first word being bit 0. Hot path: no allocation.</summary>
internal static class OffsetBits
{
    public const int WordBits = 64;

    /// <summary>Sets the bits from <paramref name="start"/> up to but without <paramref name="end"/>; returns how many were clear before.</summary>
    public static int Set(Span<ulong> words, int start, int end)
    {
        var added = 0;
        for (var bit = start; bit < end; bit = WordEnd(bit))
        {
            ref var word = ref words[bit / WordBits];
            var mask = Mask(bit, end);
            added += BitOperations.PopCount(mask & ~word);
            word |= mask;
        }

        return added;
    }

    public static int Count(ReadOnlySpan<ulong> words, int start, int end)
    {
        var count = 0;
        for (var bit = start; bit < end; bit = WordEnd(bit))
        {
            count += BitOperations.PopCount(words[bit / WordBits] & Mask(bit, end));
        }

        return count;
    }

    /// <summary>The first clear bit from <paramref name="start"/> on; the number of bits when there is none.</summary>
    public static int NextClear(ReadOnlySpan<ulong> words, int start)
    {
        var end = words.Length * WordBits;
        for (var bit = start; bit < end; bit = WordEnd(bit))
        {
            var clear = ~words[bit / WordBits] & Mask(bit, end);
            if (clear != 0)
            {
                return (bit & -WordBits) + BitOperations.TrailingZeroCount(clear);
            }
        }

        return end;
    }

    /// <summary>Sets bits of <paramref name="words"/> as they are in <paramref name="word"/>, whose bit 0 lands on <paramref name="position"/>; what falls outside is dropped.</summary>
    public static void Merge(Span<ulong> words, long position, ulong word)
    {
        var index = position >> 6;
        var shift = (int)(position & (WordBits - 1));
        if (index >= 0 && index < words.Length)
        {
            words[(int)index] |= word << shift;
        }

        if (shift > 0 && index + 1 >= 0 && index + 1 < words.Length)
        {
            words[(int)index + 1] |= word >> (WordBits - shift);
        }
    }

    // The bits from this one to the end of its word, or to the end of the range where that comes first.
    private static ulong Mask(int bit, int end)
    {
        var mask = ulong.MaxValue << (bit & (WordBits - 1));
        return end < WordEnd(bit) ? mask & ~(ulong.MaxValue << (end & (WordBits - 1))) : mask;
    }

    private static int WordEnd(int bit) => (bit & -WordBits) + WordBits;
}
