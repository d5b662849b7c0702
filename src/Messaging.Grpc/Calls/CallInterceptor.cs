using Grpc.Core;
using Grpc.Core.Interceptors;
using Messaging.Broker;
using Messaging.Grpc.Errors;
using Messaging.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Messaging.Grpc.Calls;

/// <summary>
/// Around every call: answers are compressed as its requests are, whatever else the client takes. And answers exceptions that reach the end of a call: a client that has left, a request that Kestrel finds broken, or a fault of ours, which is logged and told without details. Refusals pass. Event ids 6000 to 6999 are the
/// front's. One for the process, thread-safe.
/// </summary>
internal sealed partial class CallInterceptor(Front front, ILoggerFactory loggers) : Interceptor
{
    private const string EncodingHeader = "grpc-encoding";

    private static readonly WriteOptions Plain = new(WriteFlags.NoCompress);

    private readonly ILogger _logger = loggers.CreateLogger("Messaging.Grpc");

    /// <inheritdoc/>
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        Begin(context);
        try
        {
            return await continuation(request, context);
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            throw Told(exception, context);
        }
    }

    /// <inheritdoc/>
    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Begin(context);
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            throw Told(exception, context);
        }
    }

    /// <inheritdoc/>
    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Begin(context);
        try
        {
            await continuation(requestStream, responseStream, context);
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            throw Told(exception, context);
        }
    }

    private static void Begin(ServerCallContext context)
    {
        if (context.GetHttpContext().Features.Get<IRequestBodyPipeFeature>() is BudgetedReader body)
            body.HasBegun = true;
        if (context.GetHttpContext().Request.Headers[EncodingHeader] != BoundedGzip.Name)
            context.WriteOptions = Plain;
    }

    private RpcException Told(Exception exception, ServerCallContext context)
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
            RequestFault.Gone => new RpcException(new Status(StatusCode.Cancelled, "The client has left.")),
            RequestFault.TooSlow => new RpcException(new Status(StatusCode.DeadlineExceeded, "The request came more slowly than the server waits for.")),
            RequestFault.Broken => new RpcException(new Status(StatusCode.Internal, "The request ended early, or is not well-formed.")),
            RequestFault.Internal => Refusal.Of(StatusCode.Internal, "internal", "The server failed to answer; its log says why."),
        };
    }

    [LoggerMessage(EventId = 6001, Level = LogLevel.Error, Message = "{Method} failed.")]
    private static partial void LogFault(ILogger logger, Exception exception, string method);
}
