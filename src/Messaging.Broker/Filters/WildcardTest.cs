namespace Messaging.Broker.Filters;

/// <summary>
/// Whether a text is as a pattern in which a star stands for any text, also for none. <paramref name="pieces"/> are what stands between the stars, at least one.
/// Time is at most the product of the lengths.
/// </summary>
internal sealed class WildcardTest(byte[][] pieces) : IValueTest
{
    public bool Matches(in Scalar value)
    {
        if (value.Kind != ScalarKind.Text)
            return false;
        ReadOnlySpan<byte> text = value.Text;
        if (pieces.Length == 1)
            return text.SequenceEqual(pieces[0]);
        byte[] last = pieces[^1];
        if (!text.StartsWith(pieces[0]))
            return false;
        text = text[pieces[0].Length..];
        // The leftmost place of each piece leaves the most for those behind it, so that none has to be tried again.
        foreach (byte[] piece in pieces.AsSpan(1, pieces.Length - 2))
        {
            int at = text.IndexOf(piece);
            if (at < 0)
                return false;
            text = text[(at + piece.Length)..];
        }
        return text.EndsWith(last);
    }
}
