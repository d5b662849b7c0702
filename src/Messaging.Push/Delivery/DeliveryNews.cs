using Messaging.Broker.Deliveries;
using Messaging.Broker.Names;
using Messaging.Broker.Subscriptions.Delivery;
using Microsoft.Extensions.Logging;

namespace Messaging.Push.Delivery;

/// <summary>Tells an operator that a subscription's deliveries begin to fail, and that they arrive again: once for each change, and no more often than <see cref="PushLimits.NewsPause"/>. Thread-safe.</summary>
internal sealed partial class DeliveryNews(SubscriptionKey subscription, TimeProvider time, ILogger logger)
{
    private readonly Lock _lock = new();
    private bool _isFailing;
    private long? _toldAt;

    /// <summary>What an attempt came to; what was not tried is no news.</summary>
    public void Add(DeliveryOutcome outcome)
    {
        bool isFailing = outcome.Verdict is DeliveryVerdict.TryAgain or DeliveryVerdict.GiveUp;
        if (!isFailing && outcome.Verdict != DeliveryVerdict.Delivered) return;
        lock (_lock)
        {
            if (isFailing == _isFailing) return;
            if (isFailing && _toldAt is { } at && time.GetElapsedTime(at) < PushLimits.NewsPause) return;
            _isFailing = isFailing;
            if (isFailing) _toldAt = time.GetTimestamp();
        }

        // Not the answer's text: it is somebody else's.
        if (isFailing) LogFailing(subscription, outcome.Fault ?? "", outcome.Status);
        else LogArriving(subscription);
    }

    [LoggerMessage(EventId = 5001, Level = LogLevel.Warning, Message = "Deliveries of the subscription {Subscription} fail: {Fault}, status {Status}. Its deliveries tell more.")]
    private partial void LogFailing(SubscriptionKey subscription, string fault, int? status);

    [LoggerMessage(EventId = 5002, Level = LogLevel.Information, Message = "Deliveries of the subscription {Subscription} arrive again.")]
    private partial void LogArriving(SubscriptionKey subscription);
}
