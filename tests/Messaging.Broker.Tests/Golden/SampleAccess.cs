using System.Text;
using Messaging.Broker.Access;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.TestKit;

namespace Messaging.Broker.Tests.Golden;

/// <summary>What came with Amazon SQS: annotations, senders and traces, access keys, dead-letter queues that are deleted while in use. The same each time.</summary>
internal static class SampleAccess
{
    /// <summary>When the tests look at it: the leases of a minute are over, those of hours are not.</summary>
    public static readonly DateTimeOffset Read = SampleQueues.Written.AddMinutes(2);

    private static readonly QueueKey Bought = BrokerHarness.Key("bought");
    private static readonly QueueKey Steps = BrokerHarness.Key("steps");
    private static readonly QueueKey Dead = BrokerHarness.Key("dead");
    private static readonly QueueKey FifoDead = BrokerHarness.Key("dead/steps");
    private static readonly QueueKey Between = BrokerHarness.Key("between");
    private static readonly QueueKey BetweenDead = BrokerHarness.Key("dead/between");

    /// <summary>Returns receipts that clients hold.</summary>
    public static IReadOnlyList<(QueueKey Key, string Receipt)> Fill(SampleBroker broker)
    {
        var receipts = new List<(QueueKey, string)>();
        Define(broker);
        foreach (string name in new[] { "kept", "deleted", "replaced" }) broker.PutKey(Key(name, "111122223333"));
        broker.DeleteKey(Id("replaced"));
        Work(broker, "one", receipts);
        // Its messages had all their deliveries when it went.
        broker.Send(Between, Signed("between"));
        receipts.Add((Between, Assert.Single(broker.Receive(Between, 1, 0))));
        broker.Delete(BetweenDead, evenIfInUse: true);
        broker.Engine.Checkpoint();
        broker.Engine.MaintainOnce();

        // From here on it stands in the journal only.
        broker.Time.Advance(TimeSpan.FromSeconds(20));
        broker.DeleteKey(Id("deleted"));
        foreach (string name in new[] { "late", "gone" }) broker.PutKey(Key(name, "444455556666"));
        broker.PutKey(Key("replaced", "444455556666"));
        broker.DeleteKey(Id("gone"));
        broker.Put(Bought, new QueueDefinition { Annotations = new Dictionary<string, string> { ["aws.KmsMasterKeyId"] = "alias/größer", ["empty"] = "" } });
        Work(broker, "two", receipts);
        broker.Put(BetweenDead, new QueueDefinition());
        return receipts;
    }

    private static void Define(SampleBroker broker)
    {
        broker.Put(Dead, new QueueDefinition());
        broker.Put(FifoDead, new QueueDefinition { Type = QueueType.Fifo });
        broker.Put(BetweenDead, new QueueDefinition());
        broker.Put(Between, To(BetweenDead, 1));
        broker.Put(Bought, To(Dead, 1) with { Annotations = new Dictionary<string, string> { ["aws.SqsManagedSseEnabled"] = "false" } });
        broker.Put(Steps, To(FifoDead, 1) with
        {
            Type = QueueType.Fifo,
            Tags = new Dictionary<string, string> { ["tag"] = "beside it" },
            Annotations = new Dictionary<string, string> { ["aws.Policy"] = """{"Version":"2012-10-17","Statement":[]}""", ["größe"] = "two\nlines" },
        });
    }

    private static void Work(SampleBroker broker, string round, List<(QueueKey, string)> receipts)
    {
        broker.Send(Bought, Signed($"stays {round}"), Message($"sent only {round}") with { Sender = "größer" }, Message($"traced only {round}") with { TraceHeader = "Root=1" });
        // The first of each queue dies with its sender and its trace; where the definition is another by now, it is delivered again.
        broker.Receive(Bought, 1, 0);
        broker.Send(Steps, Signed($"first {round}") with { Group = round, DeduplicationId = "first" + round }, Signed($"second {round}") with { Group = round, DeduplicationId = "second" + round });
        receipts.Add((Steps, Assert.Single(broker.Receive(Steps, 1, 0))));
        broker.Move();
        DeleteInUse(broker, round, receipts);
        MakeAgain(broker, round, receipts);
    }

    // What would be set aside is delivered again: ready already, ready once its lease is over, and out for long.
    private static void DeleteInUse(SampleBroker broker, string round, List<(QueueKey, string)> receipts)
    {
        QueueKey dead = BrokerHarness.Key("dead/gone/" + round);
        QueueKey queue = BrokerHarness.Key("gone/" + round);
        broker.Put(dead, new QueueDefinition());
        broker.Put(queue, To(dead, 2));
        broker.Send(queue, [.. Enumerable.Range(0, 4).Select(number => Signed($"gone {round} {number}"))]);
        broker.Receive(queue, 4, 0);
        broker.Send(dead, Message("gone with its queue"));
        receipts.Add((dead, Assert.Single(broker.Receive(dead, 1, null))));
        receipts.AddRange(broker.Receive(queue, 1, 40_000).Concat(broker.Receive(queue, 1, 60)).Concat(broker.Receive(queue, 1, 0)).Select(receipt => (queue, receipt)));
        broker.Delete(dead, evenIfInUse: true);
        broker.Move();
        receipts.AddRange(broker.Receive(queue, 1, 0).Select(receipt => (queue, receipt)));
    }

    // One of the name takes its place: what had its deliveries meanwhile is moved, set aside, and set aside once its lease is over. One of the other type does not.
    private static void MakeAgain(SampleBroker broker, string round, List<(QueueKey, string)> receipts)
    {
        QueueKey dead = BrokerHarness.Key("dead/again/" + round);
        QueueKey queue = BrokerHarness.Key("again/" + round);
        QueueKey otherDead = BrokerHarness.Key("dead/other/" + round);
        QueueKey other = BrokerHarness.Key("other/" + round);
        broker.Put(dead, new QueueDefinition());
        broker.Put(otherDead, new QueueDefinition());
        broker.Put(queue, To(dead, 1));
        broker.Put(other, To(otherDead, 1));
        broker.Delete(dead, evenIfInUse: true);
        broker.Delete(otherDead, evenIfInUse: true);
        broker.Send(queue, Signed($"again {round} moved"));
        broker.Send(other, Signed($"other {round}"));
        foreach (QueueKey key in new[] { queue, other, queue }) receipts.Add((key, Assert.Single(broker.Receive(key, 1, 0))));
        broker.Put(dead, new QueueDefinition { Annotations = new Dictionary<string, string> { ["made"] = "again" } });
        broker.Put(otherDead, new QueueDefinition { Type = QueueType.Fifo });
        broker.Move();
        broker.Send(queue, [.. new[] { "aside", "leased", "out" }.Select(what => Signed($"again {round} {what}"))]);
        broker.Receive(queue, 1, 0);
        receipts.AddRange(broker.Receive(queue, 1, 60).Concat(broker.Receive(queue, 1, 40_000)).Select(receipt => (queue, receipt)));
    }

    private static QueueDefinition To(in QueueKey dead, int maxReceives) => new() { DeadLetter = new DeadLetterDefinition { Queue = dead.Name, MaxReceives = maxReceives } };

    private static OutgoingMessage Signed(string body) =>
        Message(body) with { Sender = "AIDA" + body, TraceHeader = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1" };

    private static OutgoingMessage Message(string body) => new() { Body = Encoding.UTF8.GetBytes(body) };

    private static AccessKey Key(string name, string account)
    {
        Assert.True(AccountId.TryParse(account, out AccountId parsed));
        return new AccessKey(Id(name), $"secret:of/{name}+{account}", parsed);
    }

    private static string Id(string name) => "KEY_OF_A_SAMPLE_" + name;
}
