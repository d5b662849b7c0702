using Messaging.Storage.Records;
using Messaging.TestKit;

namespace Messaging.Simulation.Engine;

/// <summary>Whole batches as producers of a topic send them: compressed or not, with gaps, with times that jump, of transactions.</summary>
internal static class BatchCalls
{
    private const int OffsetsMax = 150;

    /// <summary>Beyond every time of the broker's clock.</summary>
    private const long FarTime = 2_000_000_000_000;

    /// <summary>A batch of about <paramref name="bytes"/> of values or payload.</summary>
    public static byte[] Make(Random random, int bytes)
    {
        int count = 1 + random.Next(random.Next(4) == 0 ? OffsetsMax : 8);
        if (random.Next(3) == 0)
        {
            byte[] payload = new byte[random.Next(bytes + 1)];
            random.NextBytes(payload);
            var codec = (RecordCompression)random.Next(1, 8);
            return ProducedBatch.Compressed(payload, count, codec, Time(random), offsets: count + random.Next(3));
        }

        string[] values = [.. Enumerable.Range(0, count).Select(index => new string((char)('a' + random.Next(26)), random.Next((bytes / count) + 1)))];
        int[] deltas = new int[count];
        long[] times = new long[count];
        for (int i = 0; i < count; i++)
        {
            deltas[i] = i == 0 ? Gap(random) : deltas[i - 1] + 1 + Gap(random);
            times[i] = Time(random);
        }

        short attributes = random.Next(3) == 0 ? RecordBatch.TransactionalFlag : (short)0;
        return ProducedBatch.Of(values, deltas, times, attributes, producerId: random.Next(5), producerEpoch: (short)random.Next(3), baseSequence: random.Next(1_000));
    }

    private static long Time(Random random) => random.Next(10) switch
    {
        0 => -1,
        1 => FarTime,
        _ => ProducedBatch.Time + random.Next(-1_000_000, 1_000_000),
    };

    private static int Gap(Random random) => random.Next(12) == 0 ? random.Next(3) : 0;
}
