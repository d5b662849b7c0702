namespace Messaging.Push.Delivery;

/// <summary>How many deliveries a subscription may make now: so many a second on the whole, and no more than a tenth of a second's at once. Not thread-safe: it belongs to one pump.</summary>
internal sealed class TokenBucket(TimeProvider time)
{
    private const double BurstSeconds = 0.1;

    private double _tokens = double.MaxValue;
    private long _at = time.GetTimestamp();

    /// <summary>Deliveries that may be made now, up to <paramref name="max"/>; where that is none, <paramref name="wait"/> is how long until there is one.</summary>
    public int Available(int? perSecond, int max, out TimeSpan wait)
    {
        wait = TimeSpan.Zero;
        if (perSecond is not { } rate) return max;
        long now = time.GetTimestamp();
        _tokens = Math.Min(Math.Max(1, rate * BurstSeconds), _tokens + (rate * time.GetElapsedTime(_at, now).TotalSeconds));
        _at = now;
        int available = (int)Math.Min(max, Math.Floor(_tokens));
        if (available <= 0) wait = TimeSpan.FromSeconds((1 - _tokens) / rate);
        return available;
    }

    /// <summary>So many were made.</summary>
    public void Spend(int deliveries) => _tokens -= deliveries;
}
