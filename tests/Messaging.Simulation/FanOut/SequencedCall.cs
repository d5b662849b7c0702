using Messaging.Broker;
using Messaging.Simulation.Broker;

namespace Messaging.Simulation.FanOut;

/// <summary>A call that is one command, if it is any: in which of its steps, shows by what has changed. A refusal has changed nothing.</summary>
internal abstract class SequencedCall(FanOutWorld world) : SimulatedCall(world.Base)
{
    private (long, long, long, long, long, long, long) _before;

    protected new FanOutWorld World => world;

    /// <summary>Of the command; 0 as long as there is none.</summary>
    protected long Number { get; private set; }

    /// <summary>Why it was refused; null where it was not.</summary>
    protected abstract BrokerError? Error { get; }

    protected sealed override Task Ask(MessageBroker broker)
    {
        _before = world.Mark();
        return Call(broker);
    }

    protected abstract Task Call(MessageBroker broker);

    /// <summary>What the command that was just sequenced does, as far as is known from before it.</summary>
    protected abstract Action<FanOutModel> Decide();

    protected abstract void JudgeAnswer();

    /// <summary>There is an answer, of whatever kind.</summary>
    protected virtual void Judged()
    {
    }

    /// <summary>It does nothing where things are as it wants them.</summary>
    protected virtual bool MayDoNothing => false;

    /// <summary>Refusals other than for want of space and of a server: of what has gone meanwhile.</summary>
    protected virtual bool MayRefuse(ErrorCode code) => code is ErrorCode.TopicNotFound or ErrorCode.QueueNotFound or ErrorCode.SubscriptionNotFound;

    protected override void BeforeStep() => _before = world.Mark();

    protected sealed override void Stepped(Step step, bool waitsForRoom, bool isFirst)
    {
        if (waitsForRoom) world.Coverage.Count("waits for room");
        if (world.Mark() == _before) return;
        if (!isFirst) world.Coverage.Count($"{GetType().Name} that was sequenced after a wait");
        Check(Number == 0, $"{this} is one command");
        Number = world.History.Sequence(ToString()!, Decide());
    }

    protected sealed override void Judge()
    {
        Judged();
        if (Error is { } error)
        {
            Check(Number == 0, $"{this} is refused by {error.Code} and has done nothing");
            Check(error.Code is ErrorCode.DiskFull or ErrorCode.Stopping || MayRefuse(error.Code), $"{this} is not refused by {error.Code}: {error.Detail}");
            world.Coverage.Count($"{GetType().Name} that answered {error.Code}");
            return;
        }

        Check(Number > 0 || MayDoNothing, $"{this} that was answered has done something");
        world.History.Told(Number);
        world.Coverage.Count($"{GetType().Name} that answered OK");
        JudgeAnswer();
    }
}
