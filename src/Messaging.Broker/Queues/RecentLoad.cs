namespace Messaging.Broker.Queues;

/// <summary>
/// How many messages were with receivers of late: an average over time that forgets by half in <see cref="HalfLifeMs"/>. It only serves to choose what is delivered
/// next, so that a restart may forget it.
/// </summary>
internal sealed class RecentLoad
{
    public const double HalfLifeMs = 30_000;

    private double _average;
    private long _sinceMs;
    private long _held;

    public void Add(int held, long now)
    {
        _average = At(now);
        _sinceMs = now;
        _held += held;
    }

    public double At(long now)
    {
        long passed = now - _sinceMs;
        if (passed <= 0) return _average;
        double kept = Math.Pow(0.5, passed / HalfLifeMs);
        return (_average * kept) + (_held * (1 - kept));
    }
}
