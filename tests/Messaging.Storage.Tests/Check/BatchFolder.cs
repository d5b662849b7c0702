using Messaging.Storage.Disk;
using Messaging.Storage.Records;
using Messaging.TestKit;

namespace Messaging.Storage.Tests.Check;

/// <summary>
/// Fills a folder with whole batches of producers as a topic's partitions hold them: compressed, with gaps, of transactions, with times that jump, partly released, beside
/// records with the broker's times and their producers'; in packs, in a checkpoint's tail and behind the checkpoint.
/// </summary>
internal static class BatchFolder
{
    /// <summary>The engine, still open: stop it clean or abandon it.</summary>
    public static SampleRun Fill(IDisk disk)
    {
        var random = new Random(11);
        var run = new SampleRun(disk);
        LogStream[] streams = [.. Enumerable.Range(1, 3).Select(number => run.CreateStream($"partition {number}"))];
        run.Fill(streams, random, stream => SendSome(run, stream, random));
        return run;
    }

    private static void SendSome(SampleRun run, LogStream stream, Random random)
    {
        run.SendBatch(stream, Produce(stream, random));
        if (random.Next(3) == 0)
        {
            run.Send(stream, random.Next(20, 200));
            run.SendAt(stream, random.Next(1_000), random.Next(20, 200));
        }
    }

    private static byte[] Produce(LogStream stream, Random random)
    {
        string[] values = [.. Enumerable.Range(0, random.Next(1, 6)).Select(index => $"stream {stream.Id} value {index} ".PadRight(random.Next(20, 200), '.'))];
        long[] times = [.. values.Select(_ => random.Next(5) == 0 ? -1 : ProducedBatch.Time + random.Next(1_000_000))];
        switch (random.Next(4))
        {
            case 0:
                byte[] payload = new byte[random.Next(50, 600)];
                random.NextBytes(payload);
                return ProducedBatch.Compressed(payload, values.Length, (RecordCompression)random.Next(1, 5), times[0]);
            case 1:
                return ProducedBatch.Of(values, offsetDeltas: [.. Enumerable.Range(0, values.Length).Select(index => 1 + (2 * index))], times: times);
            case 2:
                return ProducedBatch.Of(
                    values, times: times, attributes: RecordBatch.TransactionalFlag, producerId: 1_000 + stream.Id, producerEpoch: 2, baseSequence: (int)stream.Next);
            default:
                return ProducedBatch.Of(["marker"], attributes: RecordBatch.TransactionalFlag | RecordBatch.ControlFlag, producerId: 1_000 + stream.Id, producerEpoch: 2);
        }
    }
}
