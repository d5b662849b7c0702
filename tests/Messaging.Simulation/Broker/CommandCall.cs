using Messaging.Broker;
using Messaging.Broker.Names;

namespace Messaging.Simulation.Broker;

/// <summary>A call that is one command: it is sequenced when it is asked, or as soon as there is room.</summary>
internal abstract class CommandCall(BrokerWorld world, QueueKey key) : SimulatedCall(world)
{
    private bool _isDecided;
    private bool _waitsForRoom;

    protected QueueKey Key { get; } = key;

    /// <summary>The queue of that name when the call came; null without one.</summary>
    protected ModelQueue? Found { get; } = world.History.Current.Find(key);

    /// <summary>Answered before it needs any room.</summary>
    protected virtual bool NeedsNoRoom => Found is null;

    /// <summary>It adds to what is stored, and so is refused while the disk is nearly full.</summary>
    protected virtual bool Adds => false;

    /// <summary>Why it was not admitted; null where it was.</summary>
    protected ErrorCode? Refusal { get; private set; }

    protected override void Stepped(Step step, bool waitsForRoom, bool isFirst)
    {
        // Where the journal has failed before, nothing is sequenced any more.
        if (_isDecided || Task.IsFaulted)
        {
            return;
        }

        if (waitsForRoom)
        {
            _waitsForRoom = true;
            World.Coverage.Count("waits for room");
            return;
        }

        _isDecided = true;
        if (_waitsForRoom || !NeedsNoRoom)
        {
            bool isFull = step.WaitersAreRefused || (Adds && step.RecordsAreRefused);
            Refusal = step.IsStopping ? ErrorCode.Stopping : isFull ? ErrorCode.DiskFull : null;
            if (step.WaitersAreRefused && !Adds)
            {
                World.Coverage.Count("refused for want of any space");
            }
        }

        if (Refusal is not null)
        {
            World.Coverage.Count($"refused: {Refusal}");
            Tells = World.History.Last;
            return;
        }

        Decide(Found is { } found ? World.History.Current.Queues.GetValueOrDefault(found.Number) : null, World.NowMs);
        Tells = World.History.Last;
    }

    /// <summary>What it does to the queue, which may be gone meanwhile.</summary>
    protected abstract void Decide(ModelQueue? queue, long now);

    protected abstract void JudgeAnswer();

    protected override void Judge()
    {
        Check(_isDecided, "a call answers after it was sequenced");
        JudgeAnswer();
        World.History.Told(Tells);
    }
}
