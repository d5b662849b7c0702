using Messaging.Storage.Check;
using Messaging.Storage.Tests.Check;
using Messaging.TestKit;

namespace Messaging.Storage.Tests.Maintenance;

/// <summary>A stream that is dropped while a checkpoint of it is under way: until the drop is synced, the stream is whole.</summary>
public sealed class DropDuringCheckpointTests
{
    [Fact]
    public void A_stream_whose_drop_was_never_synced_has_its_records_after_a_crash()
    {
        var disk = new SimDisk(1);
        var hooked = new HookedDisk(disk);
        var run = new SampleRun(hooked);
        LogStream stream = run.CreateStream("kept");
        run.Send(stream, 50);
        run.Commit();
        run.Send(stream, 60);
        string before = "";
        hooked.OnSync = name =>
        {
            if (!name.EndsWith(".jnl", StringComparison.Ordinal))
            {
                return;
            }

            hooked.OnSync = null;
            before = $"stream 1: low 0, next {stream.Next}, live 2";
            run.Drop(stream);
        };
        run.Engine.Maintain(force: true);
        run.Engine.Abandon();
        disk.Crash(new Random(1));

        Assert.Empty(FolderCheck.Run(disk).Damages);
        var again = new SampleRun(disk);
        Assert.Contains(before, again.Describe(), StringComparison.Ordinal);
        Assert.Contains("stream 1 offset 1", again.Describe(), StringComparison.Ordinal);
        again.StopClean();
    }
}
