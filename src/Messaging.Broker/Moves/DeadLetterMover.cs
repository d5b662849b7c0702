using Messaging.Broker.Messages;
using Messaging.Broker.Queues;
using Messaging.Storage;

namespace Messaging.Broker.Moves;

/// <summary>
/// Moves the messages that had all their deliveries to the dead-letter queues. A state sets them aside; here their records are read, outside of the sequencer,
/// and a command moves those that are still exactly that. On a full disk they wait where they are, undelivered. Not to be called twice at once.
/// </summary>
internal sealed class DeadLetterMover(QueueHost host)
{
    private const int QueuesPerLook = 1_000;

    private readonly long[] _offsets = new long[QueueLimits.MoveMessagesMax];
    private readonly int[] _receiveCounts = new int[QueueLimits.MoveMessagesMax];
    private readonly List<long> _stuck = [];

    /// <summary>Looks at all queues that have a dead-letter queue: what became ready there by time alone has met nobody.</summary>
    public void NoticeAll()
    {
        for (int next = 0, end = QueuesPerLook; next < end; end += QueuesPerLook)
        {
            using Command command = host.Engine.BeginCommand(0);
            long now = host.Clock.NowMs();
            DeadLetterSources all = host.Queues.DeadLetters;
            for (; next < Math.Min(end, all.Count); next++)
            {
                if (all[next].State.NextDueMs <= now) all[next].State.Advance(now);
                host.Aside.Notice(all[next]);
            }

            if (next >= all.Count) return;
        }
    }

    /// <summary>Moves all that was noticed, as far as there is room.</summary>
    public async ValueTask RunAsync()
    {
        while (!host.IsStopping && TryTake(out LiveQueue queue))
        {
            while (!host.IsStopping && await MoveSomeAsync(queue))
            {
            }
        }
    }

    private bool TryTake(out LiveQueue queue)
    {
        using Command command = host.Engine.BeginCommand(0);
        bool found = host.Aside.TryTake(out LiveQueue? first);
        queue = first!;
        return found;
    }

    // False when there is nothing more to do now.
    private async ValueTask<bool> MoveSomeAsync(LiveQueue source)
    {
        // Only what is synced can be read.
        await Plan(source, out int count, out LiveQueue? target);
        if (count == 0 || target is null) return false;
        using var batch = new MoveBatch(source);
        bool isStuck = Gather(batch, count, target);
        if (batch.Count == 0) return isStuck;
        using Admission admission = await host.Engine.AdmitRecordsAsync(batch.CommandBytes, CancellationToken.None);
        if (admission.IsRefused) return false;
        await Sequence(batch, out int moved);
        return moved > 0 || isStuck;
    }

    private ValueTask Plan(LiveQueue source, out int count, out LiveQueue? target)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(0))
        {
            Look(source, out count, out target);
            synced = command.Commit();
        }

        return synced;
    }

    private void Look(LiveQueue source, out int count, out LiveQueue? target)
    {
        (count, target) = (0, null);
        if (source.Deleted) return;
        source.State.Advance(host.Clock.NowMs());
        target = host.Queues.DeadLetterQueueOf(source);
        count = source.State.Aside.Peek(_offsets);
        for (int i = 0; i < count; i++)
        {
            source.State.TryGet(_offsets[i], out Delivery delivery);
            _receiveCounts[i] = delivery.CountedReceives;
        }
    }

    // True when some can't be moved at all.
    private bool Gather(MoveBatch batch, int count, LiveQueue target)
    {
        _stuck.Clear();
        using (RecordSet records = host.Engine.Read(batch.Source.Stream, _offsets.AsSpan(0, count), QueueLimits.MoveBytesMax))
        {
            for (int i = 0; i < records.Count && records[i].State != StoredRecordState.Unreadable; i++)
            {
                if (records[i].State == StoredRecordState.Missing) continue;
                bool isMade = DeadLetters.TryMake(host, batch.Source, records[i], _receiveCounts[i], MoveReason.MaxReceives, null, out MovedRecord moved, out LaneKey lane);
                bool fits = isMade && batch.HasRoomFor(moved.Measure(records[i].Body.Length), host.Engine.CommandBytesMax);
                if (isMade && !fits && batch.Count > 0) break;
                if (!fits || !batch.TryAdd(records[i], moved, lane, _receiveCounts[i], target)) _stuck.Add(_offsets[i]);
            }
        }

        if (_stuck.Count == 0) return false;
        using Command command = host.Engine.BeginCommand(0);
        foreach (long offset in _stuck) batch.Source.State.Aside.GiveUp(offset);
        return true;
    }

    private ValueTask Sequence(MoveBatch batch, out int moved)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(batch.CommandBytes))
        {
            moved = Decide(command, batch);
            synced = command.Commit();
        }

        return synced;
    }

    private int Decide(in Command command, MoveBatch batch)
    {
        if (batch.Source.Deleted) return 0;
        long now = host.Clock.NowMs();
        QueueState state = batch.Source.State;
        state.Advance(now);
        LiveQueue? target = host.Queues.DeadLetterQueueOf(batch.Source);
        if (target is null) return 0;
        for (int i = 0; i < batch.Count; i++)
        {
            ref MoveBatch.Message message = ref batch[i];
            message.Target = target;
            message.Goes = state.TryGet(message.Offset, out Delivery delivery) && delivery.IsAside && delivery.CountedReceives == message.ReceiveCount;
        }

        return batch.Apply(command, host, now);
    }
}
