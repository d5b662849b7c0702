using System.Globalization;
using System.Text;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Producers;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;
using Messaging.Simulation.Broker;
using Messaging.Simulation.Harness;

namespace Messaging.Simulation.FanOut;

/// <summary>What the calls of one run share: the broker under test, what was done to it in which order, and what clients remember over its crashes.</summary>
internal sealed class FanOutWorld(Random random, SimulationCoverage coverage)
{
    public static readonly string[] TopicNames = ["prices", "events", "ledger"];
    public static readonly string[] QueueNames = ["q0", "q1", "q2", "q3", "q4", "q5", "lost-0", "lost-1"];
    public static readonly string[] SubscriptionNames = ["s0", "s1", "s2"];

    private int _lastRecord;

    public BrokerWorld Base { get; } = new(random, coverage);

    public Random Random => random;

    public SimulationCoverage Coverage => coverage;

    public FanOutHistory History { get; } = new();

    /// <summary>Messages that clients have, in the order in which they came.</summary>
    public List<HeldCopy> Held { get; } = [];

    public List<CountingClient> Producers { get; } = [];

    /// <summary>Rises, or changes at least, with each command that does anything: so a step is known to have sequenced its call.</summary>
    public (long Definitions, long Paused, long Gathered, long Records, long Trimmed, long Sent, long Gone) Mark()
    {
        (long paused, long gathered, long records, long trimmed, long sent, long gone) = (0L, 0L, 0L, 0L, 0L, 0L);
        foreach (string name in TopicNames)
        {
            foreach (LivePartition partition in Find(TopicOf(name))?.Partitions ?? [])
            {
                records += partition.Stream.Next;
                trimmed += partition.Stream.Low;
            }

            // No version tells of it.
            foreach (string subscription in SubscriptionNames)
            {
                if (!Base.Broker.SubscriptionDirectory.TryGet(SubscriptionOf(name, subscription), out LiveSubscription? live)) continue;
                paused += live.Paused ? 1 : 0;
                gathered += live.Gathering is { } gathering ? 1 + gathering.Stream.Id + gathering.Stream.Next + gathering.Stream.Next - gathering.Stream.LiveCount : 0;
            }
        }

        foreach (string name in QueueNames)
        {
            if (Find(QueueOf(name)) is not { } queue) continue;
            sent += queue.Stream.Next;
            gone += queue.Stream.Next - queue.Stream.LiveCount;
        }

        return (Base.Broker.CatalogVersion, paused, gathered, records, trimmed, sent, gone);
    }

    public LiveTopic? Find(TopicKey key) => Base.Broker.TopicHost.Topics.TryGet(key, out LiveTopic? topic) ? topic : null;

    public LiveQueue? Find(QueueKey key) => Base.Broker.QueueDirectory.TryGet(key, out LiveQueue? queue) ? queue : null;

    /// <summary>Some new records of one topic, mostly small; where the topic lets them, some with times of their own.</summary>
    public PublishedRecord[] NewRecords(bool hasOwnTimes, bool hasAttributes = true)
    {
        var records = new PublishedRecord[random.Next(4) == 0 ? random.Next(1, 12) : random.Next(1, 3)];
        for (int i = 0; i < records.Length; i++)
        {
            string bodyKind = Any("a", "b", "c");
            string pad = new('x', random.Next(12) == 0 ? random.Next(12_000) : random.Next(150));
            byte[] value = Encoding.UTF8.GetBytes($$"""{"id":{{++_lastRecord}},"kind":"{{bodyKind}}","pad":"{{pad}}"}""");
            string? kind = hasAttributes ? Any(null, "a", "b", "c") : null;
            records[i] = new PublishedRecord(_lastRecord, kind, bodyKind, value, hasOwnTimes && random.Next(3) == 0 ? 1_000 + random.Next(1_000) : null);
        }

        return records;
    }

    public T Any<T>(params ReadOnlySpan<T> from) => from[random.Next(from.Length)];

    public static OutgoingRecord Outgoing(PublishedRecord record, int partition, int? sequence = null, bool isFifo = false) => new()
    {
        Key = isFifo || record.Id % 3 == 0 ? Encoding.UTF8.GetBytes($"k{record.Id % 7}") : (ReadOnlyMemory<byte>?)null,
        Value = record.Value,
        Headers = record.Kind is { } kind ? [new RecordHeader("kind", Encoding.UTF8.GetBytes(kind))] : null,
        TimestampMs = record.TimestampMs,
        Partition = partition,
        Sequence = sequence,
        DeduplicationId = isFifo ? record.Id.ToString(CultureInfo.InvariantCulture) : null,
    };

    public static TopicKey TopicOf(string name) =>
        TopicName.TryParse(name, out TopicName topic) ? new TopicKey(AccountId.Default, NamespaceName.Default, topic) : throw new ArgumentException(name, nameof(name));

    public static QueueKey QueueOf(string name) =>
        QueueName.TryParse(name, out QueueName queue) ? new QueueKey(AccountId.Default, NamespaceName.Default, queue) : throw new ArgumentException(name, nameof(name));

    public static SubscriptionKey SubscriptionOf(string topic, string name) =>
        SubscriptionName.TryParse(name, out SubscriptionName parsed) ? new SubscriptionKey(TopicOf(topic), parsed) : throw new ArgumentException(name, nameof(name));
}

/// <summary>A message that a client has received and not acknowledged.</summary>
internal sealed record HeldCopy(string Queue, long StreamId, long Offset, Receipt Receipt)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"message {Offset} of {Queue}");
}

/// <summary>A producer that numbers its records, and sends those again whose answer it has not got.</summary>
internal sealed class CountingClient(string topic, long streamId, int partition)
{
    public string Topic => topic;

    /// <summary>Of its partition: a later topic of the name has none of its records.</summary>
    public long StreamId => streamId;

    public int Partition => partition;

    public ProducerIdentity? Identity { get; set; }

    public bool IsBusy { get; set; }

    public int Next { get; set; }

    /// <summary>Sent and not answered.</summary>
    public PublishedRecord[]? Pending { get; set; }

    /// <summary>The latest that was answered; null before.</summary>
    public PublishedRecord[]? Latest { get; set; }
}
