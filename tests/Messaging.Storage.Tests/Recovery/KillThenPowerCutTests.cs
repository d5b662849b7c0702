using Messaging.TestKit;

namespace Messaging.Storage.Tests.Recovery;

/// <summary>A killed process leaves its last writes in the machine's cache: what the next one reads there must be on the disk before it counts.</summary>
public sealed class KillThenPowerCutTests
{
    private static readonly LogEngineOptions Options = EngineRun.Small with { JournalSlots = 6 };

    [Theory]
    [InlineData(SimCall.Write, "META")]
    [InlineData(SimCall.DataSync, "META")]
    [InlineData(SimCall.Create, "META")]
    [InlineData(SimCall.SyncFolder, "")]
    [InlineData(SimCall.SyncFolder, "journal")]
    [InlineData(SimCall.Rename, "journal")]
    [InlineData(SimCall.DataSync, "journal")]
    public void A_kill_inside_a_call_and_a_power_cut_soon_after_lose_nothing(SimCall call, string target)
    {
        for (int nth = 1; nth <= 4; nth++)
        {
            for (int cut = 1; cut <= 40; cut++)
            {
                KillThenCut(call, target, nth, cut, isFlushed: true);
                KillThenCut(call, target, nth, cut, isFlushed: false);
            }
        }
    }

    private static void KillThenCut(SimCall call, string target, int nth, int cut, bool isFlushed)
    {
        var disk = new SimDisk(cut);
        var random = new Random(cut);
        var acknowledged = new List<string>();

        // The power cut stops the process inside the call; the machine stays up, as after kill -9.
        disk.CrashNext(call, name => name == target || (target.Length > 0 && name.StartsWith(target, StringComparison.Ordinal)), nth);
        Drive(disk, acknowledged, isFlushed);
        disk.ClearPlan();
        disk.Kill();
        disk.CrashAt(disk.DurableCalls + cut);
        Drive(disk, acknowledged, isFlushed);
        disk.ClearPlan();
        disk.Crash(random);

        using var last = new EngineRun(disk, Options);
        Judge(last, acknowledged);
    }

    // Either checkpoints follow closely, or the journal runs through all the slots that there are.
    private static void Drive(SimDisk disk, List<string> acknowledged, bool isFlushed)
    {
        try
        {
            var run = new EngineRun(disk, Options);
            Judge(run, acknowledged);
            for (int i = 0; i < 8 && run.Fatal is null; i++)
            {
                string text = $"{acknowledged.Count} {new string('x', 20_000)}";
                run.Append(run.Engine.System, text, EngineRun.Time, out Task commit);
                run.Commit();
                if (commit.IsCompletedSuccessfully)
                {
                    acknowledged.Add(text);
                }

                if (run.Fatal is null && (isFlushed || i == 0))
                {
                    run.Engine.Maintain(force: isFlushed && i % 2 == 0);
                }
            }
        }
        catch (SimCrashException)
        {
        }
    }

    // What was written and never acknowledged may be there too, and is from now on.
    private static void Judge(EngineRun run, List<string> acknowledged)
    {
        LogStream stream = run.Engine.System;
        Assert.InRange(stream.Next, acknowledged.Count, acknowledged.Count + 1);
        string[] found = [.. run.Read(stream, [.. Enumerable.Range(0, (int)stream.Next).Select(offset => (long)offset)])];
        Assert.Equal(acknowledged, found[..acknowledged.Count]);
        acknowledged.AddRange(found[acknowledged.Count..]);
    }
}
