namespace Messaging.Aws.Policies;

/// <summary>
/// Matches a pattern in which one mark stands for any text and one for any character. The marks are no characters of Unicode, so that a star can also stand
/// for itself; <see cref="Mark"/> puts them in. Time is at most the product of the lengths. Pure; hot path.
/// </summary>
internal static class Wildcard
{
    public const char AnyText = '\uFFFE';
    public const char AnyCharacter = '\uFFFF';

    /// <summary>The pattern with its stars and question marks as marks.</summary>
    public static string Mark(string pattern) => pattern.Replace('*', AnyText).Replace('?', AnyCharacter);

    /// <summary>Whether text holds a mark, which no legal text does.</summary>
    public static bool HasMarks(ReadOnlySpan<char> text) => text.ContainsAny(AnyText, AnyCharacter);

    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text, bool ignoreCase)
    {
        if (!HasMarks(pattern))
            return pattern.Equals(text, ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
        int p = 0;
        int t = 0;
        // Behind the last mark for any text, and how far it reached: only that one ever has to give way.
        int afterStar = -1;
        int starEnd = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == AnyText)
            {
                afterStar = ++p;
                starEnd = t;
            }
            else if (p < pattern.Length && (pattern[p] == AnyCharacter || Same(pattern[p], text[t], ignoreCase)))
            {
                p++;
                t++;
            }
            else if (afterStar >= 0)
            {
                p = afterStar;
                t = ++starEnd;
            }
            else
            {
                return false;
            }
        }
        while (p < pattern.Length && pattern[p] == AnyText)
            p++;
        return p == pattern.Length;
    }

    /// <summary>
    /// The same for ARNs: the six parts between colons are matched one by one, so that a star reaches no further than its part. The last part of a pattern
    /// is matched with all that is left.
    /// </summary>
    public static bool MatchesArn(ReadOnlySpan<char> pattern, ReadOnlySpan<char> arn)
    {
        const int PartsBeforeLast = 5;
        for (int i = 0; i < PartsBeforeLast; i++)
        {
            int patternEnd = pattern.IndexOf(':');
            int arnEnd = arn.IndexOf(':');
            if (patternEnd < 0 || arnEnd < 0)
                break;
            if (!Matches(pattern[..patternEnd], arn[..arnEnd], ignoreCase: false))
                return false;
            pattern = pattern[(patternEnd + 1)..];
            arn = arn[(arnEnd + 1)..];
        }
        return Matches(pattern, arn, ignoreCase: false);
    }

    private static bool Same(char x, char y, bool ignoreCase) => x == y || (ignoreCase && char.ToUpperInvariant(x) == char.ToUpperInvariant(y));
}
