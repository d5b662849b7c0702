using System.Buffers.Binary;
using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Benchmarks.InProcess;

/// <summary>Workers, each with one message at a time; they begin at once.</summary>
internal sealed class FairWorkers
{
    private const int WaitSeconds = 1;
    private const int LeaseSeconds = 600;

    private readonly MessageBroker _broker;
    private readonly QueueKey _queue;
    private readonly WorkClock _clock;
    private readonly QuietMessages _quiet;
    private readonly Task _all;
    private long _done;
    private volatile bool _isStopping;

    public FairWorkers(MessageBroker broker, QueueKey queue, WorkClock clock, QuietMessages quiet)
    {
        (_broker, _queue, _clock, _quiet) = (broker, queue, clock, quiet);
        _all = Task.WhenAll(Enumerable.Range(0, FairLoad.Workers).Select(_ => Task.Run(WorkAsync)));
    }

    /// <summary>Messages acknowledged.</summary>
    public long Done => Volatile.Read(ref _done);

    public Task StopAsync()
    {
        _isStopping = true;
        return _all;
    }

    private async Task WorkAsync()
    {
        while (!_isStopping)
        {
            if (await ReceiveAsync().ConfigureAwait(false) is not { } receipt)
            {
                continue;
            }

            await _clock.WaitAsync().ConfigureAwait(false);
            Must.Succeed(await _broker.Queues.AcknowledgeAsync(_queue, new[] { receipt }, CancellationToken.None).ConfigureAwait(false));
            Interlocked.Increment(ref _done);
        }
    }

    private async Task<Receipt?> ReceiveAsync()
    {
        using ReceivedMessages received = Must.Succeed(
            await _broker.Queues.ReceiveAsync(_queue, new ReceiveRequest(1, WaitSeconds, LeaseSeconds), CancellationToken.None).ConfigureAwait(false));
        if (received.Count == 0)
        {
            return null;
        }

        long number = BinaryPrimitives.ReadInt64LittleEndian(received[0].Body.Span);
        if (number != QuietMessages.None)
        {
            _quiet.Received(number);
        }

        return received[0].Receipt;
    }
}
