using System.Collections.Concurrent;
using Grpc.Core;
using Messaging.V1;

namespace Orders;

/// <summary>Thrown by a handler to say that trying again won't help: the message goes to the dead-letter queue.</summary>
internal sealed class PermanentFailureException(string message) : Exception(message);

/// <summary>
/// Takes messages from a queue and gives them to a handler, a bounded number at a time. Copy it, and change what your work asks for. At least once: a handler sees a message again if the process died, or lost its lease,
/// before the acknowledgement. Make handlers repeatable.
/// </summary>
internal sealed class Consumer(ChannelBase channel, string queue, Func<Message, Task> handle)
{
    private readonly QueueService.QueueServiceClient _queues = new(channel);
    private readonly Lock _lock = new();
    // By receipt, what was asked for a message, until it is answered; null while its handler works. Asked again on the next stream where this one breaks.
    private readonly Dictionary<string, Settlement?> _unsettled = [];
    // Receipts of what waits for its handler.
    private readonly HashSet<string> _unhandled = [];
    // By group of a FIFO queue, its last message: whether what comes behind it may be begun.
    private readonly ConcurrentDictionary<string, Task<bool>> _groups = [];
    private ReceiveStream? _stream;
    private TaskCompletionSource _woken = new();
    private bool _stopping, _stopped, _givenUp;

    /// <summary>Messages in work at the same time, together with those that wait for one of their group.</summary>
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
        for (int failures = 0; !IsDone();)
        {
            await using ReceiveStream stream = Begin();
            try
            {
                await foreach (StreamReceiveResponse response in stream.Responses)
                {
                    failures = 0;
                    Take(response);
                }
            }
            catch (RpcException error)
            {
                // What it delivered and was not begun comes again: nobody extends its lease.
                lock (_lock)
                    (_stream, _woken) = (null, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
                if (!IsDone())
                    await Connection.PauseAsync(error, failures++, _woken.Task);
            }
        }
    }

    private ReceiveStream Begin()
    {
        lock (_lock)
        {
            (_stream, _stopped) = (new ReceiveStream(_queues), false);
            var open = new StreamReceiveOpen { Queue = queue, LeaseSeconds = LeaseSeconds };
            _stream.Ask(new StreamReceiveRequest { Open = open, Credit = Math.Max(0, Prefetch - _unsettled.Count), Stop = _stopping });
            foreach (Settlement asked in _unsettled.Values.OfType<Settlement>())
                _stream.Ask(asked.Request);
            return _stream;
        }
    }

    private void Take(StreamReceiveResponse response)
    {
        foreach (Message message in response.Messages)
        {
            // Only a FIFO queue numbers its messages: those of one group are worked on one after the other, all others side by side.
            string group = message.HasSequence ? message.Group : message.Receipt;
            lock (_lock)
            {
                _unsettled.Add(message.Receipt, null);
                _unhandled.Add(message.Receipt);
            }
            (Task<bool> mayBegin, ReceiveStream? deliveredBy) = (_groups.GetValueOrDefault(group, Task.FromResult(true)), _stream);
            Task<bool> done = _groups[group] = Task.Run(() => WorkAsync(message, mayBegin, deliveredBy));
            done.ContinueWith(_ => _groups.TryRemove(KeyValuePair.Create(group, done)), TaskScheduler.Default);
        }
        foreach (DamagedMessage message in response.Damaged)
            _ = SettleAsync(message.Receipt, new StreamReceiveRequest { Reject = { new RejectEntry { Receipt = message.Receipt, Reason = "It can't be read." } } });
        foreach (SettleResult result in response.Settled)
            Answer(result);
        // Behind `stopped` nothing is delivered: when the rest is answered the stream can be closed.
        _stopped |= response.Stopped;
        if (_stopped && IsDone())
            _stream?.Close();
    }

    // Ends when the server has answered, with whether the next message of the group may be begun.
    private async Task<bool> WorkAsync(Message message, Task<bool> mayBegin, ReceiveStream? deliveredBy)
    {
        bool begins = await mayBegin;
        lock (_lock)
        {
            // Behind one that comes again, without a stream that extends its lease, or behind a stop it is not begun: given back, it comes again in its turn.
            begins &= _stream == deliveredBy && !_stopping;
            _unhandled.Remove(message.Receipt);
        }
        StreamReceiveRequest request = begins ? await HandledAsync(message) : Unhandled(message.Receipt);
        return await SettleAsync(message.Receipt, request) && request.Release.Count == 0;
    }

    // What the server is asked for a message when its handler has ended.
    private async Task<StreamReceiveRequest> HandledAsync(Message message)
    {
        try
        {
            await handle(message);
            return new StreamReceiveRequest { Acknowledge = { message.Receipt } };
        }
        catch (PermanentFailureException failure)
        {
            return new StreamReceiveRequest { Reject = { new RejectEntry { Receipt = message.Receipt, Reason = failure.Message } } };
        }
        catch (Exception failure)
        {
            Console.Error.WriteLine($"message {message.Id} failed, delivery {message.ReceiveCount}: {failure.Message}");
            return new StreamReceiveRequest { Release = { new ReleaseEntry { Receipt = message.Receipt, DelaySeconds = RetrySeconds(message.ReceiveCount) } } };
        }
    }

    // It does not count as received.
    private static StreamReceiveRequest Unhandled(string receipt) => new() { Release = { new ReleaseEntry { Receipt = receipt, Unhandled = true } } };

    // Ends when the server has answered, with whether it has done it.
    private Task<bool> SettleAsync(string receipt, StreamReceiveRequest request)
    {
        var asked = new Settlement(request, new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_lock)
        {
            _unsettled[receipt] = asked;
            _stream?.Ask(request);
        }
        return asked.IsDone.Task;
    }

    private void Answer(SettleResult result)
    {
        if (result.Error is not null)
            Console.Error.WriteLine($"not settled, and delivered again: {result.Error.Code}: {result.Error.Detail}");
        lock (_lock)
        {
            if (_unsettled.Remove(result.Receipt, out Settlement? asked))
                asked?.IsDone.SetResult(result.Error is null);
            _stream?.Ask(new StreamReceiveRequest { Credit = 1 });
        }
    }

    private bool IsDone()
    {
        lock (_lock)
            return _stopping && (_givenUp || _unsettled.Count == 0);
    }

    private void Stop(Timer drain)
    {
        lock (_lock)
        {
            _stopping = true;
            _woken.TrySetResult();
            _stream?.Ask(new StreamReceiveRequest { Stop = true });
            drain.Change(TimeSpan.FromSeconds(DrainSeconds), Timeout.InfiniteTimeSpan);
        }
    }

    private void GiveUp()
    {
        lock (_lock)
        {
            _givenUp = true;
            _woken.TrySetResult();
            foreach (string receipt in _unhandled)
                _stream?.Ask(Unhandled(receipt));
            _stream?.Close();
        }
    }

    private sealed record Settlement(StreamReceiveRequest Request, TaskCompletionSource<bool> IsDone);
}
