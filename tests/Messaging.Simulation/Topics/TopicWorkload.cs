using Messaging.Broker.Names;
using Messaging.Broker.Topics;
using Messaging.Simulation.Broker;

namespace Messaging.Simulation.Topics;

/// <summary>What the clients of topics do: one operation after the other, drawn from the run's Random.</summary>
internal sealed class TopicWorkload(TopicWorld world)
{
    private const int PartitionsMax = 3;
    private const int BytesKeptMax = 120 << 10;

    private static readonly (string Name, TopicDefinition Definition)[] Definitions =
    [
        ("kept", new TopicDefinition { RetentionSeconds = null }),
        ("old", new TopicDefinition { RetentionSeconds = 600 }),
        ("compacted", new TopicDefinition { Cleanup = TopicCleanup.Compact, TombstoneSeconds = 320 }),
        ("both", new TopicDefinition { Cleanup = TopicCleanup.Both, RetentionSeconds = 900, TombstoneSeconds = 32 }),
    ];

    private Random Random => world.Random;

    public void Operate()
    {
        TopicLedger[] there = [.. world.Topics.Where(topic => topic.Presence == Presence.There)];
        if (there.Length == 0 || Random.Next(60) == 0)
        {
            Define();
            return;
        }

        TopicLedger topic = there[Random.Next(there.Length)];
        PartitionLedger partition = topic.Partitions[Random.Next(topic.Partitions.Count)];
        int choice = Random.Next(100);
        if (world.Base.Engine.SendsRefused || Stored() > BytesKeptMax)
        {
            choice = Random.Next(3) == 0 ? 97 : 50 + Random.Next(45);
        }

        switch (choice)
        {
            case < 18:
                new PublishCall(world, topic, partition).Start();
                break;
            case < 30:
                Sequence(topic, partition);
                break;
            case < 50:
                Transact(topic, partition);
                break;
            case < 75:
                Fetch(topic, partition);
                break;
            case < 84:
                Once<CompactCall>(() => new CompactCall(world, Random.Next(3) == 0 ? long.MaxValue : 1));
                break;
            case < 88:
                Once<BeatCall>(() => new BeatCall(world));
                break;
            case < 95:
                world.Base.Time.Advance(TimeSpan.FromMilliseconds(Random.Next(6) == 0 ? Random.Next(120_000) : Random.Next(3_000)));
                break;
            case < 98:
                new TrimCall(world, topic, partition, partition.Begin + Random.NextInt64((partition.Told.HighWatermark - partition.Begin) + 1)).Start();
                break;
            default:
                Define();
                break;
        }
    }

    public static FetchRequest All(Isolation isolation) => new(FetchRequest.Earliest, TopicLimits.FetchBytesMax) { Isolation = isolation };

    private long Stored() => world.Topics.Where(topic => topic.Presence == Presence.There)
        .Sum(topic => world.Base.Broker.TopicHost.Topics.TryGet(topic.Key, out LiveTopic? live) ? live.Partitions.Sum(partition => partition.Stream.StoredBytes) : 0);

    private void Fetch(TopicLedger topic, PartitionLedger partition)
    {
        long offset = Random.Next(3) == 0 ? FetchRequest.Earliest : partition.Begin + Random.NextInt64((partition.Told.HighWatermark - partition.Begin) + 1);
        Isolation isolation = Random.Next(2) == 0 ? Isolation.ReadCommitted : Isolation.ReadUncommitted;
        new FetchCall(world, topic, partition, new FetchRequest(offset, 1 + Random.Next(8_000)) { Isolation = isolation }).Start();
    }

    private void Once<T>(Func<T> make)
        where T : SimulatedCall
    {
        if (!world.Base.Calls.OfType<T>().Any())
        {
            make().Start();
        }
    }

    private void Sequence(TopicLedger topic, PartitionLedger partition)
    {
        world.Producers.RemoveAll(client => client.Topic.Presence == Presence.Gone);
        SequenceClient? client = world.Producers.Find(client => client.Topic == topic && client.Partition == partition.Number);
        if (client is null)
        {
            world.Producers.Add(client = new SequenceClient(topic, partition.Number));
        }

        if (!client.IsBusy)
        {
            new SequenceCall(world, client, partition).Start();
        }
    }

    private void Transact(TopicLedger topic, PartitionLedger partition)
    {
        if (world.Transactions.Count < 2)
        {
            world.Transactions.Add(new TransactionClient($"pay-{world.Transactions.Count}"));
        }

        TransactionClient client = world.Transactions[Random.Next(world.Transactions.Count)];
        if (!client.IsBusy)
        {
            new TransactionCall(world, client, topic, partition).Start();
        }
    }

    // One definition at a time, so that it is known whose answer is missing.
    private void Define()
    {
        if (world.Base.Calls.Any(call => call is PutTopicCall or DeleteTopicCall))
        {
            return;
        }

        (string name, TopicDefinition definition) = Definitions[Random.Next(Definitions.Length)];
        TopicLedger? topic = world.Topics.Find(topic => topic.Key.Name.ToString() == name);
        if (topic is null || topic.Presence == Presence.Gone)
        {
            world.Topics.RemoveAll(gone => gone == topic);
            topic = new TopicLedger(world, KeyOf(name), definition);
            world.Topics.Add(topic);
            new PutTopicCall(world, topic, definition with { Partitions = 1 + Random.Next(PartitionsMax) }).Start();
        }
        else if (topic.Presence == Presence.There && Random.Next(3) == 0)
        {
            new DeleteTopicCall(world, topic).Start();
        }
        else if (topic.Presence == Presence.There)
        {
            new PutTopicCall(world, topic, definition with { Partitions = Math.Min(PartitionsMax, topic.Partitions.Count + Random.Next(2)) }).Start();
        }
    }

    private static TopicKey KeyOf(string name) => TopicName.TryParse(name, out TopicName topic)
        ? new TopicKey(AccountId.Default, NamespaceName.Default, topic)
        : throw new ArgumentException(name, nameof(name));
}
