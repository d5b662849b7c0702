using System.Buffers;
using System.Globalization;

namespace Messaging.Aws.Auth;

/// <summary>
/// The query as it is signed: each name and value decoded and encoded again in one way, sorted by name and then value, without the signature itself.
/// Source: IAM User Guide, "Create a signed AWS API request", step 1. Pure; hot path, where there is mostly no query.
/// </summary>
internal static class CanonicalQuery
{
    private const int PairsOnStack = 32;

    /// <summary>Writes it; the text is ASCII. With <paramref name="withoutSignature"/> for a presigned request.</summary>
    public static void Write(ref ByteWriter writer, ReadOnlySpan<char> query, bool withoutSignature)
    {
        if (query.IsEmpty)
            return;
        int pairsMax = query.Count('&') + 1;
        Pair[]? rented = pairsMax > PairsOnStack ? ArrayPool<Pair>.Shared.Rent(pairsMax) : null;
        Span<Pair> pairs = rented ?? stackalloc Pair[PairsOnStack];
        byte[] encoded = ArrayPool<byte>.Shared.Rent(3 * query.Length + pairsMax);
        int count = Encode(query, encoded, pairs, withoutSignature);
        pairs[..count].Sort(new Order(encoded));
        for (int i = 0; i < count; i++)
        {
            if (i > 0)
                writer.Append((byte)'&');
            writer.Append(pairs[i].Name(encoded));
            writer.Append((byte)'=');
            writer.Append(pairs[i].Value(encoded));
        }
        ArrayPool<byte>.Shared.Return(encoded);
        if (rented is not null)
            ArrayPool<Pair>.Shared.Return(rented);
    }

    private static int Encode(ReadOnlySpan<char> query, byte[] encoded, Span<Pair> pairs, bool withoutSignature)
    {
        var writer = new ByteWriter(encoded);
        int count = 0;
        foreach (Range range in query.Split('&'))
        {
            ReadOnlySpan<char> pair = query[range];
            if (pair.IsEmpty)
                continue;
            int equals = pair.IndexOf('=');
            int start = writer.Length;
            WriteAgain(ref writer, equals < 0 ? pair : pair[..equals]);
            int value = writer.Length;
            if (withoutSignature && writer.Written[start..].SequenceEqual("X-Amz-Signature"u8))
                continue;
            WriteAgain(ref writer, equals < 0 ? default : pair[(equals + 1)..]);
            pairs[count++] = new Pair(start, value, writer.Length);
        }
        return count;
    }

    // A plus is a space, as in the forms that the Query protocol sends.
    private static void WriteAgain(ref ByteWriter writer, ReadOnlySpan<char> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
            {
                writer.AppendEncoded(byte.Parse(text.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier));
                i += 2;
            }
            else
            {
                writer.AppendEncoded(text[i] == '+' ? (byte)' ' : (byte)text[i]);
            }
        }
    }

    private readonly record struct Pair(int Start, int Middle, int End)
    {
        public ReadOnlySpan<byte> Name(byte[] bytes) => bytes.AsSpan(Start..Middle);

        public ReadOnlySpan<byte> Value(byte[] bytes) => bytes.AsSpan(Middle..End);
    }

    private readonly struct Order(byte[] bytes) : IComparer<Pair>
    {
        public int Compare(Pair x, Pair y)
        {
            int order = x.Name(bytes).SequenceCompareTo(y.Name(bytes));
            return order != 0 ? order : x.Value(bytes).SequenceCompareTo(y.Value(bytes));
        }
    }
}
