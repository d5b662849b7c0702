using Grpc.Core;
using Messaging.V1;

namespace Messaging.Grpc.Tests.Queues;

/// <summary>A client of a receiving stream, that takes what comes one by one.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly CancellationTokenSource _cancelled = new();
    private readonly AsyncDuplexStreamingCall<StreamReceiveRequest, StreamReceiveResponse> _call;
    private readonly Queue<Message> _messages = new();
    private readonly Queue<SettleResult> _settled = new();
    private readonly Task _opened;
    private bool _hasStopped;

    public Receiver(GrpcServer server, string queue, int credit = 0, int? leaseSeconds = null, int? maxProcessingSeconds = null)
    {
        _call = server.Queues.StreamReceive(cancellationToken: _cancelled.Token);
        var open = new StreamReceiveOpen { Queue = queue };
        if (leaseSeconds is { } lease) open.LeaseSeconds = lease;
        if (maxProcessingSeconds is { } processing) open.MaxProcessingSeconds = processing;
        _opened = _call.RequestStream.WriteAsync(new StreamReceiveRequest { Open = open, Credit = credit });
    }

    public async Task SayAsync(StreamReceiveRequest request)
    {
        await _opened;
        await _call.RequestStream.WriteAsync(request);
    }

    public async Task<Message> NextAsync()
    {
        while (_messages.Count == 0) Assert.True(await ReadAsync());
        return _messages.Dequeue();
    }

    public async Task<string> NextBodyAsync() => (await NextAsync()).Body.ToStringUtf8();

    public async Task<SettleResult> SettledAsync()
    {
        while (_settled.Count == 0) Assert.True(await ReadAsync());
        return _settled.Dequeue();
    }

    public async Task StoppedAsync()
    {
        while (!_hasStopped) Assert.True(await ReadAsync());
    }

    /// <summary>Closes the client's side, and reads to the end.</summary>
    public async Task CloseAsync()
    {
        await _opened;
        await _call.RequestStream.CompleteAsync();
        while (await ReadAsync())
        {
        }
    }

    public void Cancel() => _cancelled.Cancel();

    public async Task<bool> ReadAsync()
    {
        await _opened;
        if (!await _call.ResponseStream.MoveNext(CancellationToken.None)) return false;
        StreamReceiveResponse response = _call.ResponseStream.Current;
        foreach (Message message in response.Messages) _messages.Enqueue(message);
        foreach (SettleResult result in response.Settled) _settled.Enqueue(result);
        _hasStopped |= response.Stopped;
        return true;
    }

    public ValueTask DisposeAsync()
    {
        _call.Dispose();
        _cancelled.Dispose();
        return ValueTask.CompletedTask;
    }
}
