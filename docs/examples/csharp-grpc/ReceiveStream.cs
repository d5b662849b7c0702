using System.Threading.Channels;
using Grpc.Core;
using Messaging.V1;

namespace Orders;

/// <summary>A stream that receives, on which any thread may ask: what is asked goes out one after the other, in its order. Disposing ends it.</summary>
internal sealed class ReceiveStream : IAsyncDisposable
{
    private readonly Channel<StreamReceiveRequest> _requests = Channel.CreateUnbounded<StreamReceiveRequest>();
    private readonly AsyncDuplexStreamingCall<StreamReceiveRequest, StreamReceiveResponse> _call;
    private readonly Task _sending;

    public ReceiveStream(QueueService.QueueServiceClient queues)
    {
        _call = queues.StreamReceive(Connection.Headers(), cancellationToken: CancellationToken.None);
        _sending = SendAsync();
    }

    public IAsyncEnumerable<StreamReceiveResponse> Responses => _call.ResponseStream.ReadAllAsync(CancellationToken.None);

    /// <summary>Nothing is sent behind <see cref="Close"/>, or once the stream is broken.</summary>
    public void Ask(StreamReceiveRequest request) => _requests.Writer.TryWrite(request);

    /// <summary>Closes our side behind what was asked: the server gives back what was delivered and is not settled.</summary>
    public void Close() => _requests.Writer.TryComplete();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Close();
        _call.Dispose();
        // What it could not send is told by the responses' end.
        await _sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task SendAsync()
    {
        await foreach (StreamReceiveRequest request in _requests.Reader.ReadAllAsync())
            await _call.RequestStream.WriteAsync(request);
        await _call.RequestStream.CompleteAsync();
    }
}
