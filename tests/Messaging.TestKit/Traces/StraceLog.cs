using System.Globalization;
using System.Text.RegularExpressions;

namespace Messaging.TestKit.Traces;

/// <summary>Reads what strace -f -yy wrote: calls in the order in which they began. A call that another thread interrupted stands on two lines.</summary>
internal static partial class StraceLog
{
    private const string Unfinished = " <unfinished ...>";

    public static IReadOnlyList<SystemCall> Parse(IEnumerable<string> lines)
    {
        var calls = new List<SystemCall>();
        var open = new Dictionary<int, (int Began, string Text)>();
        int place = 0;
        foreach (string line in lines)
        {
            place++;
            Match match = LinePattern().Match(line);
            if (!match.Success) continue;
            int thread = int.Parse(match.Groups["thread"].ValueSpan, CultureInfo.InvariantCulture);
            string text = match.Groups["text"].Value;
            if (text.EndsWith(Unfinished, StringComparison.Ordinal))
            {
                open[thread] = (place, text[..^Unfinished.Length]);
                continue;
            }

            Match resumed = ResumedPattern().Match(text);
            if (!resumed.Success)
                calls.Add(Call(thread, text, place, place));
            else if (open.Remove(thread, out var start))
                calls.Add(Call(thread, start.Text + text[resumed.Length..], start.Began, place));
        }

        calls.AddRange(open.Select(call => Call(call.Key, call.Value.Text, call.Value.Began, SystemCall.Never)));
        return [.. calls.Where(call => call.Name.Length > 0).OrderBy(call => call.Began)];
    }

    private static SystemCall Call(int thread, string text, int began, int ended)
    {
        Match call = CallPattern().Match(text);
        if (!call.Success) return new SystemCall(thread, "", "", default, null, began, ended);
        Match result = ResultPattern().Match(text);
        long? value = ended != SystemCall.Never && result.Success ? long.Parse(result.Groups["value"].ValueSpan, CultureInfo.InvariantCulture) : null;
        return new SystemCall(thread, call.Groups["name"].Value, call.Groups["target"].Value, Strings(text.AsSpan(call.Length)), value, began, ended)
        {
            IsInjected = text.EndsWith("(INJECTED)", StringComparison.Ordinal),
        };
    }

    // All quoted strings of the arguments, joined: the buffers of a vector follow each other.
    private static byte[] Strings(ReadOnlySpan<char> arguments)
    {
        using var bytes = new MemoryStream();
        for (int at = 0; at < arguments.Length; at++)
        {
            if (arguments[at] != '"') continue;
            for (at++; at < arguments.Length && arguments[at] != '"'; at++)
                bytes.WriteByte(arguments[at] == '\\' ? Escaped(arguments, ref at) : (byte)arguments[at]);
        }

        return bytes.ToArray();
    }

    // C's escapes, up to three octal digits or x and two others; "at" ends on the last character.
    private static byte Escaped(ReadOnlySpan<char> text, ref int at)
    {
        char first = text[++at];
        if (first is 'x')
        {
            at += 2;
            return byte.Parse(text.Slice(at - 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        }

        if (first is < '0' or > '7')
            return (byte)(first switch { 'n' => '\n', 't' => '\t', 'r' => '\r', 'v' => '\v', 'f' => '\f', _ => first });
        int value = first - '0';
        for (int digits = 1; digits < 3 && at + 1 < text.Length && text[at + 1] is >= '0' and <= '7'; digits++)
            value = value * 8 + (text[++at] - '0');
        return (byte)value;
    }

    [GeneratedRegex(@"^(?<thread>\d+)\s+(?<text>.*)$", RegexOptions.Singleline)]
    private static partial Regex LinePattern();

    [GeneratedRegex(@"^<\.\.\. \w+ resumed>")]
    private static partial Regex ResumedPattern();

    // The target is what -yy says of the descriptor: a path, or TCP:[from->to].
    [GeneratedRegex(@"^(?<name>\w+)\(\d+<(?<target>(?:\w+:\[[^\]]*\]|[^>]*))>")]
    private static partial Regex CallPattern();

    [GeneratedRegex(@"\)\s+= (?<value>-?\d+)(?: [^""]*)?$")]
    private static partial Regex ResultPattern();
}
