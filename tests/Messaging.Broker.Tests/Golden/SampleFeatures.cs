using System.Text;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Operations;
using Messaging.Broker.Queues;
using Messaging.TestKit;

namespace Messaging.Broker.Tests.Golden;

/// <summary>What came after the first set: groups, priorities, retries, windows, expiry, dead letters, operations, purges. The same each time.</summary>
internal static class SampleFeatures
{
    /// <summary>When the tests look at it: the windows are open still.</summary>
    public static readonly DateTimeOffset Read = SampleQueues.Written.AddMinutes(2);

    private static readonly QueueKey Fifo = BrokerHarness.Key("fifo");
    private static readonly QueueKey FifoDead = BrokerHarness.Key("fifo/dead");
    private static readonly QueueKey Ranked = BrokerHarness.Key("ranked");
    private static readonly QueueKey Dead = BrokerHarness.Key("dead");
    private static readonly QueueKey Slow = BrokerHarness.Key("slow");
    private static readonly QueueKey Purged = BrokerHarness.Key("purged");
    private static readonly string[] Rounds = ["one", "two"];

    /// <summary>Returns receipts that clients hold, and what calls were answered that may come again.</summary>
    public static (IReadOnlyList<(QueueKey Key, string Receipt)> Receipts, string Answers) Fill(SampleBroker broker)
    {
        var receipts = new List<(QueueKey, string)>();
        var answers = new StringBuilder();
        Define(broker);
        Work(broker, Rounds[0], receipts, answers);
        broker.Engine.Checkpoint();
        broker.Engine.MaintainOnce();

        // From here on it stands in the journal only.
        broker.Time.Advance(TimeSpan.FromSeconds(20));
        Work(broker, Rounds[1], receipts, answers);
        return (receipts, answers.ToString());
    }

    /// <summary>Asks again what <see cref="Fill"/> has asked.</summary>
    public static string Repeat(SampleBroker broker)
    {
        var answers = new StringBuilder();
        foreach (string round in Rounds) Ask(broker, round, answers);
        return answers.ToString();
    }

    private static void Define(SampleBroker broker)
    {
        broker.Put(FifoDead, new QueueDefinition { Type = QueueType.Fifo });
        broker.Put(Dead, new QueueDefinition());
        broker.Put(Fifo, new QueueDefinition
        {
            Type = QueueType.Fifo,
            LeaseSeconds = 40_000,
            DeadLetter = new DeadLetterDefinition { Queue = FifoDead.Name, MaxReceives = 2 },
            Deduplication = new DeduplicationDefinition { ContentBased = true, Scope = DeduplicationScope.Group, WindowSeconds = 600 },
            Retry = new RetryDefinition { MinSeconds = 50, MaxSeconds = 1_000, Factor = 3, Jitter = 0.5 },
            MaxMessages = 1_000,
            Tags = new Dictionary<string, string> { ["kind"] = "fifo" },
        });
        broker.Put(Ranked, new QueueDefinition
        {
            LeaseSeconds = 40_000,
            DeadLetter = new DeadLetterDefinition { Queue = Dead.Name, MaxReceives = 1 },
            Deduplication = new DeduplicationDefinition(),
            Retry = new RetryDefinition { MinSeconds = 43_200, MaxSeconds = 43_200 },
            Priorities = 5,
        });
        broker.Put(Slow, new QueueDefinition());
        broker.Put(Purged, new QueueDefinition { MaxMessages = 50 });
    }

    private static void Work(SampleBroker broker, string round, List<(QueueKey, string)> receipts, StringBuilder answers)
    {
        broker.Send(Slow, [.. Enumerable.Range(0, 9).Select(number => Message($"slow {round} {number}"))]);
        broker.Send(Ranked, Message($"low {round}"), Message($"high {round}") with { Priority = 4 }, Message($"mine {round}") with { Group = "mine", Priority = 2 });
        string[] held = broker.Receive(Ranked, 2, null);
        broker.Release(Ranked, held[0], 43_200);
        broker.Reject(Ranked, held[1], $"no {round}");
        broker.Receive(Ranked, 1, 0);
        broker.Send(Fifo, [.. new[] { "a", "b", "c" }.SelectMany(group => Enumerable.Range(0, 2).Select(number => Message($"{group} {round} {number}") with { Group = group + round }))]);
        broker.Send(Fifo, Message($"late {round}", 30_000) with { Group = "late" + round }, Message($"behind {round}") with { Group = "late" + round });
        held = broker.Receive(Fifo, 1, null);
        string again = Assert.Single(broker.Receive(Fifo, 1, 10));
        receipts.AddRange(held.Concat([again]).Select(receipt => (Fifo, receipt)));
        broker.Reject(Fifo, Assert.Single(broker.Receive(Fifo, 1, null)), null);
        broker.Send(Slow, Message($"expires {round}") with { ExpiresInMilliseconds = 50_000 }, Message($"expires late {round}") with { ExpiresInMilliseconds = 90_000_000 });
        broker.Cancel(Slow, broker.SendOne(Slow, Message($"cancelled {round}")));
        broker.Send(Purged, Message($"purged {round}"));
        broker.Purge(Purged);
        broker.Send(Purged, Message($"after the purge {round}"));
        broker.Move();
        Ask(broker, round, answers);
        broker.Move();
        // Ended in both parts: by itself, and by a word.
        LongOperation ended = broker.RedriveAs("ended-" + round, Purged, new RedriveRequest { Filter = new RedriveFilter { Reason = MoveReason.Rejected } });
        if (round == Rounds[1]) broker.Cancel(ended);
        broker.Move();
    }

    // Each has one effect, however often it is called.
    private static void Ask(SampleBroker broker, string round, StringBuilder answers)
    {
        SampleQueues.Line(answers, broker.SendAs("key-" + round, Slow, Message($"first {round}"), Message($"second {round}")));
        SampleQueues.Line(answers, broker.SendAs("ids-" + round, Ranked, Message($"by id {round}") with { DeduplicationId = "id" + round }));
        SampleQueues.Line(answers, string.Join(", ", broker.Receive(Slow, 2, 40_000, "attempt " + round)));
        QueueKey source = round == Rounds[0] ? Slow : Dead;
        LongOperation operation = broker.RedriveAs("redrive-" + round, source, new RedriveRequest
        {
            Destination = Purged.Name,
            MessagesPerSecond = 1,
            Filter = new RedriveFilter { SentBeforeMs = SampleQueues.Written.AddYears(1).ToUnixTimeMilliseconds() },
        });
        SampleQueues.Line(answers, $"{operation.Id} {operation.Status} {operation.ApproximateTotal} {operation.StartedMs}");
    }

    private static OutgoingMessage Message(string body, long delayMs = OutgoingMessage.QueueDelay) =>
        new() { Body = Encoding.UTF8.GetBytes(body), DelayMilliseconds = delayMs };
}
