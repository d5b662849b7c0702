using Microsoft.AspNetCore.Http;

namespace Messaging.Http;

/// <summary>How long a body may take to come, in all, where it is not <see cref="RequestBody"/> that reads it.</summary>
public static class BodyDeadline
{
    /// <summary>Cuts the connection after <see cref="HttpLimits.BodySecondsMax"/>, unless what is returned is disposed before.</summary>
    public static IDisposable Start(HttpContext context, TimeProvider clock) => AnswerDeadline.Start(context, HttpLimits.BodySecondsMax, clock);
}
