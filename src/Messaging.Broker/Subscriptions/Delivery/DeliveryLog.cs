namespace Messaging.Broker.Subscriptions.Delivery;

/// <summary>The latest attempts of one subscription, and how many there were, in memory. Thread-safe.</summary>
internal sealed class DeliveryLog
{
    private readonly Lock _lock = new();
    private readonly DeliveryRecord[] _records = new DeliveryRecord[SubscriptionLimits.DeliveryRecordsMax];
    private long _count, _delivered, _failed, _deadLettered, _dropped;

    public void Add(in DeliveryRecord record, bool isDeadLettered)
    {
        lock (_lock)
        {
            _records[_count++ % _records.Length] = record;
            if (record.Verdict == DeliveryVerdict.Delivered) _delivered++;
            else _failed++;
            if (record.Verdict != DeliveryVerdict.GiveUp) return;
            if (isDeadLettered) _deadLettered++;
            else _dropped++;
        }
    }

    public DeliveryReport Report(long waiting)
    {
        lock (_lock)
        {
            var latest = new DeliveryRecord[Math.Min(_count, _records.Length)];
            for (int i = 0; i < latest.Length; i++) latest[i] = _records[(_count - 1 - i) % _records.Length];
            return new DeliveryReport(waiting, _delivered, _failed, _deadLettered, _dropped, latest);
        }
    }
}
