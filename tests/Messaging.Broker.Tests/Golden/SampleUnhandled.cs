using System.Text;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Tests.Moves;
using Messaging.TestKit;

namespace Messaging.Broker.Tests.Golden;

/// <summary>Messages that were given back unhandled: ready, delayed, leased again, dead, and of a group. The same each time.</summary>
internal static class SampleUnhandled
{
    /// <summary>When the tests look at it: delays and leases of hours run still.</summary>
    public static readonly DateTimeOffset Read = SampleQueues.Written.AddMinutes(2);

    private static readonly QueueKey Worked = BrokerHarness.Key("worked");
    private static readonly QueueKey Steps = BrokerHarness.Key("steps");

    /// <summary>Returns receipts that clients hold.</summary>
    public static IReadOnlyList<(QueueKey Key, string Receipt)> Fill(SampleBroker broker)
    {
        var receipts = new List<(QueueKey, string)>();
        broker.Put(BrokerHarness.Key("dead"), new QueueDefinition());
        broker.Put(Worked, DeadLetterTests.To("dead", 1) with { Retry = new RetryDefinition { MinSeconds = 30_000, MaxSeconds = 40_000 } });
        broker.Put(Steps, new QueueDefinition { Type = QueueType.Fifo, Deduplication = new DeduplicationDefinition { ContentBased = true } });
        Work(broker, "one", receipts);
        broker.Engine.Checkpoint();
        broker.Engine.MaintainOnce();

        // From here on it stands in the journal only.
        broker.Time.Advance(TimeSpan.FromSeconds(20));
        Work(broker, "two", receipts);
        return receipts;
    }

    private static void Work(SampleBroker broker, string round, List<(QueueKey, string)> receipts)
    {
        broker.Send(Worked, Message($"ready {round}"), Message($"delayed {round}"), Message($"leased {round}"), Message($"dead {round}"));
        // What is ready of the round before is among them, and is given back once more.
        string[] held = broker.Receive(Worked, 5, 40_000);
        broker.Release(Worked, held[^1], 0, isUnhandled: true);
        broker.Extend(Worked, Assert.Single(broker.Receive(Worked, 1, 40_000)), 0);
        broker.Move();
        broker.Release(Worked, held[^2], 0, isUnhandled: true);
        string again = Assert.Single(broker.Receive(Worked, 1, 40_000));
        broker.Release(Worked, held[^3], 40_000, isUnhandled: true);
        foreach (string receipt in held[..^3]) broker.Release(Worked, receipt, 0, isUnhandled: true);
        receipts.AddRange(held.Append(again).Select(static receipt => (Worked, receipt)));

        broker.Send(Steps, [.. Enumerable.Range(0, 3).Select(number => Message($"step {round} {number}") with { Group = round })]);
        held = broker.Receive(Steps, 3, null);
        for (int i = 0; i < held.Length; i++) broker.Release(Steps, held[i], 0, isUnhandled: i > 0);
        receipts.AddRange(held.Select(static receipt => (Steps, receipt)));
    }

    private static OutgoingMessage Message(string body) => new() { Body = Encoding.UTF8.GetBytes(body), DelayMilliseconds = OutgoingMessage.QueueDelay };
}
