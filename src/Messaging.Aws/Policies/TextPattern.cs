using System.Text;

namespace Messaging.Aws.Policies;

/// <summary>
/// A text of a policy that values are matched with: with stars or without, and with variables such as <c>${aws:PrincipalAccount}</c>, which each request fills
/// in. A variable that a request has no value for makes it match nothing. Immutable; hot path, where one without variables allocates nothing.
/// Source: IAM User Guide, "IAM policy elements: Variables and tags".
/// </summary>
internal sealed class TextPattern
{
    private const string VariableStart = "${";

    // Texts with their marks, and between them the variables.
    private readonly string[] _texts;
    private readonly Variable[] _variables;

    private TextPattern(string[] texts, Variable[] variables) => (_texts, _variables) = (texts, variables);

    /// <summary>
    /// <paramref name="hasVariables"/>: the policy's version knows them. False for a variable without an end, and for characters that are none.
    /// </summary>
    public static bool TryParse(string text, bool hasStars, bool hasVariables, out TextPattern pattern)
    {
        pattern = new TextPattern([text], []);
        if (Wildcard.HasMarks(text))
            return false;
        var texts = new List<string>();
        var variables = new List<Variable>();
        var current = new StringBuilder();
        ReadOnlySpan<char> rest = text;
        while (hasVariables && rest.IndexOf(VariableStart, StringComparison.Ordinal) is var start and >= 0)
        {
            int end = rest.IndexOf('}');
            if (end < start)
                return false;
            current.Append(Plain(rest[..start], hasStars));
            ReadOnlySpan<char> inner = rest[(start + VariableStart.Length)..end].Trim();
            rest = rest[(end + 1)..];
            if (inner is "*" or "?" or "$")
            {
                current.Append(inner);
                continue;
            }
            if (Variable.Parse(inner) is not { } variable)
                return false;
            texts.Add(current.ToString());
            variables.Add(variable);
            current.Clear();
        }
        texts.Add(current.Append(Plain(rest, hasStars)).ToString());
        pattern = new TextPattern([.. texts], [.. variables]);
        return true;
    }

    public bool Matches(ReadOnlySpan<char> value, in PolicyRequest request, bool ignoreCase = false) =>
        Fill(request) is { } filled && Wildcard.Matches(filled, value, ignoreCase);

    public bool MatchesArn(ReadOnlySpan<char> value, in PolicyRequest request) => Fill(request) is { } filled && Wildcard.MatchesArn(filled, value);

    private static string Plain(ReadOnlySpan<char> text, bool hasStars) => hasStars ? Wildcard.Mark(text.ToString()) : text.ToString();

    private string? Fill(in PolicyRequest request)
    {
        if (_variables.Length == 0)
            return _texts[0];
        var filled = new StringBuilder(_texts[0]);
        for (int i = 0; i < _variables.Length; i++)
        {
            string? value = ConditionKeys.Text(_variables[i].Key, request) ?? _variables[i].Default;
            // A client may send any character, and must not bring a star of its own.
            if (value is null || Wildcard.HasMarks(value))
                return null;
            filled.Append(value).Append(_texts[i + 1]);
        }
        return filled.ToString();
    }

    private sealed record Variable(ConditionKey Key, string? Default)
    {
        /// <summary>A key, or a key and a default: <c>aws:PrincipalAccount, 'none'</c>.</summary>
        public static Variable? Parse(ReadOnlySpan<char> text)
        {
            int comma = text.IndexOf(',');
            ReadOnlySpan<char> key = comma < 0 ? text : text[..comma].TrimEnd();
            if (!key.Contains(':'))
                return null;
            if (comma < 0)
                return new Variable(ConditionKeys.Parse(key.ToString()), null);
            ReadOnlySpan<char> quoted = text[(comma + 1)..].TrimStart();
            return quoted is ['\'', .. var value, '\''] ? new Variable(ConditionKeys.Parse(key.ToString()), value.ToString()) : null;
        }
    }
}
