using Messaging.Storage.Disk;

namespace Messaging.Storage.Tests.Check;

/// <summary>
/// Fills a folder with something of everything: packs (one of them merged), a checkpoint with a tail in several slots,
/// released offsets in and out of order, a dropped stream, state entries, and frames behind the checkpoint.
/// </summary>
internal static class SampleFolder
{
    /// <summary>The engine, still open: stop it clean or abandon it.</summary>
    public static SampleRun Fill(IDisk disk)
    {
        var random = new Random(7);
        var run = new SampleRun(disk);
        LogStream[] streams = [.. Enumerable.Range(1, 6).Select(number => run.CreateStream($"created as number {number}"))];
        run.State(run.Engine.System, "of the folder");
        for (int round = 0; round < 90; round++)
        {
            LogStream stream = streams[random.Next(streams.Length)];
            for (int i = 0; i < 3; i++)
            {
                run.Send(stream, random.Next(20, 400));
            }

            long offset = random.NextInt64(stream.Next);
            if (!stream.IsReleased(offset))
            {
                run.Release(stream, offset);
            }

            run.Commit();
            run.Engine.Maintain();
        }

        ReleaseAllBut(run, streams[0], 2);
        run.Drop(streams[5]);
        run.Checkpoint();
        SendAFew(run, streams);
        SendAFew(run, streams);

        // Not by force: a flush that is due leaves the tail's newest slots where they are.
        run.Engine.Maintain();
        SendAFew(run, streams);
        LogStream late = run.CreateStream("behind the checkpoint");
        run.Send(late, 100);
        run.Drop(streams[4]);
        run.Commit();
        return run;
    }

    private static void SendAFew(SampleRun run, LogStream[] streams)
    {
        foreach (LogStream stream in streams[..4])
        {
            run.Send(stream, 200);
            run.Send(stream, 300);
            run.Commit();
        }

        run.Release(streams[1], streams[1].NextLive(streams[1].Low));
        run.Commit();
    }

    private static void ReleaseAllBut(SampleRun run, LogStream stream, int kept)
    {
        for (long offset = stream.NextLive(stream.Low); offset < stream.Next - kept; offset = stream.NextLive(offset + 1))
        {
            run.Release(stream, offset);
            run.Commit();
        }
    }
}
