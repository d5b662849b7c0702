using Microsoft.AspNetCore.Http;

namespace Messaging.Http;

/// <summary>
/// How long an answer may take to be read, in all, that is large or whose client is behind: Kestrel's minimum rate gives each piece a grace of its own and counts what the client has read before in its favour, and HTTP/2 has none that could be set.
/// </summary>
public static class AnswerDeadline
{
    /// <summary>Cuts the connection after <see cref="HttpLimits.AnswerSecondsMax"/>, unless what is returned is disposed before.</summary>
    public static IDisposable Start(HttpContext context, TimeProvider clock) => new CallDeadline(context, HttpLimits.AnswerSecondsMax, clock);
}
