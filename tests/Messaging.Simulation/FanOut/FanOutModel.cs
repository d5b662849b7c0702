using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;

namespace Messaging.Simulation.FanOut;

/// <summary>Topics, their subscriptions and the queues of these, as anyone would write them: what a publish does is a loop over subscriptions.</summary>
internal sealed class FanOutModel
{
    /// <summary>By name.</summary>
    public Dictionary<string, ModelTopic> Topics { get; private init; } = [];

    /// <summary>By name.</summary>
    public Dictionary<string, ModelInbox> Queues { get; private init; } = [];

    /// <summary>A record is the partition's next one, and that of each queue whose subscription wants it: of the subscription's dead-letter queue where its own is not there.</summary>
    public void Publish(string topic, int partition, PublishedRecord record, long number)
    {
        ModelTopic published = Topics[topic];
        ModelPartition stream = published.Partitions[partition];
        var copy = new ModelCopy(record, (stream.StreamId, stream.Next), IsFailed: false, number);
        stream.Records.Add(stream.Next++, record);
        foreach (ModelSubscription subscription in published.Subscriptions.Values.Where(subscription => subscription.Wants(record)))
        {
            if (subscription.IsPaused || (subscription.Gathers && published.Definition.Type == TopicType.Fifo)) subscription.Gathered.Add(copy);
            else Deliver(subscription, copy);
        }
    }

    /// <summary>The first ones that a subscription has gathered go on, as if they were published now; with the last one ends the gathering.</summary>
    public void Drain(string topic, string name, int count, bool ends, long number)
    {
        Dictionary<string, ModelSubscription> subscriptions = Topics[topic].Subscriptions;
        ModelSubscription subscription = subscriptions[name];
        foreach (ModelCopy copy in subscription.Gathered.Take(count)) Deliver(subscription, copy with { Number = number });
        subscriptions[name] = subscription with { Gathered = subscription.Gathered.Skip(count).ToList(), Gathers = !ends };
    }

    private void Deliver(ModelSubscription subscription, ModelCopy copy)
    {
        if (Queues.TryGetValue(subscription.Queue, out ModelInbox? queue)) queue.Add(copy);
        else if (subscription.DeadLetter is { } name && Queues.TryGetValue(name, out queue)) queue.Add(copy with { IsFailed = true });
    }

    public FanOutModel Copy() => new()
    {
        Topics = Topics.ToDictionary(pair => pair.Key, pair => pair.Value.Copy()),
        Queues = Queues.ToDictionary(pair => pair.Key, pair => pair.Value.Copy()),
    };
}

/// <summary>A record as a client has made it. Its value is JSON, with the id in it.</summary>
/// <param name="Id">Of all records of a run.</param>
/// <param name="Kind">An attribute that filters look at; null: it has none.</param>
/// <param name="BodyKind">The same in the value.</param>
/// <param name="Value">The whole value.</param>
/// <param name="TimestampMs">A time of its own, with which it can't share its bytes with its copies.</param>
internal sealed record PublishedRecord(int Id, string? Kind, string BodyKind, byte[] Value, long? TimestampMs);

/// <summary>A message of a queue.</summary>
/// <param name="Record">What it says.</param>
/// <param name="Place">Stream and offset of the topic's record; null: it was sent to the queue.</param>
/// <param name="IsFailed">It lies in a dead-letter queue, and says why.</param>
/// <param name="Number">The command that has brought it.</param>
internal sealed record ModelCopy(PublishedRecord Record, (long Stream, long Offset)? Place, bool IsFailed, long Number);

internal sealed class ModelTopic(TopicDefinition definition, ModelPartition[] partitions)
{
    public TopicDefinition Definition => definition;

    public ModelPartition[] Partitions => partitions;

    /// <summary>By name.</summary>
    public Dictionary<string, ModelSubscription> Subscriptions { get; private init; } = [];

    public ModelTopic Copy() => new(definition, [.. partitions.Select(partition => partition.Copy())]) 
    {
        Subscriptions = Subscriptions.ToDictionary(pair => pair.Key, pair => pair.Value with { Gathered = [.. pair.Value.Gathered] }),
    };
}

internal sealed class ModelPartition(long streamId)
{
    public long StreamId => streamId;

    public long Low { get; set; }

    public long Next { get; set; }

    /// <summary>By offset, from <see cref="Low"/> on.</summary>
    public SortedDictionary<long, PublishedRecord> Records { get; private init; } = [];

    public void Trim(long low)
    {
        foreach (long offset in Records.Keys.Where(offset => offset < low).ToArray()) Records.Remove(offset);
        Low = low;
    }

    public ModelPartition Copy() => new(streamId) { Low = Low, Next = Next, Records = new SortedDictionary<long, PublishedRecord>(Records) };
}

/// <summary>A queue; another one of its name has another stream.</summary>
internal sealed class ModelInbox(QueueDefinition definition, long streamId)
{
    public QueueDefinition Definition { get; set; } = definition;

    public long StreamId => streamId;

    public long Next { get; private set; }

    /// <summary>By offset, what is not gone.</summary>
    public SortedDictionary<long, ModelCopy> Messages { get; private init; } = [];

    public void Add(ModelCopy copy) => Messages.Add(Next++, copy);

    public ModelInbox Copy() => new(Definition, streamId) { Next = Next, Messages = new SortedDictionary<long, ModelCopy>(Messages) };
}

internal sealed record ModelSubscription(SubscriptionDefinition Definition, string Queue, string? DeadLetter, string? Kind, bool IsOfBody, bool IsPaused)
{
    /// <summary>It was paused, and what it gathered then has not all gone on.</summary>
    public bool Gathers { get; init; }

    /// <summary>In the order in which it was published. Each model has its own.</summary>
    public List<ModelCopy> Gathered { get; init; } = [];

    public bool Wants(PublishedRecord record) => Kind is null || Kind == (IsOfBody ? record.BodyKind : record.Kind);
}
