using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Broker.Queues;

namespace Messaging.Simulation.Broker;

/// <summary>
/// One turn of what moves messages in the background. How many go in a step is its own affair, so the model looks at what has gone and judges that each of it may:
/// what is gone here must be there, at once.
/// </summary>
internal sealed class MoveCall(BrokerWorld world) : SimulatedCall(world)
{
    public override string ToString() => "move";

    protected override Task Ask(MessageBroker broker) => broker.MoveAsync().AsTask();

    protected override void Stepped(Step step, bool waitsForRoom, bool isFirst)
    {
        if (Task.IsFaulted)
        {
            return;
        }

        long now = World.NowMs;
        var effects = new List<ModelEffect>();
        foreach (ModelQueue queue in World.History.Current.Queues.Values.Where(queue => queue.Definition.DeadLetter is not null))
        {
            LiveQueue real = World.Real(queue);
            foreach (ModelMessage message in queue.Messages.Values.Where(message => real.Stream.IsReleased(message.Offset)).OrderBy(message => message.Offset))
            {
                Check(queue.IsDead(message) && message.IsReady(now), $"only what has had all its deliveries and is not leased moves: {queue.Number}, {message}");
                effects.Add(Dead(queue, message, now));
            }
        }

        World.History.Sequence("move", effects);
        World.Coverage.Count("messages moved as dead", effects.Count);
    }

    // Nobody is answered: with nothing to move it waits for no sync.
    protected override void Judge()
    {
    }

    private MessageMoved Dead(ModelQueue queue, ModelMessage message, long now)
    {
        ModelQueue target = World.History.Current.Find(queue.Key with { Name = queue.Definition.DeadLetter!.Queue })!;
        var origin = new MessageOrigin(World.IdOf(queue, message), queue.Key, MoveReason.MaxReceives, null, message.ReceiveCount, message.SentMs);
        return new MessageMoved(queue.Number, message.Offset, target.Number, message.Dead(origin, now));
    }
}
