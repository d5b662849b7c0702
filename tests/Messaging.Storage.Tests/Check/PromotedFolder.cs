using Messaging.Storage.Disk;
using Messaging.TestKit;

namespace Messaging.Storage.Tests.Check;

/// <summary>Fills a folder with batches so large that journal files become packs, some of which are copied forward later, beside single records that are copied.</summary>
internal static class PromotedFolder
{
    public static LogEngineOptions Options { get; } = SampleRun.Options with { PromotedBatchBytes = 64, PromotedShareMin = 0.5 };

    /// <summary>The engine, still open: stop it clean or abandon it.</summary>
    public static SampleRun Fill(IDisk disk)
    {
        var random = new Random(12);
        var run = new SampleRun(disk, Options);
        LogStream[] streams = [.. Enumerable.Range(1, 3).Select(number => run.CreateStream($"partition {number}"))];
        run.Fill(streams, random, stream => Send(run, stream, random));
        return run;
    }

    private static void Send(SampleRun run, LogStream stream, Random random)
    {
        if (random.Next(4) == 0)
        {
            run.Send(stream, random.Next(20, 200));
        }

        string[] values = [.. Enumerable.Range(0, random.Next(2, 5)).Select(index => $"stream {stream.Id} value {index} ".PadRight(random.Next(500, 1_500), '.'))];
        run.SendBatch(stream, ProducedBatch.Of(values));
    }
}
