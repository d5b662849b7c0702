using System.Text;
using System.Text.Unicode;
using Messaging.Broker;
using Messaging.Rest.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Messaging.Rest.Http;

/// <summary>
/// A name out of the path: percent-encoded UTF-8. Kestrel decodes a path except for %2F, so that in its result "%2F" may have been "%2F" or "%252F"; a name in
/// which a percent sign is left is therefore decoded from the request line again. One for each kind of resource, immutable. Hot path: mostly one look for '%'.
/// </summary>
/// <param name="kind">What the route and a problem call it, such as "queue".</param>
/// <param name="prefix">What stands before the name, or before that of the resource that it is in.</param>
/// <param name="list">What stands between the two; null where there is one.</param>
internal sealed class ResourcePath(string kind, string prefix, string? list = null)
{
    public static readonly ResourcePath Queue = new("queue", "/v1/queues/");

    public static readonly ResourcePath Topic = new("topic", "/v1/topics/");

    public static readonly ResourcePath Group = new("group", "/v1/groups/");

    public static readonly ResourcePath Subscription = new("subscription", "/v1/topics/", "/subscriptions/");

    private static readonly ResourcePath[] All = [Queue, Topic, Group, Subscription];

    private readonly Problem _notEncoded = Problem.Of(ErrorCode.InvalidName, "The name in the path is not percent-encoded UTF-8.", kind);

    private readonly Problem _dotName = Problem.Of(ErrorCode.InvalidName, $"A path resolves \".\" and \"..\", so that no {kind} can have this name.", kind);

    /// <summary>The problem of a name that is not a legal one.</summary>
    public Problem NotLegal { get; } =
        Problem.Of(ErrorCode.InvalidName, $"A {kind}'s name is 1 to {BrokerLimits.NameBytesMax} bytes of UTF-8 without control characters.", kind);

    /// <summary>The name as the client meant it, legal or not.</summary>
    public Problem? ReadText(HttpContext context, out string text)
    {
        text = (string)context.GetRouteValue(kind)!;
        return text.Contains('%', StringComparison.Ordinal) && !TryDecode(RawTarget(context), out text) ? _notEncoded : null;
    }

    /// <summary>The path of the resource of this name.</summary>
    public string Format(string name) => prefix + Uri.EscapeDataString(name);

    /// <summary>The path of the resource of this name in another one.</summary>
    public string Format(string outer, string name) => prefix + Uri.EscapeDataString(outer) + list + Uri.EscapeDataString(name);

    /// <summary>
    /// The problem of a name in the request line that is "." or "..". Kestrel has resolved it, and the path that is left means something else: the list of all, or
    /// another one.
    /// </summary>
    public static Problem? RefuseDotName(HttpContext context)
    {
        ReadOnlySpan<char> target = RawTarget(context);
        foreach (ResourcePath path in All)
        {
            if (path.IsDotName(target))
                return path._dotName;
        }
        return null;
    }

    private bool IsDotName(ReadOnlySpan<char> target) => TryFind(target, out ReadOnlySpan<char> rest) && IsDots(rest);

    // What begins with the name.
    private bool TryFind(ReadOnlySpan<char> target, out ReadOnlySpan<char> rest)
    {
        rest = default;
        if (!target.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            return false;
        rest = target[prefix.Length..];
        if (list is null)
            return true;
        int end = rest.IndexOf('/');
        if (end < 0 || !rest[end..].StartsWith(list, StringComparison.OrdinalIgnoreCase))
            return false;
        rest = rest[(end + list.Length)..];
        return true;
    }

    // One or two dots, as they are or as %2E, and then the segment's end.
    private static bool IsDots(ReadOnlySpan<char> rest)
    {
        for (int dots = 0; dots <= 2; dots++)
        {
            if (rest.IsEmpty || rest[0] is '/' or '?')
                return dots > 0;
            if (rest[0] == '.')
                rest = rest[1..];
            else if (rest.StartsWith("%2e", StringComparison.OrdinalIgnoreCase))
                rest = rest[3..];
            else
                return false;
        }
        return false;
    }

    private static string RawTarget(HttpContext context) => context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";

    /// <summary>Decodes the segment that is the name.</summary>
    internal bool TryDecode(string target, out string name)
    {
        name = "";
        if (!TryFind(target, out ReadOnlySpan<char> rest))
            return false;
        int end = rest.IndexOfAny('/', '?');
        ReadOnlySpan<char> segment = end < 0 ? rest : rest[..end];
        byte[] bytes = new byte[Encoding.UTF8.GetMaxByteCount(segment.Length)];
        int length = 0;
        for (int index = 0; index < segment.Length; index++)
        {
            if (segment[index] != '%')
            {
                // A request line is ASCII.
                bytes[length++] = (byte)segment[index];
                continue;
            }
            if (index + 2 >= segment.Length || !char.IsAsciiHexDigit(segment[index + 1]) || !char.IsAsciiHexDigit(segment[index + 2]))
                return false;
            bytes[length++] = Convert.FromHexString(segment.Slice(index + 1, 2))[0];
            index += 2;
        }
        if (!Utf8.IsValid(bytes.AsSpan(0, length)))
            return false;
        name = Encoding.UTF8.GetString(bytes, 0, length);
        return true;
    }
}
