using System.Text;

namespace Messaging.Broker.Filters;

/// <summary>Reads a wildcard pattern: a star is any text, <c>\*</c> a star and <c>\\</c> a backslash; two stars in a row say nothing more than one, and are refused.</summary>
internal static class WildcardPattern
{
    /// <summary>Null with what stands between the stars, or why there is none.</summary>
    public static string? Parse(string pattern, out byte[][] pieces)
    {
        var all = new List<byte[]>();
        var piece = new StringBuilder();
        pieces = [];
        for (int i = 0; i < pattern.Length; i++)
        {
            char next = i + 1 < pattern.Length ? pattern[i + 1] : '\0';
            switch (pattern[i])
            {
                case '*' when next == '*':
                    return $"Consecutive wildcard characters at pos {i}";
                case '*':
                    all.Add(Encoding.UTF8.GetBytes(piece.ToString()));
                    piece.Clear();
                    break;
                case '\\' when next is '*' or '\\':
                    piece.Append(next);
                    i++;
                    break;
                case '\\':
                    return $"Invalid escape character at pos {i}";
                case char other:
                    piece.Append(other);
                    break;
            }
        }
        all.Add(Encoding.UTF8.GetBytes(piece.ToString()));
        pieces = [.. all];
        return null;
    }
}
