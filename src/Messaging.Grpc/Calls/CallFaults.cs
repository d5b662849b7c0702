using Grpc.Core;
using Messaging.Broker;
using Messaging.Grpc.Errors;
using Messaging.Http;
using Microsoft.Extensions.Logging;

namespace Messaging.Grpc.Calls;

/// <summary>
/// What a call is told of an exception that reaches its end and is no refusal: its client has left, Kestrel finds its request broken, or a fault is ours, which is logged and told without details. Event ids 6000 to 6999 are the front's.
/// One for the process, thread-safe.
/// </summary>
internal sealed partial class CallFaults(Front front, ILoggerFactory loggers)
{
    private readonly ILogger _logger = loggers.CreateLogger("Messaging.Grpc");

    /// <summary>The request did not come in time.</summary>
    public static RpcException TooSlow() => new(new Status(StatusCode.DeadlineExceeded, "The request came more slowly than the server waits for."));

    /// <summary>What came is not a message of the contract. gRPC's word for that (github.com/grpc/grpc, doc/statuscodes.md).</summary>
    public static RpcException Unreadable() => new(new Status(StatusCode.Internal, "The request is not a message of this method."));

    /// <summary>The stream or its connection was reset.</summary>
    public static RpcException Gone() => new(new Status(StatusCode.Cancelled, "The client has left."));

    public RpcException Told(Exception exception, ServerCallContext context)
    {
        if (exception is OperationCanceledException && front.Stopping.IsCancellationRequested)
            return Refusal.Of(new BrokerError(ErrorCode.Stopping, "The server is stopping."));
        // Its deadline is over, or its client has cancelled it: both know.
        if (exception is OperationCanceledException && context.CancellationToken.IsCancellationRequested)
            return new RpcException(new Status(StatusCode.Cancelled, "The call was cancelled."));
        RequestFault fault = RequestFaults.Judge(context.GetHttpContext(), exception);
        if (fault == RequestFault.Internal)
            LogFault(_logger, exception, context.Method);
        return fault switch
        {
            RequestFault.Gone => Gone(),
            RequestFault.TooSlow => TooSlow(),
            RequestFault.Broken => new RpcException(new Status(StatusCode.Internal, "The request ended early, or is not well-formed.")),
            RequestFault.Internal => Refusal.Of(StatusCode.Internal, "internal", "The server failed to answer; its log says why."),
        };
    }

    [LoggerMessage(EventId = 6001, Level = LogLevel.Error, Message = "{Method} failed.")]
    private static partial void LogFault(ILogger logger, Exception exception, string method);
}
