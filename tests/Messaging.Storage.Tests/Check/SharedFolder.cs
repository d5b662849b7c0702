using Messaging.Storage.Disk;

namespace Messaging.Storage.Tests.Check;

/// <summary>Fills a folder with records that several streams share, between those of their own, partly released: in packs, in a checkpoint's tail and behind the checkpoint.</summary>
internal static class SharedFolder
{
    /// <summary>The engine, still open: stop it clean or abandon it.</summary>
    public static SampleRun Fill(IDisk disk)
    {
        var random = new Random(13);
        var run = new SampleRun(disk);
        LogStream[] streams = [.. Enumerable.Range(1, 4).Select(number => run.CreateStream($"queue {number}"))];
        run.Fill(streams, random, stream => SendSome(run, streams, stream, random));
        return run;
    }

    private static void SendSome(SampleRun run, LogStream[] streams, LogStream stream, Random random)
    {
        run.SendShared([stream, .. streams.Where(other => other != stream && random.Next(2) == 0)], random.Next(1, 4), random.Next(20, 300));
        if (random.Next(2) == 0)
        {
            run.Send(stream, random.Next(20, 200));
        }
    }
}
