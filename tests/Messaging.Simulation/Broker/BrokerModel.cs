using Messaging.Broker.Names;

namespace Messaging.Simulation.Broker;

/// <summary>All queues, as plain dictionaries.</summary>
internal sealed class BrokerModel
{
    public Dictionary<int, ModelQueue> Queues { get; } = [];

    /// <summary>Grows with every change of any definition.</summary>
    public long Version { get; set; }

    public ModelQueue? Find(QueueKey key) => Queues.Values.FirstOrDefault(queue => queue.Key == key);

    /// <summary>The latest time that anything carries: the clock is never earlier, whatever happens to the machine's.</summary>
    public long LatestMs() => Queues.Values.Select(LatestMs).DefaultIfEmpty().Max();

    public BrokerModel Copy()
    {
        var copy = new BrokerModel { Version = Version };
        foreach ((int number, ModelQueue queue) in Queues)
        {
            copy.Queues.Add(number, queue.Copy());
        }

        return copy;
    }

    private static long LatestMs(ModelQueue queue) => Math.Max(
        queue.ModifiedMs,
        queue.Messages.Values.Select(message => Math.Max(message.SentMs, message.FirstReceivedMs)).DefaultIfEmpty().Max());
}
