using Messaging.Broker.Messages;
using Messaging.Broker.Names;

namespace Messaging.Simulation.Broker;

/// <summary>What clients do that look into queues: browse, look at a message, cancel it, and now and then purge.</summary>
internal sealed class LookingWorkload(BrokerWorld world)
{
    private Random Random => world.Random;

    public SimulatedCall Next(QueueKey key) => Random.Next(20) switch
    {
        < 6 => new BrowseCall(world, key, AnyState(), 1 + Random.Next(Random.Next(3) == 0 ? 30 : 4), null),
        < 12 => new LookCall(world, key, AnyId(key)),
        < 19 => new CancelCall(world, key, AnyId(key)),
        _ => new PurgeCall(world, key),
    };

    private MessageState? AnyState() => Random.Next(6) switch { 0 => MessageState.Ready, 1 => MessageState.Leased, 2 => MessageState.Delayed, _ => null };

    // Mostly of a message that is there; some of other queues, some that never were.
    private HeldId AnyId(QueueKey key)
    {
        ModelQueue? queue = world.History.Current.Find(key);
        HeldId[] own = [.. world.KnownIds.Where(held => held.Number == queue?.Number)];
        HeldId[] there = [.. own.Where(held => queue!.Messages.ContainsKey(held.Offset))];
        HeldId[] from = Random.Next(12) switch
        {
            < 9 => there,
            9 => own,
            _ => [.. world.KnownIds],
        };
        if (from.Length > 0 && Random.Next(30) > 0)
        {
            return from[Random.Next(from.Length)];
        }

        byte[] chance = new byte[16];
        Random.NextBytes(chance);
        return new HeldId(0, 0, new MessageId(chance));
    }
}
