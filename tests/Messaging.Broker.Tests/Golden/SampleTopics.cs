using System.Text;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Records;
using Messaging.Broker.Tests.Records;
using Messaging.Broker.Tests.Topics;
using Messaging.Broker.Topics;
using Messaging.Storage.Records;
using Messaging.TestKit;

namespace Messaging.Broker.Tests.Golden;

/// <summary>What came with topics: their definitions, records and whole batches of every codec, what was trimmed, and with <see cref="SampleProducers"/> producers and transactions. The same each time.</summary>
internal static class SampleTopics
{
    /// <summary>When the tests look at it: idempotency keys are known still, and transactions of the longest timeout are open.</summary>
    public static readonly DateTimeOffset Read = SampleQueues.Written.AddMinutes(2);

    /// <summary>What the deletion of the largest topic takes fits into one journal file.</summary>
    public const int JournalSlotBytes = 320 << 10;

    private static readonly TopicKey Events = TopicCalls.Topic("events");
    private static readonly TopicKey Stamped = TopicCalls.Topic("stamped");
    private static readonly TopicKey Grown = TopicCalls.Topic("grown");
    private static readonly TopicKey Batched = TopicCalls.Topic("batched");
    private static readonly TopicKey Cut = TopicCalls.Topic("cut");
    private static readonly TopicKey Short = TopicCalls.Topic("short");
    private static readonly TopicKey Small = TopicCalls.Topic("small");
    private static readonly TopicKey Again = TopicCalls.Topic("again");
    private static readonly TopicKey Once = TopicCalls.Topic("once");
    private static readonly QueueKey In = BrokerHarness.Key("in");
    private static readonly string[] Rounds = ["one", "two"];

    /// <summary>Returns receipts that clients hold, and what calls are answered that come again.</summary>
    public static (IReadOnlyList<(QueueKey Key, string Receipt)> Receipts, string Answers) Fill(SampleBroker broker)
    {
        var receipts = new List<(QueueKey, string)>();
        Define(broker);
        Work(broker, Rounds[0], receipts);
        SampleProducers.First(broker);
        broker.Engine.Checkpoint();
        broker.Engine.MaintainOnce();

        // From here on it stands in the journal only.
        broker.Time.Advance(TimeSpan.FromSeconds(20));
        Redefine(broker);
        Work(broker, Rounds[1], receipts);
        SampleProducers.Second(broker);
        return (receipts, Repeat(broker));
    }

    /// <summary>Asks again what <see cref="Fill"/> has asked, and what elders of the producers may ask; nothing of it changes anything.</summary>
    public static string Repeat(SampleBroker broker)
    {
        var answers = new StringBuilder();
        foreach (string round in Rounds)
        {
            SampleQueues.Line(answers, $"once {round}: {PublishOnce(broker, round, round)}");
            SampleQueues.Line(answers, $"once {round}, another body: {PublishOnce(broker, round, "other")}");
            SampleQueues.Line(answers, $"in a transaction {round}: {TransactOnce(broker, round)}");
        }

        SampleProducers.Repeat(broker, answers);
        return answers.ToString();
    }

    private static void Define(SampleBroker broker)
    {
        broker.Put(Events, new TopicDefinition
        {
            Partitions = 3,
            RetentionSeconds = null,
            RetentionBytes = 1 << 30,
            MinCompactionLagSeconds = 5,
            TombstoneSeconds = 100,
            MaxMessageBytes = 4_096,
            Tags = new Dictionary<string, string> { ["team"] = "billing", ["größe"] = "" },
            Annotations = new Dictionary<string, string> { ["kafka.unclean"] = "false" },
        });
        broker.Put(Stamped, new TopicDefinition { Timestamps = TopicTimestamps.Append });
        broker.Put(TopicCalls.Topic("compacted"), new TopicDefinition { Cleanup = TopicCleanup.Compact, Partitions = 2 });
        broker.Put(TopicCalls.Topic("both"), new TopicDefinition { Cleanup = TopicCleanup.Both });
        broker.Put(Grown, new TopicDefinition());
        broker.Put(Batched, new TopicDefinition { RetentionSeconds = null });
        broker.Put(Cut, new TopicDefinition());
        broker.Put(Short, new TopicDefinition { RetentionSeconds = 15 });
        broker.Put(Small, new TopicDefinition { RetentionBytes = 10_000 });
        broker.Put(Again, new TopicDefinition { Partitions = 2 });
        broker.Put(Once, new TopicDefinition { MaxMessageBytes = 1_024 });
        broker.Put(In, new QueueDefinition { LeaseSeconds = 40_000 });
        Assert.True(NamespaceName.TryParse("blue", out NamespaceName blue));
        broker.Put(Events with { Namespace = blue }, new TopicDefinition());
        broker.Publish(Events with { Namespace = blue }, TopicCalls.Record("blue"));
    }

    // Grown, changed, gone, and made again under the same name.
    private static void Redefine(SampleBroker broker)
    {
        broker.Put(Grown, new TopicDefinition { Partitions = 4, Tags = new Dictionary<string, string> { ["grown"] = "yes" } });
        broker.Put(Stamped, new TopicDefinition { RetentionSeconds = 31_536_000 });
        broker.Delete(Again);
        broker.Put(Again, new TopicDefinition { Annotations = new Dictionary<string, string> { ["made"] = "again" } });
    }

    private static void Work(SampleBroker broker, string round, List<(QueueKey, string)> receipts)
    {
        TopicKey gone = TopicCalls.Topic("gone-" + round);
        broker.Put(gone, new TopicDefinition());
        broker.Publish(gone, TopicCalls.Record("gone with its topic"));
        broker.Publish(Events, Rich(round), TopicCalls.Record(null, "deleted " + round), TopicCalls.Record("no key", partition: 2), TopicCalls.Record("", "", partition: 1));
        broker.Publish(Stamped, TopicCalls.Record("whose time " + round, timestampMs: 5_000));
        broker.Publish(Grown, [.. Enumerable.Range(0, 8).Select(number => TopicCalls.Record($"{round} {number}", $"key {number}"))]);
        broker.Publish(Again, TopicCalls.Record("again " + round));
        foreach (RecordCompression compression in TestBatches.Compressions) broker.PublishBatch(Batched, Batch(compression, round));
        Trim(broker, round);
        PublishOnce(broker, round, round);
        TransactOnce(broker, round);
        broker.Send(In, Message("processed " + round), Message("waits " + round));
        string[] held = broker.Receive(In, 2, null);
        broker.Process(In, held[0], Events, TopicCalls.Record("processed " + round, partition: 0));
        receipts.AddRange(held.Select(receipt => (In, receipt)));
        broker.Delete(gone);
    }

    // In the middle of a batch, by time, and by size; in the second round of what the first has left.
    private static void Trim(SampleBroker broker, string round)
    {
        broker.Publish(Cut, [.. Enumerable.Range(0, 5).Select(number => TopicCalls.Record($"cut {round} {number}"))]);
        broker.DeleteRecords(Cut, 0, round == Rounds[0] ? 2 : 8);
        broker.Publish(Short, TopicCalls.Record("short " + round));
        for (int number = 0; number < 5; number++) broker.Publish(Small, TopicCalls.Record(new string((char)('a' + number), 4_000)));
        broker.Tick();
    }

    private static string PublishOnce(SampleBroker broker, string round, string asked) => broker.PublishUnder(
        Once, "key-" + round, asked, TopicCalls.Record("first " + round), TopicCalls.Record(new string('x', 2_000)), TopicCalls.Record("second " + round));

    private static string TransactOnce(SampleBroker broker, string round) =>
        broker.TransactUnder(Once, "transaction-" + round, round, TopicCalls.Record("third " + round), TopicCalls.Record("fourth " + round));

    private static byte[] Batch(RecordCompression compression, string round) => TestBatches.Build(
        compression,
        [
            .. Enumerable.Range(0, 3).Select(number => new BatchRecord(
                TestBatches.BaseTimestamp + number, TestBatches.Body("key"u8.ToArray(), Encoding.UTF8.GetBytes($"{compression} {round} {number} {new string('.', 50)}"), ("header", [1, 2]), ("header", null)))),
        ]);

    private static OutgoingMessage Message(string body) => new() { Body = Encoding.UTF8.GetBytes(body) };

    private static OutgoingRecord Rich(string round) => new()
    {
        Key = Encoding.UTF8.GetBytes("schlüssel"),
        Value = new byte[] { 0, 1, 2, 0xFF },
        ContentType = "application/x-rich",
        TimestampMs = SampleQueues.Written.AddDays(round == Rounds[0] ? -7 : 1).ToUnixTimeMilliseconds(),
        Headers = [new RecordHeader("b", "1"u8.ToArray()), new RecordHeader("a", null), new RecordHeader("b", ReadOnlyMemory<byte>.Empty), new RecordHeader("größe", new byte[] { 9, 8 })],
    };
}
