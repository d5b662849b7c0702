using Messaging.Storage.Meta;
using Messaging.Storage.Tests.Check;
using Messaging.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Messaging.Storage.Tests.Recovery;

/// <summary>The root of the folder: when the newer of both is lost, the older one is no older state of it.</summary>
public sealed class LostMetaTests
{
    [Fact]
    public void Frames_of_a_generation_whose_META_is_damaged_are_not_forgotten_silently()
    {
        var disk = new SimDisk(1);
        var run = new SampleRun(disk);
        LogStream stream = run.CreateStream("before");
        run.StopClean();
        run = new SampleRun(disk);
        run.Send(run.Machine.Streams[stream.Id], 50);
        run.Commit();
        string acknowledged = run.Describe();
        run.Engine.Abandon();
        disk.Kill();
        string newest = MetaFile.NameOf(MetaFile.ReadNewest(disk, out _)!);
        disk.FlipBit(newest, 100, 0);

        var fault = Assert.Throws<StorageFaultException>(() => new SampleRun(disk));
        Assert.Equal(StorageFault.Corruption, fault.Fault);
        Assert.Contains("generation 2", fault.Message, StringComparison.Ordinal);

        disk.FlipBit(newest, 100, 0);
        run = new SampleRun(disk);
        Assert.Equal(acknowledged, run.Describe());
        run.StopClean();
    }

    [Fact]
    public void An_accepted_loss_of_a_generation_begins_one_that_was_never_used()
    {
        var disk = new SimDisk(1);
        new SampleRun(disk).StopClean();
        var run = new SampleRun(disk);
        run.CreateStream("lost");
        run.Commit();
        run.Engine.Abandon();
        disk.Kill();
        disk.FlipBit(MetaFile.NameOf(MetaFile.ReadNewest(disk, out _)!), 100, 0);

        LogEngine engine = LogEngine.Open(disk, SampleRun.Options with { AcceptJournalLoss = true }, new RecordedStateMachine(), NullLogger.Instance, fault => throw fault);
        engine.Abandon();
        disk.Kill();

        Assert.Equal(3U, MetaFile.ReadNewest(disk, out _)!.Generation);
        new SampleRun(disk).StopClean();
    }
}
