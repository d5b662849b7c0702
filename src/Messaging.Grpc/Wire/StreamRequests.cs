using Google.Protobuf;
using Grpc.Core;
using Messaging.Grpc.Calls;

namespace Messaging.Grpc.Wire;

/// <summary>A stream's requests, where the package's and Kestrel's exceptions say what they mean: what is no message of the contract, a client that has left, a read that was cancelled. Hot path.</summary>
internal sealed class StreamRequests<TRequest>(IAsyncStreamReader<TRequest> inner) : IAsyncStreamReader<TRequest>
{
    /// <inheritdoc/>
    public TRequest Current => inner.Current;

    /// <inheritdoc/>
    public Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        Task<bool> moving = inner.MoveNext(cancellationToken);
        return moving.IsCompletedSuccessfully ? moving : MovedAsync(moving, cancellationToken);
    }

    private static async Task<bool> MovedAsync(Task<bool> moving, CancellationToken cancellationToken)
    {
        try
        {
            return await moving;
        }
        catch (RpcException exception) when (cancellationToken.IsCancellationRequested)
        {
            // The package's word for a read that is cancelled; why it was is told elsewhere.
            throw new OperationCanceledException(exception.Status.Detail, exception, cancellationToken);
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or InvalidDataException)
        {
            throw CallFaults.Unreadable();
        }
        catch (IOException)
        {
            // The stream or its connection was reset, which is known here before the call's token is.
            throw CallFaults.Gone();
        }
    }
}
