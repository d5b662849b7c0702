using System.Text;
using System.Text.Unicode;
using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Rest.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Messaging.Rest.Http;

/// <summary>
/// The queue's name out of the path: percent-encoded UTF-8. Kestrel decodes a path except for %2F, so that in its result "%2F" may have
/// been "%2F" or "%252F"; a name in which a percent sign is left is therefore decoded from the request line again. Hot path: mostly one
/// look for '%'.
/// </summary>
internal static class QueuePath
{
    public const string RouteValue = "queue";
    private const string Prefix = "/v1/queues/";

    public static Problem? ReadName(HttpContext context, out QueueName name)
    {
        string text = (string)context.GetRouteValue(RouteValue)!;
        if (text.Contains('%', StringComparison.Ordinal) && !TryDecode(RawTarget(context), out text))
        {
            name = default;
            return Problem.Of(ErrorCode.InvalidName, "The name in the path is not percent-encoded UTF-8.", RouteValue);
        }
        return QueueName.TryParse(text, out name)
            ? null
            : Problem.Of(ErrorCode.InvalidName, $"A queue's name is 1 to {BrokerLimits.NameBytesMax} bytes of UTF-8 without control characters.", RouteValue);
    }

    /// <summary>The path segment of a name.</summary>
    public static string Format(QueueName name) => Prefix + Uri.EscapeDataString(name.Value);

    /// <summary>
    /// The name in the request line is "." or "..". Kestrel has resolved it, and the path that is left means something else: the list of queues,
    /// or another queue.
    /// </summary>
    public static bool IsDotName(HttpContext context)
    {
        ReadOnlySpan<char> target = RawTarget(context);
        return target.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && IsDots(target[Prefix.Length..]);
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

    /// <summary>Decodes the first segment behind the prefix.</summary>
    internal static bool TryDecode(string target, out string name)
    {
        name = "";
        if (!target.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            return false;
        ReadOnlySpan<char> rest = target.AsSpan(Prefix.Length);
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
