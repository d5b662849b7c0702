using Messaging.Broker.Names;

namespace Messaging.Simulation.Broker;

/// <summary>A call that is one command: it is sequenced when it is asked, or as soon as there is room.</summary>
internal abstract class CommandCall(BrokerWorld world, QueueKey key) : SimulatedCall(world)
{
    private bool _isDecided;

    protected QueueKey Key { get; } = key;

    /// <summary>The queue of that name when the call came; null without one.</summary>
    protected ModelQueue? Found { get; } = world.History.Current.Find(key);

    /// <summary>Refused before it needs any room.</summary>
    protected virtual bool IsRefusedAtOnce => Found is null;

    protected override void Stepped(bool hadRoom, bool isFirst)
    {
        // Where the journal has failed before, nothing is sequenced any more.
        if (_isDecided || Task.IsFaulted)
        {
            return;
        }

        if (!hadRoom && !(isFirst && IsRefusedAtOnce))
        {
            World.Coverage.Count("waits for room");
            return;
        }

        _isDecided = true;
        Decide(Found is { } found ? World.History.Current.Queues.GetValueOrDefault(found.Number) : null, World.NowMs);
        Tells = TellsNothing ? 0 : World.History.Last;
    }

    /// <summary>Its answer says nothing about any queue.</summary>
    protected virtual bool TellsNothing => false;

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
