using Messaging.Storage;

namespace Messaging.Broker.Queues;

/// <summary>
/// Messages that one command has appended to one queue: its state is told of each, and what the state could not know from the records is journaled beside them. Uses the scratch memory of the
/// sequencer, so that one at a time is open, inside a command, after the state was advanced to the same time. Hot path.
/// </summary>
internal ref struct Arrivals
{
    private readonly QueueHost _host;
    private readonly LiveQueue _queue;
    private readonly long _now;
    private QueueEntryWriter _laned;
    private QueueEntryWriter _delayed;
    private QueueEntryWriter _expiring;

    /// <summary>At most <see cref="BrokerLimits.CallEntriesMax"/> messages come.</summary>
    public Arrivals(QueueHost host, LiveQueue queue, long now)
    {
        _host = host;
        _queue = queue;
        _now = now;
        _laned = new QueueEntryWriter(host.LaneScratch, QueueEntryKind.Laned, now);
        _delayed = new QueueEntryWriter(host.Scratch, QueueEntryKind.Delayed, now);
        _expiring = new QueueEntryWriter(host.ExpiryScratch, QueueEntryKind.Expiring, now);
    }

    /// <summary>The message stands at the offset.</summary>
    public void Add(in Command command, long offset, in Arrival message)
    {
        QueueState state = _queue.State;
        state.Backlog.RecordsAppended(offset, 1);
        if (message.ExpiresMs > 0)
        {
            long left = Math.Max(0, message.ExpiresMs - _now);
            state.ApplyExpiring(offset, _now + left);
            _expiring.Offset(offset, left);
        }

        bool isPending = message.DelayMs > 0 || state.Backlog.HasMarks;
        if (isPending && FitsMarks(message, out long due, out bool needsMark))
        {
            isPending = false;
            if (needsMark) command.AppendState(_queue.Stream, AddMark(offset, due));
        }

        if (!message.Lane.IsPlain)
        {
            state.ApplyLaned(offset, message.Lane, isPending);
            _laned.Lane(offset, message.Lane, isPending);
        }

        if (!isPending) return;
        // Under the queue's delay, a message without one has to say so.
        long later = Math.Max(0, message.DueFromMs + message.DelayMs - _now);
        state.ApplyDelayed(offset, _now + later);
        _delayed.Offset(offset, later);
    }

    /// <summary>All have come: who waits for them is woken.</summary>
    public readonly void End(in Command command)
    {
        if (_laned.HasElements) command.AppendState(_queue.Stream, _laned.Written);
        if (_delayed.HasElements) command.AppendState(_queue.Stream, _delayed.Written);
        if (_expiring.HasElements) command.AppendState(_queue.Stream, _expiring.Written);
        _host.Wakes.Wake(_queue, _now);
    }

    // False where an earlier message of the queue's delay, which was longer then, is due later: marks ascend, so this one waits by itself.
    private readonly bool FitsMarks(in Arrival message, out long due, out bool needsMark)
    {
        needsMark = false;
        due = DelayMarks.RoundUp(message.DueFromMs + message.DelayMs, message.DelayMs);
        return message.HasQueueDelay && message.DelayMs > 0 && due > _now && _queue.State.Backlog.FitsMarks(due, out needsMark);
    }

    private readonly ReadOnlySpan<byte> AddMark(long offset, long due)
    {
        _queue.State.Backlog.AddMark(offset, due, due - _now);
        var entry = new QueueEntryWriter(_host.MarkScratch, QueueEntryKind.DelayedFrom, _now);
        entry.Number(offset);
        entry.Number(due - _now);
        return entry.Written;
    }
}

/// <summary>What of a message its queue's state must know beside its offset. Times in ms since 1970.</summary>
/// <param name="DueFromMs">Its delay counts from here.</param>
/// <param name="DelayMs">0: none.</param>
/// <param name="HasQueueDelay">That is the queue's own.</param>
/// <param name="ExpiresMs">0: never.</param>
/// <param name="Lane">Of its group and priority.</param>
internal readonly record struct Arrival(long DueFromMs, long DelayMs, bool HasQueueDelay, long ExpiresMs, LaneKey Lane);
