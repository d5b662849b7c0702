using System.Buffers;
using System.Text;

namespace Messaging.Broker.Filters;

/// <summary>Whether a text is another but for the case of its letters: each letter by itself, of all scripts, in no language's way.</summary>
internal sealed class IgnoreCaseTest(byte[] expected) : IValueTest
{
    public bool Matches(in Scalar value) =>
        value.Kind == ScalarKind.Text && (Ascii.EqualsIgnoreCase(value.Text, expected) || SameRunes(value.Text, expected));

    private static bool SameRunes(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        while (!left.IsEmpty && !right.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(left, out Rune leftRune, out int leftBytes) != OperationStatus.Done
                || Rune.DecodeFromUtf8(right, out Rune rightRune, out int rightBytes) != OperationStatus.Done
                || Rune.ToUpperInvariant(leftRune) != Rune.ToUpperInvariant(rightRune))
            {
                return false;
            }
            left = left[leftBytes..];
            right = right[rightBytes..];
        }
        return left.IsEmpty && right.IsEmpty;
    }
}
