using Messaging.Broker;
using Messaging.Broker.Subscriptions;
using Messaging.Simulation.Broker;

namespace Messaging.Simulation.FanOut;

/// <summary>
/// A turn of what lets gathered messages go on. Each of its steps is one command at most: how many it has moved, and of which subscription, shows by what has gone; that they are the first ones, and where they are now, is the
/// model's to say.
/// </summary>
internal sealed class DrainCall(FanOutWorld world) : SimulatedCall(world.Base)
{
    private (long, long, long, long, long, long, long) _before;

    public override string ToString() => "drain";

    protected override Task Ask(MessageBroker broker)
    {
        _before = world.Mark();
        return broker.MoveAsync().AsTask();
    }

    protected override void BeforeStep() => _before = world.Mark();

    protected override void Stepped(Step step, bool waitsForRoom, bool isFirst)
    {
        if (world.Mark() == _before) return;
        (string Topic, string Name, int Count, bool Ends)[] drained =
            [.. world.History.Current.Topics.SelectMany(topic => topic.Value.Subscriptions.Select(one => Gone(topic.Key, one.Key, one.Value))).Where(gone => gone.Count > 0 || gone.Ends)];
        Check(drained.Length == 1, $"{this} is one command a step");
        (string topic, string name, int count, bool ends) = drained[0];
        long number = world.History.Last + 1;
        world.History.Sequence($"drain {count} of {topic}/{name}, the last: {ends}", model => model.Drain(topic, name, count, ends, number));
        world.Coverage.Count("messages that had gathered", count);
        world.Coverage.Count("gatherings that ended", ends ? 1 : 0);
    }

    protected override void Judge() => world.Coverage.Count("drains");

    private (string Topic, string Name, int Count, bool Ends) Gone(string topic, string name, ModelSubscription model)
    {
        bool isThere = world.Base.Broker.SubscriptionDirectory.TryGet(FanOutWorld.SubscriptionOf(topic, name), out LiveSubscription? live);
        Check(isThere, $"{this} deletes nothing");
        return (topic, name, model.Gathered.Count - (int)(live!.Gathering?.Stream.LiveCount ?? 0), model.Gathers && live.Gathering is null);
    }
}
