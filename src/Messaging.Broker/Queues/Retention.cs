using Messaging.Storage;

namespace Messaging.Broker.Queues;

/// <summary>
/// Drops messages whose retention is over, or that were sent to expire by now; retention is counted from the time that they became due; leased ones stay until their lease ends. In rounds over all
/// queues: each beat looks at a part of them, so that a million idle ones cost little. What is not dropped yet is never delivered either (receive checks).
/// </summary>
internal sealed class Retention(QueueHost host)
{
    // All queues are looked at within so many beats, at least so many a beat.
    private const int BeatsPerRound = 30;
    private const int QueuesPerBeatMin = 1_000;

    private static readonly int StepBytes = Command.StateBytes(QueueEntryWriter.HeadBytesMax);

    private int _next;

    /// <summary>One beat. Not to be called twice at once.</summary>
    public async ValueTask BeatAsync()
    {
        int left = Math.Min(host.Queues.Count, Math.Max(QueuesPerBeatMin, host.Queues.Count / BeatsPerRound));
        while (left > 0 && !host.IsStopping)
        {
            using Admission admission = await host.Engine.AdmitStateAsync(StepBytes, CancellationToken.None);
            if (admission.IsRefused) return;
            await Step(ref left);
        }
    }

    // One command: past all queues that have nothing to drop, up to one step of one that has.
    private ValueTask Step(ref int left)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(StepBytes))
        {
            long now = host.Clock.NowMs();
            bool dropped = false;
            // Queues may have been deleted since the beat began, and all of them.
            left = Math.Min(left, host.Queues.Count);
            while (left > 0 && !dropped)
            {
                if (_next >= host.Queues.Count) _next = 0;
                dropped = TryTrim(command, host.Queues[_next], now, out bool more);
                if (more) break;
                _next++;
                left--;
            }

            synced = command.Commit();
        }

        return synced;
    }

    private bool TryTrim(in Command command, LiveQueue queue, long now, out bool more)
    {
        more = false;
        QueueState state = queue.State;
        if (queue.Waiting is null) state.Compact(now);
        LogStream stream = queue.Stream;
        // What its sender let expire goes by time alone: nothing is journaled.
        if (state.NextExpiryMs <= now) state.Advance(now);
        if (stream.LiveCount == 0) return false;

        long dueBefore = queue.OldestMs(now);
        long below = stream.FirstNotOlderThan(dueBefore - state.Backlog.DelayMsMax);
        if (stream.NextLive(stream.Low) >= below || (below <= queue.TrimmedBelow && now < queue.TrimAgainMs)) return false;
        state.Advance(now);
        long step = state.TrimStep(below, now < queue.TrimAgainMs ? queue.TrimmedBelow : 0);
        var entry = new QueueEntryWriter(host.Scratch, QueueEntryKind.Trimmed, now);
        entry.Number(step);
        entry.SignedNumber(dueBefore);
        command.AppendState(stream, entry.Written);
        queue.TrimAgainMs = state.ApplyTrimmed(now, step, dueBefore);
        queue.TrimmedBelow = step;
        // Of a group whose oldest message has gone, the next one can be delivered.
        host.Wakes.Wake(queue, now);
        more = step < below;
        return true;
    }
}
