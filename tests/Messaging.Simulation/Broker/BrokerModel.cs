using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Simulation.Broker;

/// <summary>All queues, as plain dictionaries.</summary>
internal sealed class BrokerModel
{
    public Dictionary<int, ModelQueue> Queues { get; } = [];

    /// <summary>Redrives by their numbers.</summary>
    public SortedDictionary<long, ModelOperation> Operations { get; } = [];

    /// <summary>Grows with every change of any definition.</summary>
    public long Version { get; set; }

    public ModelQueue? Find(QueueKey key) => Queues.Values.FirstOrDefault(queue => queue.Key == key);

    /// <summary>The latest time that anything carries: the clock is never earlier, whatever happens to the machine's.</summary>
    public long LatestMs() => Queues.Values.Select(LatestMs).DefaultIfEmpty().Max();

    /// <summary>The queues whose dead letters go there.</summary>
    public IEnumerable<ModelQueue> SourcesOf(QueueKey key) =>
        Queues.Values.Where(queue => queue.Definition.DeadLetter is { } deadLetter && queue.Key with { Name = deadLetter.Queue } == key);

    /// <summary>Whether dead letters would go nowhere, unless that is as it was, or in a circle.</summary>
    public bool Breaks(QueueKey key, QueueDefinition definition)
    {
        if (definition.DeadLetter is not { } first)
        {
            return false;
        }

        bool isThere = Find(key with { Name = first.Queue }) is { } target && target.Definition.Type == definition.Type;
        if (!isThere && first != Find(key)?.Definition.DeadLetter)
        {
            return true;
        }

        for (DeadLetterDefinition? next = first; next is not null; next = Find(key with { Name = next.Queue })?.Definition.DeadLetter)
        {
            if (next.Queue == key.Name)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A queue has come, gone or changed: where dead letters go follows from names.</summary>
    public void LinkDeadLetterQueues()
    {
        foreach (ModelQueue queue in Queues.Values)
        {
            ModelQueue? target = queue.Definition.DeadLetter is { } deadLetter ? Find(queue.Key with { Name = deadLetter.Queue }) : null;
            queue.DeadLetterQueue = target?.Definition.Type == queue.Definition.Type ? target.Number : null;
        }
    }

    public BrokerModel Copy()
    {
        var copy = new BrokerModel { Version = Version };
        foreach ((int number, ModelQueue queue) in Queues)
        {
            copy.Queues.Add(number, queue.Copy());
        }

        foreach ((long number, ModelOperation operation) in Operations)
        {
            copy.Operations.Add(number, operation);
        }

        return copy;
    }

    private static long LatestMs(ModelQueue queue) => Math.Max(
        queue.ModifiedMs,
        queue.Messages.Values.Select(message => Math.Max(message.StoredMs, message.FirstReceivedMs)).DefaultIfEmpty().Max());
}
