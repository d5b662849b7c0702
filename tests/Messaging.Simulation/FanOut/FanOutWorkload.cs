using Messaging.Broker.Queues;
using Messaging.Broker.Topics;
using Messaging.Simulation.Broker;

namespace Messaging.Simulation.FanOut;

/// <summary>What the clients do: one operation after the other, drawn from the run's Random.</summary>
internal sealed class FanOutWorkload(FanOutWorld world)
{
    private const int MessagesMax = 250;
    private const int BytesMax = 200 << 10;

    private static readonly TopicDefinition[] Definitions =
    [
        new TopicDefinition { Partitions = 2, RetentionSeconds = null },
        new TopicDefinition { Partitions = 1, RetentionSeconds = null, Timestamps = TopicTimestamps.Create },
        new TopicDefinition { Type = TopicType.Fifo, RetentionSeconds = null, Timestamps = TopicTimestamps.Append },
    ];

    private Random Random => world.Random;

    private FanOutModel Model => world.History.Current;

    public void Operate()
    {
        string[] topics = [.. Model.Topics.Keys];
        int choice = Random.Next(100);
        if (topics.Length == 0) choice = 99;
        else if (world.Base.Engine.SendsRefused || IsFull) choice = 50 + Random.Next(35);
        string topic = topics.Length == 0 ? "" : topics[Random.Next(topics.Length)];
        if (choice < 6) OperateBehind(topic);
        else Next(choice, topic)?.Start();
    }

    // Who publishes has found out who gets it, and waits: what changes meanwhile comes before it.
    private void OperateBehind(string topic)
    {
        var room = new HoldRoomCall(world);
        room.Start();
        for (int calls = 1 + Random.Next(3); calls > 0; calls--) Next(6 + Random.Next(36), topic)?.Start();
        for (int calls = 1 + Random.Next(2); calls > 0; calls--) Change(topic).Start();
        // It has seen what has gathered, and more of it comes before it moves that.
        if (Random.Next(2) == 0) Drain()?.Start();
        room.Leave();
    }

    private SimulatedCall Change(string topic)
    {
        string name = world.Any(FanOutWorld.SubscriptionNames);
        return Random.Next(5) switch
        {
            0 => new UnsubscribeCall(world, topic, name),
            1 => new PauseCall(world, topic, name, isPaused: true),
            2 => new PauseCall(world, topic, name, isPaused: false),
            3 => new DeleteQueueCall(world, world.Any(FanOutWorld.QueueNames)),
            _ => new PutSubscriptionCall(world, topic, name),
        };
    }

    private bool IsFull => Model.Queues.Values.Sum(queue => queue.Messages.Count) > MessagesMax
        || Model.Topics.Values.SelectMany(topic => topic.Partitions).Sum(partition => partition.Records.Values.Sum(record => record.Value.Length)) > BytesMax;

    private SimulatedCall? Next(int choice, string topic)
    {
        switch (choice)
        {
            case < 18:
            case < 34 when Model.Topics[topic].Definition.Type == TopicType.Fifo:
                return new PublishCall(world, topic);
            case < 26:
                return new PublishBatchCall(world, topic);
            case < 34:
                return Produce(topic);
            case < 42:
                return new TransactCall(world);
            case < 50:
                return Subscribe(topic);
            case < 63:
                return new TakeCall(world, world.Any(FanOutWorld.QueueNames), 1 + Random.Next(10));
            case < 76:
                return Acknowledge();
            case < 78:
                return new TrimPartitionCall(world, topic, 0, Trimmed(topic));
            case < 79:
                return new PurgeCopiesCall(world, world.Any(FanOutWorld.QueueNames));
            case < 80:
                return world.Base.Calls.OfType<BeatCall>().Any() ? null : new BeatCall(world);
            case < 83:
                return Drain();
            case < 85:
                world.Base.Time.Advance(TimeSpan.FromMilliseconds(Random.Next(6) == 0 ? Random.Next(60_000) : Random.Next(3_000)));
                return null;
            case < 94:
                return DefineQueue();
            default:
                return DefineTopic();
        }
    }

    // What is damaged is not moved, and no model knows what that is.
    private DrainCall? Drain() => world.Base.IsRotten || world.Base.Calls.OfType<DrainCall>().Any() ? null : new DrainCall(world);

    private long Trimmed(string topic)
    {
        ModelPartition partition = Model.Topics[topic].Partitions[0];
        return partition.Low + Random.NextInt64((partition.Next - partition.Low) + 1);
    }

    private PublishAsProducerCall? Produce(string topic)
    {
        world.Producers.RemoveAll(client => Model.Topics.GetValueOrDefault(client.Topic)?.Partitions[client.Partition].StreamId != client.StreamId);
        ModelTopic model = Model.Topics[topic];
        int partition = Random.Next(model.Partitions.Length);
        CountingClient? client = world.Producers.Find(client => client.Topic == topic && client.Partition == partition);
        if (client is null) world.Producers.Add(client = new CountingClient(topic, model.Partitions[partition].StreamId, partition));
        return client.IsBusy ? null : new PublishAsProducerCall(world, client);
    }

    private SimulatedCall Subscribe(string topic)
    {
        string name = world.Any(FanOutWorld.SubscriptionNames);
        return Random.Next(6) switch
        {
            0 => new UnsubscribeCall(world, topic, name),
            1 => new PauseCall(world, topic, name, isPaused: true),
            2 => new PauseCall(world, topic, name, isPaused: false),
            _ => new PutSubscriptionCall(world, topic, name),
        };
    }

    private AcknowledgeCopyCall? Acknowledge()
    {
        if (world.Held.Count == 0) return null;
        int index = Random.Next(world.Held.Count);
        HeldCopy held = world.Held[index];
        if (Random.Next(4) > 0) world.Held.RemoveAt(index);
        return new AcknowledgeCopyCall(world, held);
    }

    private SimulatedCall DefineQueue()
    {
        string queue = world.Any(FanOutWorld.QueueNames);
        return Model.Queues.ContainsKey(queue) && Random.Next(3) == 0
            ? new DeleteQueueCall(world, queue)
            : new PutQueueCall(world, queue, new QueueDefinition { DelaySeconds = world.Any(0, 0, 5) });
    }

    private SimulatedCall? DefineTopic()
    {
        int number = Random.Next(FanOutWorld.TopicNames.Length);
        string topic = FanOutWorld.TopicNames[number];
        if (!Model.Topics.ContainsKey(topic)) return world.Base.Calls.OfType<CreateTopicCall>().Any() ? null : new CreateTopicCall(world, topic, Definitions[number]);
        return Random.Next(12) == 0 ? new DeleteTopicCall(world, topic) : null;
    }
}
