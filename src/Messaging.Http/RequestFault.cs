using System.Diagnostics;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace Messaging.Http;

/// <summary>What an exception at the end of a request means. Each front has its own words for it.</summary>
public enum RequestFault
{
    /// <summary>Nobody waits for an answer any more: the client has left, or a stop has cut it off.</summary>
    Gone,

    /// <summary>The body came more slowly than the server waits for.</summary>
    TooSlow,

    /// <summary>The request is not well-formed HTTP, or ended early.</summary>
    Broken,

    /// <summary>A fault of ours, to be logged and answered without details.</summary>
    Internal,
}

/// <summary>Tells faults of requests apart.</summary>
public static class RequestFaults
{
    /// <summary>
    /// Ends the process for a broken invariant: what it left behind in memory can't be trusted, and the journal brings back what was acknowledged.
    /// </summary>
    public static RequestFault Judge(HttpContext context, Exception exception)
    {
        if (exception is UnreachableException)
            Environment.FailFast("A broken invariant: the process ends here, and the next start recovers.", exception);
        if (context.RequestAborted.IsCancellationRequested || HasNoReader(exception))
            return RequestFault.Gone;
        return exception switch
        {
            BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } => RequestFault.TooSlow,
            BadHttpRequestException or IOException { InnerException: OverflowException } => RequestFault.Broken,
            _ => RequestFault.Internal,
        };
    }

    // A body that breaks off throws the one or the other, and when a stop cuts it off, a cancellation around it.
    private static bool HasNoReader(Exception exception) =>
        exception is ConnectionResetException or ConnectionAbortedException or OperationCanceledException { InnerException: ConnectionAbortedException };
}
