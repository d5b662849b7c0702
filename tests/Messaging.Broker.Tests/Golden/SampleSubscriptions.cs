using System.Text;
using Messaging.Broker.Filters;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Producers;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Tests.Subscriptions;
using Messaging.Broker.Tests.Topics;
using Messaging.Broker.Topics;
using Messaging.TestKit;

namespace Messaging.Broker.Tests.Golden;

/// <summary>What came with subscriptions: their definitions and pauses, and copies in queues of what is published in every way, which share their bytes with the topic's records or not. The same each time.</summary>
internal static class SampleSubscriptions
{
    /// <summary>When the tests look at it: idempotency keys are known still, delays of a minute are over.</summary>
    public static readonly DateTimeOffset Read = SampleQueues.Written.AddMinutes(2);

    private static readonly TopicKey Prices = TopicCalls.Topic("prices");
    private static readonly TopicKey Stamped = TopicCalls.Topic("stamped");
    private static readonly ProducerIdentity Producer = new(1, 0);
    private static readonly string[] Queues = ["all", "orders", "large", "told", "late", "paused", "ended", "dead"];
    private static readonly string[] Rounds = ["one", "two"];

    /// <summary>Returns receipts that clients hold, and what calls are answered that come again.</summary>
    public static (IReadOnlyList<(QueueKey Key, string Receipt)> Receipts, string Answers) Fill(SampleBroker broker)
    {
        var receipts = new List<(QueueKey, string)>();
        Define(broker);
        Assert.Equal(Producer, broker.Init());
        Work(broker, Rounds[0], receipts);
        Replay(broker, "large", toMs: null);
        broker.Engine.Checkpoint();
        broker.Engine.MaintainOnce();

        // From here on it stands in the journal only.
        broker.Time.Advance(TimeSpan.FromSeconds(20));
        Redefine(broker);
        Work(broker, Rounds[1], receipts);
        return (receipts, Repeat(broker));
    }

    /// <summary>Asks again what <see cref="Fill"/> has asked; nothing of it brings another copy.</summary>
    public static string Repeat(SampleBroker broker)
    {
        var answers = new StringBuilder();
        foreach (string round in Rounds)
        {
            SampleQueues.Line(answers, $"once {round}: {PublishOnce(broker, round)}");
            SampleQueues.Line(answers, $"in a transaction {round}: {TransactOnce(broker, round)}");
            SampleQueues.Line(answers, $"of a producer {round}: {Produce(broker, round)}");
        }

        return answers.ToString();
    }

    private static void Define(SampleBroker broker)
    {
        broker.Put(Prices, new TopicDefinition { Partitions = 2, RetentionSeconds = null });
        broker.Put(Stamped, new TopicDefinition { RetentionSeconds = null, Timestamps = TopicTimestamps.Create });
        foreach (string queue in Queues) broker.Put(BrokerHarness.Key(queue), new QueueDefinition { LeaseSeconds = 40_000, DelaySeconds = queue == "late" ? 60 : 0 });
        Put(broker, Prices, "all", SubscriptionCalls.To("all") with
        {
            Tags = new Dictionary<string, string> { ["team"] = "billing", ["größe"] = "" }, Annotations = new Dictionary<string, string> { ["aws.FilterPolicyScope"] = "MessageBody" },
        });
        Put(broker, Prices, "orders", SubscriptionCalls.To("orders") with { Filter = new SubscriptionFilter(FilterScope.Attributes, """{"kind":["order",{"prefix":"größe"}]}""") });
        Put(broker, Prices, "large", SubscriptionCalls.To("large") with { Filter = new SubscriptionFilter(FilterScope.Body, """{"amount":[{"numeric":[">=",100]}]}""") });
        Put(broker, Prices, "told", SubscriptionCalls.To("told") with { Raw = false });
        Put(broker, Prices, "late", SubscriptionCalls.To("late"));
        Put(broker, Prices, "paused", SubscriptionCalls.To("paused"));
        Put(broker, Prices, "ended", SubscriptionCalls.To("ended"));
        Put(broker, Stamped, "all", SubscriptionCalls.To("all"));
        Lose(broker, Rounds[0], raw: true);
        Pause(broker, "paused", isPaused: true);
    }

    // Changed, resumed, ended, made again under the same name, and gone with its topic.
    private static void Redefine(SampleBroker broker)
    {
        Put(broker, Prices, "orders", SubscriptionCalls.To("orders") with { Filter = new SubscriptionFilter(FilterScope.Attributes, """{"kind":["note"]}"""), Raw = false });
        Pause(broker, "paused", isPaused: false);
        Pause(broker, "late", isPaused: true);
        Replay(broker, "all", toMs: SampleQueues.Written.ToUnixTimeMilliseconds());
        Delete(broker, Prices, "ended");
        Put(broker, Prices, "ended", SubscriptionCalls.To("ended") with { Annotations = new Dictionary<string, string> { ["made"] = "again" } });
        Lose(broker, Rounds[1], raw: false);
    }

    // The queue goes, its subscription stays: what it would get is dead.
    private static void Lose(SampleBroker broker, string round, bool raw)
    {
        QueueKey queue = BrokerHarness.Key("lost-" + round);
        broker.Put(queue, new QueueDefinition());
        Put(broker, Prices, "lost-" + round, SubscriptionCalls.To(queue.Name.Value) with { DeadLetter = BrokerHarness.Key("dead").Name, Raw = raw });
        broker.Delete(queue);
    }

    private static void Work(SampleBroker broker, string round, List<(QueueKey, string)> receipts)
    {
        TopicKey gone = TopicCalls.Topic("gone-" + round);
        broker.Put(gone, new TopicDefinition());
        Put(broker, gone, "all", SubscriptionCalls.To("all"));
        broker.Publish(gone, TopicCalls.Record("its topic has gone, " + round));
        broker.Delete(gone);
        broker.Publish(Prices, Record("order", round, 100, 0), Record("note", round, 7, 1), Rich(round));
        broker.Publish(Prices, TopicCalls.Record(null, "deleted " + round), new OutgoingRecord { Value = TopicCalls.Bytes("""{"default":"for all","sqs":"for queues"}"""), IsStructured = true, Partition = 0 });
        broker.Publish(Stamped, TopicCalls.Record("whose time " + round, timestampMs: 5_000), TopicCalls.Record("the broker's time " + round));
        broker.PublishBatch(Prices, TestKit.ProducedBatch.Of([.. Enumerable.Range(0, 3).Select(number => $"batched {round} {number}")]));
        PublishOnce(broker, round);
        TransactOnce(broker, round);
        Produce(broker, round);
        foreach (string name in new[] { "all", "told", "dead" })
        {
            QueueKey queue = BrokerHarness.Key(name);
            string[] held = broker.Receive(queue, 2, null);
            Assert.Null(broker.Acknowledge(queue, held[0]));
            receipts.AddRange(held.Select(receipt => (queue, receipt)));
        }
    }

    private static string PublishOnce(SampleBroker broker, string round) => broker.PublishUnder(Prices, "key-" + round, round, Record("order", "once " + round, 1, 1));

    private static string TransactOnce(SampleBroker broker, string round) => broker.TransactUnder(Prices, "transaction-" + round, round, Record("note", "transacted " + round, 500, 0));

    private static string Produce(SampleBroker broker, string round) =>
        broker.PublishAs(Prices, new ProducerClaim(Producer.Id, Producer.Epoch), 0, 2 * Array.IndexOf(Rounds, round), "produced first " + round, "produced second " + round);

    private static OutgoingRecord Rich(string round) => new()
    {
        Key = TopicCalls.Bytes("customer"),
        Value = TopicCalls.Bytes($$"""{"amount":1000,"round":"{{round}}"}"""),
        ContentType = "application/json",
        Subject = "größer",
        Sender = "AIDA" + round,
        Headers = [new RecordHeader("kind", TopicCalls.Bytes("größe"))],
    };

    private static OutgoingRecord Record(string kind, string round, int amount, int partition) => new()
    {
        Value = TopicCalls.Bytes($$"""{"amount":{{amount}},"round":"{{round}}"}"""),
        Partition = partition,
        Headers = [new RecordHeader("kind", TopicCalls.Bytes(kind)), new RecordHeader("none", null)],
        Attributes = [new MessageAttribute("amount", AttributeKind.Number, "int", Encoding.UTF8.GetBytes($"{amount}"))],
    };

    private static void Put(SampleBroker broker, TopicKey topic, string name, SubscriptionDefinition definition) =>
        Assert.True(broker.Synced(broker.Broker.Subscriptions.PutAsync(Key(topic, name), definition, default, default)).IsOk);

    private static void Pause(SampleBroker broker, string name, bool isPaused) =>
        Assert.True(broker.Synced(broker.Broker.Subscriptions.PauseAsync(Key(Prices, name), isPaused, default)).IsOk);

    private static void Replay(SampleBroker broker, string name, long? toMs) =>
        Assert.True(broker.Synced(broker.Broker.Subscriptions.ReplayAsync(Key(Prices, name), SubscriptionStart.Earliest, toMs, default)).IsOk);

    private static void Delete(SampleBroker broker, TopicKey topic, string name) => Assert.True(broker.Synced(broker.Broker.Subscriptions.DeleteAsync(Key(topic, name), default, default)).IsOk);

    private static SubscriptionKey Key(TopicKey topic, string name) => SubscriptionCalls.Subscription(name, topic.Name.Value);
}
