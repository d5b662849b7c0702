using Messaging.Http;
using Messaging.Rest.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Messaging.Rest.Http;

/// <summary>
/// Answers exceptions that reach the end of an operation: a request that Kestrel finds broken or too slow, or a fault of ours. Event ids 3000 to 3999 are the front's.
/// </summary>
internal static partial class FaultAnswer
{
    public static async Task WriteAsync(HttpContext context, Exception exception, ILogger logger)
    {
        RequestFault fault = RequestFaults.Judge(context, exception);
        if (fault == RequestFault.Internal)
            LogFault(logger, exception, context.Request.Method, context.Request.Path);
        if (ToProblem(fault) is not { } problem)
            return;
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }
        context.Response.Headers.Connection = "close";
        await ProblemAnswer.WriteAsync(context, problem);
    }

    private static Problem? ToProblem(RequestFault fault) => fault switch
    {
        RequestFault.Gone => null,
        RequestFault.TooSlow => Problem.Of(FrontCode.RequestTimeout, "The body came more slowly than the server waits for."),
        RequestFault.Broken => Problem.Of(FrontCode.BadRequest, "The request's body is not well-formed HTTP or ended early."),
        RequestFault.Internal => Problem.Of(FrontCode.Internal, "The server failed to answer; its log says why."),
    };

    [LoggerMessage(EventId = 3001, Level = LogLevel.Error, Message = "{Method} {Path} failed.")]
    private static partial void LogFault(ILogger logger, Exception exception, string method, PathString path);
}
