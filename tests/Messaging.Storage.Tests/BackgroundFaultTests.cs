using Messaging.TestKit;

namespace Messaging.Storage.Tests;

/// <summary>A call on a pack, a checkpoint or a new slot fails (engine.md section 9): the file is discarded, a new one tried once, then the engine stops.</summary>
public sealed class BackgroundFaultTests
{
    private readonly SimDisk _disk = new(1);

    [Theory]
    [InlineData(SimCall.Create, "packs/")]
    [InlineData(SimCall.Allocate, "packs/")]
    [InlineData(SimCall.Write, "packs/")]
    [InlineData(SimCall.SetLength, "packs/")]
    [InlineData(SimCall.DataSync, "packs/")]
    [InlineData(SimCall.Rename, "packs/")]
    [InlineData(SimCall.SyncFolder, "packs")]
    [InlineData(SimCall.Create, "checkpoints/")]
    [InlineData(SimCall.Write, "checkpoints/")]
    [InlineData(SimCall.DataSync, "checkpoints/")]
    [InlineData(SimCall.Rename, "checkpoints/")]
    [InlineData(SimCall.SyncFolder, "checkpoints")]
    [InlineData(SimCall.Delete, "checkpoints/")]
    public void One_failing_call_is_made_good_by_a_new_file(SimCall call, string prefix)
    {
        using var run = new EngineRun(_disk, EngineRun.Small);
        LogStream stream = Fill(run);
        _disk.FailNext(call, StorageFault.Io, namePrefix: prefix);
        for (int turn = 0; turn < 3; turn++)
        {
            run.Engine.Maintain(force: true);
        }

        Assert.Null(run.Fatal);
        AssertNoLeftovers();
        run.Crash(new Random(1));
        using var again = new EngineRun(_disk, EngineRun.Small);
        Assert.Equal(12, again.Read(again.Machine.Streams[stream.Id], [.. Enumerable.Range(0, 12).Select(offset => (long)offset)]).Count());
    }

    [Fact]
    public void A_second_failing_file_stops_the_engine_and_nothing_is_lost()
    {
        using var run = new EngineRun(_disk, EngineRun.Small);
        LogStream stream = Fill(run);
        _disk.FailNext(SimCall.DataSync, StorageFault.Io, namePrefix: "packs/");
        _disk.FailNext(SimCall.DataSync, StorageFault.Io, namePrefix: "packs/");

        Assert.Throws<StorageFaultException>(() => run.Engine.Maintain(force: true));
        run.Crash(new Random(1));
        using var again = new EngineRun(_disk, EngineRun.Small);
        Assert.Equal(12, again.Read(again.Machine.Streams[stream.Id], [.. Enumerable.Range(0, 12).Select(offset => (long)offset)]).Count());
    }

    [Fact]
    public void A_pack_that_can_not_be_deleted_is_deleted_later()
    {
        using var run = new EngineRun(_disk, EngineRun.Small);
        LogStream stream = Fill(run);
        run.Engine.Maintain(force: true);
        string pack = "packs/" + Assert.Single(_disk.List("packs"));
        run.Drop(stream);
        run.Commit();
        _disk.FailNext(SimCall.Delete, StorageFault.Io, namePrefix: "packs/");
        run.Engine.Maintain(force: true);
        Assert.True(_disk.Exists(pack));

        run.Engine.Maintain(force: true);
        Assert.False(_disk.Exists(pack));
        Assert.Null(run.Fatal);
    }

    private static LogStream Fill(EngineRun run)
    {
        LogStream stream = run.CreateStream();
        for (int i = 0; i < 12; i++)
        {
            run.Append(stream, $"{i} {new string('x', 12_000)}");
            run.Commit();
        }

        return stream;
    }

    private void AssertNoLeftovers()
    {
        Assert.Single(_disk.List("packs"));
        Assert.Single(_disk.List("checkpoints"));
        Assert.DoesNotContain(_disk.List("journal"), name => name.EndsWith(".new", StringComparison.Ordinal));
    }
}
