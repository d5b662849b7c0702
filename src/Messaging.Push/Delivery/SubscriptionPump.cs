using System.Threading.Channels;
using Messaging.Broker;
using Messaging.Broker.Deliveries;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Subscriptions.Delivery;
using Microsoft.Extensions.Logging;

namespace Messaging.Push.Delivery;

/// <summary>
/// Delivers what one subscription has due, as fast as the subscription may go, its <see cref="DeliveryWindow"/> allows, and its endpoint's circuit breaker lets it. Run once at a time; what it has begun goes on when that has
/// ended.
/// </summary>
internal sealed class SubscriptionPump(PushSubscription subscription, DeliveryBroker broker, PushShares shares, RunningTasks tasks, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan RefusedPause = TimeSpan.FromSeconds(1);

    private readonly Channel<bool> _room = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly DeliveryWindow _window = new();
    private readonly OutcomeBasket _basket = new(subscription, broker);
    private readonly DeliveryNews _news = new(subscription.Key, time, logger);
    private readonly TokenBucket _bucket = new(time);
    private readonly Lock _restLock = new();
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

            TakenDeliveries taken = await TakeAsync(max, cancellationToken);
            if (taken.IsOver) return;
            if (taken.IsRefused) await Task.Delay(RefusedPause, time, cancellationToken);
            else if (terms.MaxReceivesPerSecond is not null) _bucket.Spend(taken.Messages.Count);
        }
    }

    /// <summary>No delivery begins any more.</summary>
    public void Close() => _window.Close();

    /// <summary>What is leased and has not begun is due again at once. When it is closed, and nothing of it runs any more.</summary>
    public async Task ReturnAsync()
    {
        foreach (PushMessage[] lot in _window.Rest().Chunk(SubscriptionLimits.DeliveriesPerTakeMax))
            await broker.SettleAsync(subscription, [.. lot.Select(static message => CourierResult.NotTried(message, TimeSpan.Zero).Outcome)]);
    }

    private async ValueTask<int> RoomAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            int room = _window.Room();
            if (room > 0) return room;
            await _room.Reader.ReadAsync(cancellationToken);
        }
    }

    private async ValueTask<TakenDeliveries> TakeAsync(int max, CancellationToken cancellationToken)
    {
        await shares.Bytes.ReserveAsync(LeasedDelivery.BytesPerTakeMax, cancellationToken);
        long used = 0;
        try
        {
            _window.BeginLease();
            TakenDeliveries taken = await broker.TakeAsync(subscription, max, shares.Lease, cancellationToken);
            foreach (PushMessage message in taken.Messages) used += LeasedDelivery.BytesOf(message);
            if (taken.Messages.Count > 0) StartWorkers(_window.EndLease(taken.Terms!, taken.Messages));
            return taken;
        }
        finally
        {
            shares.Bytes.Return(LeasedDelivery.BytesPerTakeMax - used);
        }
    }

    private void StartWorkers(int count)
    {
        for (; count > 0; count--) tasks.Start(WorkAsync);
    }

    // One delivery after the other: a task for each would cost as much as the delivery's own turns.
    private async Task WorkAsync()
    {
        while (_window.TryNext(out LeasedDelivery next))
        {
            CourierResult result = await DeliverAsync(next);
            shares.Bytes.Return(LeasedDelivery.BytesOf(next.Message));
            if (result.Outcome.Verdict == DeliveryVerdict.NotTried) Rest(result.Rest);
            _news.Add(result.Outcome);
            if (_window.End(next.Message, result.Outcome.Verdict, out bool isRoom)) StartWorkers(1);
            if (isRoom) _room.Writer.TryWrite(true);
            if (_basket.Add(result.Outcome)) tasks.Start(_basket.SettleAsync);
        }
    }

    private async ValueTask<CourierResult> DeliverAsync(LeasedDelivery next)
    {
        using PushSlots.Slot slot = await shares.Slots.TakeAsync(_window.IsProven, shares.Attempts);
        // Who waited so long for a turn that somebody else may begin has nothing to deliver any more.
        bool isInTime = broker.NowMs + (long)shares.AttemptMax.TotalMilliseconds < next.Message.LeasedUntilMs;
        return isInTime ? await shares.Courier.DeliverAsync(next.Terms, next.Message, shares.Attempts) : CourierResult.NotTried(next.Message, TimeSpan.Zero);
    }

    private void Rest(TimeSpan rest)
    {
        lock (_restLock) (_restFrom, _rest) = (time.GetTimestamp(), rest);
    }

    private TimeSpan RestLeft()
    {
        lock (_restLock) return _rest > TimeSpan.Zero ? _rest - time.GetElapsedTime(_restFrom) : TimeSpan.Zero;
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
