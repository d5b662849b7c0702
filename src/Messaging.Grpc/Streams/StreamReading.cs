using Google.Protobuf;
using Grpc.Core;
using Messaging.Broker;
using Messaging.Grpc.Errors;

namespace Messaging.Grpc.Streams;

/// <summary>Reads a stream's requests.</summary>
internal static class StreamReading
{
    /// <summary>The next request; null when the client has closed its side.</summary>
    public static async ValueTask<TRequest?> NextAsync<TRequest>(this IAsyncStreamReader<TRequest> requests, CancellationToken cancellationToken)
        where TRequest : class
    {
        try
        {
            return await requests.MoveNext(cancellationToken) ? requests.Current : null;
        }
        catch (RpcException exception) when (cancellationToken.IsCancellationRequested)
        {
            // The package's word for a read that is cancelled; why it was is told elsewhere.
            throw new OperationCanceledException(exception.Status.Detail, exception, cancellationToken);
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or InvalidDataException)
        {
            throw new RpcException(new Status(StatusCode.Internal, "The request is not a message of this method."));
        }
        catch (IOException)
        {
            // The stream or its connection was reset, which is known here before the call's token is.
            throw new RpcException(new Status(StatusCode.Cancelled, "The client has left."));
        }
    }

    /// <summary>
    /// Reads all of them into what gathers, until the client closes its side or something is wrong: that is told when what came before it is done. <paramref name="look"/> throws where the request can't be; <paramref name="count"/>
    /// tells its entries.
    /// </summary>
    public static async Task GatherAsync<TRequest>(
        this IAsyncStreamReader<TRequest> requests, Gathering<TRequest> gathering, Action<TRequest> look, Func<TRequest, int> count, CancellationToken cancellationToken)
        where TRequest : class, IMessage
    {
        try
        {
            while (await requests.NextAsync(cancellationToken) is { } request)
            {
                look(request);
                int entries = count(request);
                if (entries == 0)
                    throw Refusal.Of(new BrokerError(ErrorCode.BatchEmpty, "A request has at least one entry."));
                await gathering.AddAsync(request, entries, request.CalculateSize(), cancellationToken);
            }
        }
        finally
        {
            gathering.End();
        }
    }
}
