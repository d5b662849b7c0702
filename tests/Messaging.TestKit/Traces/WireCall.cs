using System.Text;
using System.Text.RegularExpressions;

namespace Messaging.TestKit.Traces;

/// <summary>One HTTP call on the wire: the place at which the server had read its request, and the place at which it began to answer.</summary>
internal sealed record WireCall(string Queue, string Operation, string Request, int Arrived, int Status, string Answer, int Answered);

/// <summary>Finds the HTTP calls in a trace: a connection carries one at a time, so that each answer belongs to the request before it.</summary>
internal static partial class WireCalls
{
    public static IReadOnlyList<WireCall> Of(IReadOnlyList<SystemCall> calls)
    {
        var found = new List<WireCall>();
        foreach (IGrouping<string, SystemCall> connection in calls.Where(call => call.Target.StartsWith("TCP:", StringComparison.Ordinal)).GroupBy(call => call.Target))
            found.AddRange(OfConnection(connection.OrderBy(call => IsRead(call) ? call.Ended : call.Began)));
        return [.. found.OrderBy(call => call.Answered)];
    }

    private static IEnumerable<WireCall> OfConnection(IEnumerable<SystemCall> connection)
    {
        (Match Line, StringBuilder Request, int Arrived)? open = null;
        (Match Status, StringBuilder Answer, int Answered)? answer = null;
        foreach (SystemCall call in connection)
        {
            string text = Encoding.Latin1.GetString(call.Moved.Span);
            if (IsRead(call))
            {
                if (!(call.Result > 0)) continue;
                Match line = RequestLine().Match(text);
                if (!line.Success)
                {
                    open?.Request.Append(text);
                    continue;
                }

                if (open is not null && answer is not null) yield return Made(open.Value, answer.Value);
                (open, answer) = ((line, new StringBuilder(text), call.Ended), null);
            }
            else if (StatusLine().Match(text) is { Success: true } status)
                answer = (status, new StringBuilder(text), call.Began);
            else
                answer?.Answer.Append(text);
        }

        if (open is not null && answer is not null) yield return Made(open.Value, answer.Value);
    }

    // What it brings was there when it ended: it may have begun before the answer to the request before.
    private static bool IsRead(SystemCall call) => call.Name is "read" or "readv" or "recvfrom" or "recvmsg";

    private static WireCall Made((Match Line, StringBuilder Request, int Arrived) open, (Match Status, StringBuilder Answer, int Answered) answer) => new(
        open.Line.Groups["queue"].Value, open.Line.Groups["method"].Value + open.Line.Groups["operation"].Value, open.Request.ToString(), open.Arrived,
        int.Parse(answer.Status.Groups["status"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture), answer.Answer.ToString(), answer.Answered);

    [GeneratedRegex(@"^(?<method>GET|PUT|POST|DELETE) /v1/queues/(?<queue>[^/? ]+)(?<operation>[^? ]*)[^ ]* HTTP/1\.1\r\n")]
    private static partial Regex RequestLine();

    [GeneratedRegex(@"^HTTP/1\.1 (?<status>\d+) ")]
    private static partial Regex StatusLine();
}
