using System.Threading.Channels;
using Messaging.Broker;
using Messaging.Broker.Deliveries;

namespace Messaging.Push.Delivery;

/// <summary>
/// Delivers one subscription's messages while any are due: as many at a time as its window, which grows while they arrive and shrinks when they fail, so that an endpoint that is slow or dead holds few of the slots that all
/// share. It leaves an endpoint alone as long as its circuit breaker says. Run once at a time.
/// </summary>
internal sealed class SubscriptionPump(PushSubscription subscription, DeliveryBroker broker, Courier courier, SemaphoreSlim slots, PushOptions options, RunningTasks tasks, TimeProvider time)
{
    private static readonly TimeSpan RefusedPause = TimeSpan.FromSeconds(1);

    private readonly Channel<bool> _room = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly OutcomeBasket _basket = new(subscription, broker);
    private readonly TokenBucket _bucket = new(time);
    private readonly Lock _lock = new();
    private int _window = PushLimits.WindowStart;
    private int _inFlight;
    private long _restFrom;
    private TimeSpan _rest;

    public PushSubscription Subscription => subscription;

    /// <summary>Until nothing is due.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (broker.TermsOf(subscription) is { } terms)
        {
            int room = await RoomAsync(cancellationToken);
            int max = _bucket.Available(terms.MaxReceivesPerSecond, room, out TimeSpan wait);
            wait = Longer(wait, RestLeft());
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, time, cancellationToken);
                continue;
            }

            TakenDeliveries taken = await broker.TakeAsync(subscription, max, options.Lease, cancellationToken);
            if (taken.IsRefused)
            {
                await Task.Delay(RefusedPause, time, cancellationToken);
                continue;
            }

            if (taken.Messages.Count == 0) return;
            if (terms.MaxReceivesPerSecond is not null) _bucket.Spend(taken.Messages.Count);
            Interlocked.Add(ref _inFlight, taken.Messages.Count);
            foreach (PushMessage message in taken.Messages) tasks.Start(() => DeliverAsync(taken.Terms!, message, cancellationToken));
        }
    }

    // Half of the window at least, so that one sync leases many.
    private async ValueTask<int> RoomAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            int window = Volatile.Read(ref _window), room = window - Volatile.Read(ref _inFlight);
            if (room >= Math.Max(1, window / 2)) return room;
            await _room.Reader.ReadAsync(cancellationToken);
        }
    }

    private async Task DeliverAsync(DeliveryTerms terms, PushMessage message, CancellationToken cancellationToken)
    {
        CourierResult result;
        await slots.WaitAsync(cancellationToken);
        try
        {
            // Who waited so long for a slot that somebody else may begin has nothing to deliver any more.
            bool isInTime = broker.NowMs + (long)options.AttemptTimeout.TotalMilliseconds < message.LeasedUntilMs;
            result = isInTime ? await courier.DeliverAsync(terms, message, cancellationToken) : CourierResult.NotTried(message, TimeSpan.Zero);
        }
        finally
        {
            slots.Release();
        }

        Judge(result);
        Interlocked.Decrement(ref _inFlight);
        _room.Writer.TryWrite(true);
        await _basket.AddAsync(result.Outcome);
    }

    private void Judge(CourierResult result)
    {
        lock (_lock)
        {
            switch (result.Outcome.Verdict)
            {
                case DeliveryVerdict.Delivered:
                    _window = Math.Min(PushLimits.WindowMax, _window + 1);
                    break;
                case DeliveryVerdict.TryAgain:
                    _window = Math.Max(1, _window / 2);
                    break;
                case DeliveryVerdict.NotTried:
                    (_restFrom, _rest) = (time.GetTimestamp(), result.Rest);
                    break;
                case DeliveryVerdict.GiveUp:
                default:
                    break;
            }
        }
    }

    private TimeSpan RestLeft()
    {
        lock (_lock)
        {
            return _rest > TimeSpan.Zero ? _rest - time.GetElapsedTime(_restFrom) : TimeSpan.Zero;
        }
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
