using System.Diagnostics;
using Messaging.Rest.Errors;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Messaging.Rest.Http;

/// <summary>
/// Exceptions that reach the end of an operation: a request that Kestrel finds broken or too slow, a client that has left or that a
/// stop has cut off, or a fault of
/// ours, which is logged and answered without details. A broken invariant ends the process: what it left behind in memory can't be trusted, and the
/// journal brings back what was acknowledged. Event ids 3000 to 3999 are the front's.
/// </summary>
internal static partial class RequestFaults
{
    public static async Task AnswerAsync(HttpContext context, Exception exception, ILogger logger)
    {
        if (exception is UnreachableException)
            Environment.FailFast("A broken invariant: the process ends here, and the next start recovers.", exception);
        if (context.RequestAborted.IsCancellationRequested || HasNoReader(exception))
            return;
        Problem problem = ToProblem(exception);
        if (exception is not BadHttpRequestException)
            LogFault(logger, exception, context.Request.Method, context.Request.Path);
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }
        context.Response.Headers.Connection = "close";
        await ProblemAnswer.WriteAsync(context, problem);
    }

    // A body that breaks off throws the one or the other, and when a stop cuts it off, a cancellation around it.
    private static bool HasNoReader(Exception exception) =>
        exception is ConnectionResetException or ConnectionAbortedException or OperationCanceledException { InnerException: ConnectionAbortedException };

    private static Problem ToProblem(Exception exception) => exception switch
    {
        BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } =>
            Problem.Of(FrontCode.RequestTimeout, "The body came more slowly than the server waits for."),
        BadHttpRequestException => Problem.Of(FrontCode.BadRequest, "The request's body is not well-formed HTTP or ended early."),
        _ => Problem.Of(FrontCode.Internal, "The server failed to answer; its log says why."),
    };

    [LoggerMessage(EventId = 3001, Level = LogLevel.Error, Message = "{Method} {Path} failed.")]
    private static partial void LogFault(ILogger logger, Exception exception, string method, PathString path);
}
