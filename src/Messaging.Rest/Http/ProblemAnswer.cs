using Messaging.Http;
using Messaging.Rest.Errors;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Http;

/// <summary>Writes a problem as the answer (RFC 9457).</summary>
internal static class ProblemAnswer
{
    public const string MediaType = "application/problem+json";

    public static async Task WriteAsync(HttpContext context, Problem problem)
    {
        using var answer = BufferedAnswer.Rent();
        answer.Writer.WriteStartObject();
        problem.WriteMembers(answer.Writer);
        answer.Writer.WriteEndObject();
        SetRetryAfter(context, problem);
        await answer.SendAsync(context, problem.Kind.Status, MediaType);
    }

    public static void SetRetryAfter(HttpContext context, Problem problem)
    {
        if (problem.Kind.RetryAfterSeconds > 0)
            context.Response.Headers.RetryAfter = problem.Kind.RetryAfterSeconds.ToString();
    }
}
