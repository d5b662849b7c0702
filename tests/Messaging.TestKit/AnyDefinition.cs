using Messaging.Broker.Filters;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Subscriptions.Delivery;
using Messaging.Broker.Topics;

namespace Messaging.TestKit;

/// <summary>Definitions drawn at random, of every field and every legal value, for tests that write and read them.</summary>
internal static class AnyDefinition
{
    public static QueueDefinition Of(Random random)
    {
        bool isFifo = random.Next(2) == 0;
        return new QueueDefinition
        {
            Type = isFifo ? QueueType.Fifo : QueueType.Standard,
            LeaseSeconds = random.Next(43_201),
            DelaySeconds = random.Next(31_536_001),
            RetentionSeconds = random.Next(60, 31_536_001),
            ReceiveWaitSeconds = random.Next(61),
            MaxMessageBytes = random.Next(1_024, (16 << 20) + 1),
            Priorities = isFifo ? 1 : random.Next(1, 11),
            MaxMessages = random.Next(2) == 0 ? null : random.Next(1, 1_000_000_001),
            DeadLetter = random.Next(2) == 0 ? null : new DeadLetterDefinition { Queue = Name(random), MaxReceives = random.Next(1, 1_001) },
            Deduplication = random.Next(2) == 0 ? null : new DeduplicationDefinition
            {
                ContentBased = random.Next(2) == 0, Scope = (DeduplicationScope)random.Next(2), WindowSeconds = random.Next(1, 86_401),
            },
            Retry = random.Next(2) == 0 ? null : Retry(random),
            Tags = Tags(random),
            Annotations = Annotations(random),
        };
    }

    /// <summary>Of a topic.</summary>
    public static TopicDefinition OfTopic(Random random)
    {
        TopicDefinition definition = OfStandardTopic(random);
        if (random.Next(4) > 0) return definition;
        DeduplicationDefinition? deduplication = random.Next(2) == 0 ? null : new DeduplicationDefinition
        {
            ContentBased = random.Next(2) == 0, Scope = (DeduplicationScope)random.Next(2), WindowSeconds = random.Next(1, 86_401),
        };
        return definition with { Type = TopicType.Fifo, Partitions = 1, Cleanup = TopicCleanup.Delete, Deduplication = deduplication };
    }

    private static TopicDefinition OfStandardTopic(Random random) => new()
    {
        Partitions = random.Next(1, 10_001),
        RetentionSeconds = random.Next(2) == 0 ? null : random.Next(31_536_001),
        RetentionBytes = random.Next(2) == 0 ? null : random.NextInt64(1L << 40),
        Cleanup = (TopicCleanup)random.Next(3),
        MinCompactionLagSeconds = random.Next(31_536_001),
        TombstoneSeconds = random.Next(31_536_001),
        MaxMessageBytes = random.Next(1_024, (16 << 20) + 1),
        Timestamps = (TopicTimestamps)random.Next(2),
        Tags = Tags(random),
        Annotations = Annotations(random),
    };

    private static SubscriptionTarget Target(Random random) => random.Next(6) switch
    {
        0 => new SubscriptionTarget.OfEndpoint($"https://a{random.Next()}:b@example.com/ü?c={random.Next()}"),
        1 => new SubscriptionTarget.OfMail($"a{random.Next()}@example.com", random.Next(2) == 0),
        2 => new SubscriptionTarget.OfFunction($"http://example.com/{random.Next()}"),
        3 => new SubscriptionTarget.OfGateway((GatewayProtocol)random.Next(3), $"+49{random.Next()}"),
        _ => new SubscriptionTarget.OfQueue(Name(random)),
    };

    /// <summary>Of a subscription.</summary>
    public static SubscriptionDefinition OfSubscription(Random random) => new()
    {
        Target = Target(random),
        DeliveryPolicy = random.Next(2) == 0 ? null : new DeliveryPolicy { MaxReceivesPerSecond = random.Next(2) == 0 ? null : random.Next(1, 1_000), HealthyRetry = random.Next(2) == 0 ? null : new RetryPolicy { NumRetries = random.Next(4, 101), MinDelayTarget = 1, MaxDelayTarget = random.Next(1, 30), BackoffFunction = (BackoffFunction)random.Next(4) } },
        Confirmed = random.Next(2) == 0,
        Filter = random.Next(2) == 0 ? null : new SubscriptionFilter((FilterScope)random.Next(2), $"{{ \"kü\" : [{random.Next()}, \"\\u0000\\n\"] }}"),
        Raw = random.Next(2) == 0,
        DeadLetter = random.Next(2) == 0 ? null : Name(random),
        StartAt = random.Next(3) switch { 0 => SubscriptionStart.Now, 1 => SubscriptionStart.Earliest, _ => SubscriptionStart.At(random.NextInt64(253_402_300_800_000)) },
        Tags = Tags(random),
        Annotations = Annotations(random),
    };

    private static Dictionary<string, string> Tags(Random random) =>
        Enumerable.Range(0, random.Next(4)).ToDictionary(i => $"k{i}ü", i => random.Next(2) == 0 ? "" : $"{random.Next()}\"\\");

    private static Dictionary<string, string> Annotations(Random random) =>
        Enumerable.Range(0, random.Next(3)).ToDictionary(i => $"aws.{i}ß", i => random.Next(2) == 0 ? "" : $"{{\"Id\":\"{random.Next()}\n\"}}");

    private static RetryDefinition Retry(Random random)
    {
        int min = random.Next(43_201);
        return new RetryDefinition
        {
            MinSeconds = min, MaxSeconds = random.Next(min, 43_201), Factor = 1 + (random.NextDouble() * 9), Jitter = random.NextDouble(),
        };
    }

    private static QueueName Name(Random random) => QueueName.TryParse($"dead/{random.Next()} ü", out QueueName name) ? name : throw new InvalidOperationException();
}
