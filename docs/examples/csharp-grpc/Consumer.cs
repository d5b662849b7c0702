using System.Threading.Channels;
using Grpc.Core;
using Grpc.Net.Client;
using Messaging.V1;

namespace Orders;

/// <summary>Thrown by a handler to say that trying again won't help: the message goes to the dead-letter queue.</summary>
internal sealed class PermanentFailureException(string message) : Exception(message);

/// <summary>
/// Takes messages from a queue and gives them to a handler, a bounded number at a time. Copy it, and change what your work asks for. At least once: a handler sees a message again if the process died, or lost its lease,
/// before the acknowledgement. Make handlers repeatable.
/// </summary>
internal sealed class Consumer(GrpcChannel channel, string queue, Func<Message, Task> handle)
{
    private static readonly TimeSpan BackOffMax = TimeSpan.FromSeconds(10);

    // What trying again does not change. Everything else passes: no server, one that stops, one without room.
    private static readonly StatusCode[] Final =
    [
        StatusCode.NotFound, StatusCode.InvalidArgument, StatusCode.FailedPrecondition, StatusCode.Unauthenticated, StatusCode.PermissionDenied, StatusCode.Unimplemented,
    ];

    private readonly QueueService.QueueServiceClient _queues = new(channel);
    private readonly Lock _lock = new();
    // Receipts of messages that handlers have.
    private readonly HashSet<string> _working = [];
    // By receipt, what was asked for a message: asked again on the next stream where this one breaks.
    private readonly Dictionary<string, StreamReceiveRequest> _unanswered = [];
    // Of the stream that is open; its completion closes our side.
    private Channel<StreamReceiveRequest> _requests = Channel.CreateUnbounded<StreamReceiveRequest>();
    private bool _stopping, _stopped, _givenUp;

    /// <summary>Messages in work at the same time.</summary>
    public int Prefetch { get; init; } = 10;

    /// <summary>After a crash, a message is somebody else's so much later. While a handler works, the server extends the lease.</summary>
    public int LeaseSeconds { get; init; } = 30;

    /// <summary>How long a stop waits for handlers; what they have not done by then is given back.</summary>
    public int DrainSeconds { get; init; } = 20;

    /// <summary>How long a message waits after its nth failure. A `retry` policy of the queue does the same for all consumers.</summary>
    public Func<int, int> RetrySeconds { get; init; } = static count => (int)Math.Min(300, Math.Pow(2, count));

    /// <summary>Runs until <paramref name="stop"/>, then until everything in work is done or given back. Throws where the queue can't be received from at all.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var drain = new Timer(_ => GiveUp());
        using CancellationTokenRegistration stopping = stop.Register(() => Stop(drain));
        for (int attempt = 0; !IsDone();)
        {
            using AsyncDuplexStreamingCall<StreamReceiveRequest, StreamReceiveResponse> call = _queues.StreamReceive(Connection.Headers(), cancellationToken: CancellationToken.None);
            Task sending = SendAsync(Begin(), call.RequestStream);
            try
            {
                await foreach (StreamReceiveResponse response in call.ResponseStream.ReadAllAsync(CancellationToken.None))
                {
                    attempt = 0;
                    Take(response);
                }
            }
            catch (RpcException error) when (!Final.Contains(error.StatusCode))
            {
                Console.Error.WriteLine($"the stream broke: {error.StatusCode}: {error.Status.Detail}");
                // Ever longer, and never all clients at the same moment.
                double seconds = Math.Min(BackOffMax.TotalSeconds, 0.1 * Math.Pow(2, attempt++)) * (0.5 + (Random.Shared.NextDouble() / 2));
                await Task.Delay(TimeSpan.FromSeconds(seconds), CancellationToken.None);
            }
            finally
            {
                _requests.Writer.TryComplete();
                call.Dispose();
                // What it could not send is told by the responses' end.
                await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static async Task SendAsync(ChannelReader<StreamReceiveRequest> requests, IClientStreamWriter<StreamReceiveRequest> stream)
    {
        await foreach (StreamReceiveRequest request in requests.ReadAllAsync())
            await stream.WriteAsync(request);
        await stream.CompleteAsync();
    }

    private ChannelReader<StreamReceiveRequest> Begin()
    {
        lock (_lock)
        {
            _stopped = false;
            _requests = Channel.CreateUnbounded<StreamReceiveRequest>();
            var open = new StreamReceiveOpen { Queue = queue, LeaseSeconds = LeaseSeconds };
            Ask(new StreamReceiveRequest { Open = open, Credit = _stopping ? 0 : Prefetch - _working.Count, Stop = _stopping });
            foreach (StreamReceiveRequest request in _unanswered.Values)
                Ask(request);
            return _requests.Reader;
        }
    }

    private void Take(StreamReceiveResponse response)
    {
        foreach (Message message in response.Messages)
        {
            lock (_lock)
                _working.Add(message.Receipt);
            _ = Task.Run(() => WorkAsync(message));
        }
        foreach (DamagedMessage message in response.Damaged)
            Settle(message.Receipt, new StreamReceiveRequest { Reject = { new RejectEntry { Receipt = message.Receipt, Reason = "It can't be read." } } });
        foreach (SettleResult result in response.Settled)
        {
            if (result.Error is not null)
                Console.Error.WriteLine($"not settled, and delivered again: {result.Error.Code}: {result.Error.Detail}");
            lock (_lock)
                _unanswered.Remove(result.Receipt);
        }
        // Behind `stopped` nothing is delivered: when the rest is answered the stream can be closed.
        _stopped |= response.Stopped;
        if (_stopped && IsDone())
            _requests.Writer.TryComplete();
    }

    private async Task WorkAsync(Message message)
    {
        var request = new StreamReceiveRequest();
        try
        {
            await handle(message);
            request.Acknowledge.Add(message.Receipt);
        }
        catch (PermanentFailureException failure)
        {
            request.Reject.Add(new RejectEntry { Receipt = message.Receipt, Reason = failure.Message });
        }
        catch (Exception failure)
        {
            Console.Error.WriteLine($"message {message.Id} failed, delivery {message.ReceiveCount}: {failure.Message}");
            request.Release.Add(new ReleaseEntry { Receipt = message.Receipt, DelaySeconds = RetrySeconds(message.ReceiveCount) });
        }
        Settle(message.Receipt, request);
    }

    private void Settle(string receipt, StreamReceiveRequest request)
    {
        lock (_lock)
        {
            _working.Remove(receipt);
            _unanswered[receipt] = request;
            Ask(request);
            Ask(new StreamReceiveRequest { Credit = 1 });
        }
    }

    private void Ask(StreamReceiveRequest request) => _requests.Writer.TryWrite(request);

    private bool IsDone()
    {
        lock (_lock)
            return _stopping && (_givenUp || _working.Count + _unanswered.Count == 0);
    }

    private void Stop(Timer drain)
    {
        lock (_lock)
        {
            _stopping = true;
            Ask(new StreamReceiveRequest { Stop = true });
            drain.Change(TimeSpan.FromSeconds(DrainSeconds), Timeout.InfiniteTimeSpan);
        }
    }

    // The server gives back what was delivered and is not settled when the client closes its side.
    private void GiveUp()
    {
        lock (_lock)
        {
            _givenUp = true;
            _requests.Writer.TryComplete();
        }
    }
}
