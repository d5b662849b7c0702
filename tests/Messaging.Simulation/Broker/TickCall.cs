using Messaging.Broker;
using Messaging.Broker.Queues;

namespace Messaging.Simulation.Broker;

/// <summary>
/// One beat of the heartbeat. How much of what is past its retention it drops is its own affair, so the model looks at what has gone and
/// judges that each of it may.
/// </summary>
internal sealed class TickCall(BrokerWorld world) : SimulatedCall(world)
{
    public override string ToString() => "tick";

    protected override Task Ask(MessageBroker broker) => broker.TickAsync().AsTask();

    protected override void Stepped(Step step, bool waitsForRoom, bool isFirst)
    {
        if (Task.IsFaulted)
        {
            return;
        }

        long now = World.NowMs;
        var effects = new List<ModelEffect>();
        foreach (ModelQueue queue in World.History.Current.Queues.Values)
        {
            LiveQueue real = World.Real(queue);
            long oldest = now - (queue.Definition.RetentionSeconds * 1_000L);
            foreach (ModelMessage message in queue.Messages.Values)
            {
                if (!real.Stream.IsReleased(message.Offset) || !message.IsAlive(now))
                {
                    continue;
                }

                Check(message.KeptFromMs < oldest && message.IsReady(now), $"only what is past its retention and not leased is dropped at {now}: {queue.Number}, {message}");
                effects.Add(new MessageGone(queue.Number, message.Offset));
            }
        }

        long last = World.History.Sequence("tick", effects);
        Tells = isFirst || !Task.IsCompleted ? last : Tells;
        World.Coverage.Count("messages past their retention that a tick dropped", effects.Count);
    }

    protected override void Judge() => World.History.Told(Tells);
}
