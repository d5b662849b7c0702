using System.Threading.Channels;
using Google.Protobuf;
using Grpc.Core;
using Messaging.V1;

namespace Orders.Scripts;

/// <summary>
/// A consumer on streams that are played to it: the first one delivers two messages of a group, answers the acknowledgement of the first, and breaks with that; the next one answers what is asked for the second.
/// One thread does all the work, so that what is set going by the answer comes behind what the break does: on a connection it is so by chance.
/// </summary>
internal sealed class BreakingStream() : ChannelBase("played")
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<string> _handled = [];
    private int _opened;

    public static async Task<int> RunAsync()
    {
        if (!ThreadPool.SetMinThreads(1, 1) || !ThreadPool.SetMaxThreads(1, 1)) throw new InvalidOperationException("More than one thread is at work.");
        var streams = new BreakingStream();
        var consumer = new Consumer(streams, "played", message =>
        {
            streams._handled.Add(message.Receipt);
            return Task.CompletedTask;
        });
        await Task.Run(() => consumer.RunAsync(streams._stop.Token));
        Console.WriteLine($"handled: {string.Join(", ", streams._handled)}\n# tests 1");
        return streams._handled is ["first"] ? 0 : 1;
    }

    public override CallInvoker CreateCallInvoker() => new Calls(this);

    private void Answer(StreamReceiveRequest request, ChannelWriter<StreamReceiveResponse> responses)
    {
        if (request.Open is not null && ++_opened == 1)
            responses.TryWrite(new StreamReceiveResponse { Messages = { Of("first"), Of("second") } });
        foreach (string receipt in request.Acknowledge.Concat(request.Release.Select(static entry => entry.Receipt)))
        {
            responses.TryWrite(new StreamReceiveResponse { Settled = { new SettleResult { Receipt = receipt } } });
            if (receipt == "first")
                responses.Complete(new RpcException(new Status(StatusCode.Unavailable, "It breaks.")));
            else
                _stop.Cancel();
        }
        if (request.Stop)
            responses.TryWrite(new StreamReceiveResponse { Stopped = true });
    }

    private static Message Of(string receipt) => new() { Receipt = receipt, Group = "group", Sequence = 1, Body = ByteString.Empty };

    private sealed class Calls(BreakingStream streams) : CallInvoker
    {
        public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options)
        {
            var stream = new Played(streams);
            return (AsyncDuplexStreamingCall<TRequest, TResponse>)(object)new AsyncDuplexStreamingCall<StreamReceiveRequest, StreamReceiveResponse>(
                stream, stream, Task.FromResult(new Metadata()), static () => Status.DefaultSuccess, static () => [], static () => { });
        }

        public override TResponse BlockingUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

        public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

        public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();
    }

    private sealed class Played(BreakingStream streams) : IClientStreamWriter<StreamReceiveRequest>, IAsyncStreamReader<StreamReceiveResponse>
    {
        private readonly Channel<StreamReceiveResponse> _responses = Channel.CreateUnbounded<StreamReceiveResponse>();
        private StreamReceiveResponse? _current;

        public WriteOptions? WriteOptions { get; set; }

        public StreamReceiveResponse Current => _current!;

        public Task WriteAsync(StreamReceiveRequest message)
        {
            streams.Answer(message, _responses.Writer);
            return Task.CompletedTask;
        }

        public Task CompleteAsync()
        {
            _responses.Writer.TryComplete();
            return Task.CompletedTask;
        }

        public async Task<bool> MoveNext(CancellationToken cancellationToken) =>
            await _responses.Reader.WaitToReadAsync(cancellationToken) && _responses.Reader.TryRead(out _current);
    }
}
