using Messaging.Storage;

namespace Messaging.Broker.Queues;

/// <summary>
/// One trim of a queue: drops the ready messages below an offset, except those with a delay of their own that ended at or after a time. After
/// <see cref="QueueState.Advance"/> to the same time; live and in the fold.
/// </summary>
internal ref struct QueueTrim(QueueState state, long now, long dueBefore)
{
    private readonly LogStream _stream = state.Stream;
    private long _below;
    private long _floor;
    private long _retry;

    /// <summary>Returns when those that had to stay may be tried again.</summary>
    public long Run(long below)
    {
        _below = Math.Min(below, state.Backlog.End);
        _floor = _below;
        _retry = long.MaxValue;
        TrimDelivered();
        TrimLate();
        if (state.OwnDelays is { } delays)
        {
            foreach ((long offset, long due) in delays.All()) Stay(offset, due);
        }

        if (state.Lanes is { Count: > 0 } lanes) TrimLanes(lanes);
        state.Backlog.Trim(_below, _floor);
        return _retry;
    }

    private void TrimDelivered()
    {
        foreach ((long offset, Delivery delivery) in state.Deliveries.All)
        {
            if (offset >= _below) continue;
            if (delivery.State == 0 && delivery.DueMs < dueBefore) state.ApplyGone(offset);
            else StayUntil(offset, Math.Max(Math.Abs(delivery.State), now + delivery.DueMs - dueBefore + 1));
        }
    }

    private void TrimLate()
    {
        for (int i = 0; i < state.ReadyAgain?.Count; i++)
        {
            (long offset, long due) = state.ReadyAgain.At(i);
            if (offset >= _below || !state.IsUndelivered(offset)) continue;
            if (due < dueBefore) _stream.Release(offset);
            else Stay(offset, due);
        }
    }

    private void TrimLanes(LaneTable lanes)
    {
        foreach ((long offset, long due) in lanes.Late().ToArray())
        {
            if (offset < _below && due < dueBefore) state.ApplyGone(offset);
            else Stay(offset, due);
        }

        foreach ((long offset, LaneStatus status) in lanes.Range(_stream.NextLive(_stream.Low), _below))
        {
            if (status == LaneStatus.Chained) state.ApplyGone(offset);
        }
    }

    private void Stay(long offset, long due)
    {
        if (offset < _below) StayUntil(offset, now + due - dueBefore + 1);
    }

    private void StayUntil(long offset, long until)
    {
        _floor = Math.Min(_floor, offset);
        _retry = Math.Min(_retry, until);
    }
}
