using Messaging.Broker.Names;
using Messaging.Broker.Queues;

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
            Tags = Enumerable.Range(0, random.Next(4)).ToDictionary(i => $"k{i}ü", i => random.Next(2) == 0 ? "" : $"{random.Next()}\"\\"),
            Annotations = Enumerable.Range(0, random.Next(3)).ToDictionary(i => $"aws.{i}ß", i => random.Next(2) == 0 ? "" : $"{{\"Id\":\"{random.Next()}\n\"}}"),
        };
    }

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
