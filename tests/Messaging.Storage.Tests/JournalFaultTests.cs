using Messaging.TestKit;

namespace Messaging.Storage.Tests;

/// <summary>A write or sync of the journal or of META fails (engine.md section 9): the engine dies, acknowledges nothing, and recovers.</summary>
public sealed class JournalFaultTests
{
    private readonly SimDisk _disk = new(1);

    [Fact]
    public void META_is_written_without_opening_it_again()
    {
        var hooked = new HookedDisk(_disk);
        using var run = new EngineRun(_disk, EngineRun.Small, hooked);
        hooked.OnOpen = name => Assert.DoesNotContain("META", name, StringComparison.Ordinal);
        for (int turn = 0; turn < 3; turn++)
        {
            run.State(run.Engine.System, "entry");
            run.Commit();
            run.Engine.Maintain(force: true);
        }

        hooked.OnOpen = null;
    }

    [Theory]
    [InlineData(SimCall.Write, StorageFault.Io)]
    [InlineData(SimCall.Write, StorageFault.DiskFull)]
    [InlineData(SimCall.DataSync, StorageFault.Io)]
    [InlineData(SimCall.DataSync, StorageFault.DiskFull)]
    public void A_failing_call_on_the_journal_ends_the_engine_and_nothing_is_acknowledged(SimCall call, StorageFault fault)
    {
        using var run = new EngineRun(_disk, EngineRun.Small);
        LogStream stream = run.CreateStream();
        run.Append(stream, "kept");
        run.Commit();
        _disk.FailNext(call, fault, namePrefix: "journal/J-0000");
        run.Append(stream, "unknown", EngineRun.Time, out Task unknown);
        run.Commit();

        Assert.Equal(fault, Assert.IsType<StorageFaultException>(run.Fatal).Fault);
        Assert.False(unknown.IsCompletedSuccessfully);
        Assert.Equal(StoredRecordState.Missing, run.StateOf(stream, 1));
        Assert.Throws<StorageFaultException>(() => run.Append(stream, "refused"));
        run.Crash(new Random(1));

        using var again = new EngineRun(_disk, EngineRun.Small);
        Assert.Equal(["kept"], again.Read(again.Machine.Streams[stream.Id], 0));
    }

    [Fact]
    public void After_a_failing_sync_no_checkpoint_brings_back_what_was_never_acknowledged()
    {
        using var run = new EngineRun(_disk, EngineRun.Small);
        LogStream stream = run.CreateStream();
        run.Append(stream, "kept");
        run.Commit();
        _disk.FailNext(SimCall.Write, StorageFault.Io, namePrefix: "journal/J-0000");
        run.Append(stream, "unknown");
        run.Commit();

        // Maintenance has its own thread: it may be about to take a checkpoint when the journal fails.
        Assert.Throws<StorageFaultException>(() => run.Engine.Maintain(force: true));
        run.Dispose();
        _disk.Crash(new Random(1));

        using var again = new EngineRun(_disk, EngineRun.Small);
        Assert.InRange(again.Machine.Streams[stream.Id].Next, 1, 2);
        Assert.Equal(again.Machine.Streams[stream.Id].Next == 2 ? StoredRecordState.Present : StoredRecordState.Missing, again.StateOf(again.Machine.Streams[stream.Id], 1));
    }

    [Fact]
    public void A_journal_that_fails_while_a_checkpoint_waits_for_it_fails_the_checkpoint()
    {
        using var run = new EngineRun(_disk, EngineRun.Small);
        LogStream stream = run.CreateStream();
        run.Commit();
        run.Append(stream, "unknown");
        _disk.FailNext(SimCall.DataSync, StorageFault.Io, namePrefix: "journal/J-0000");

        Assert.Throws<StorageFaultException>(() => run.Engine.Maintain(force: true));
        Assert.NotNull(run.Fatal);
    }

    [Theory]
    [InlineData(SimCall.Write)]
    [InlineData(SimCall.DataSync)]
    public void A_failing_call_on_META_ends_the_engine_and_META_is_never_written_again(SimCall call)
    {
        long writes = 0;
        var run = new EngineRun(_disk, EngineRun.Small);
        LogStream stream = run.CreateStream();
        run.Append(stream, "kept");
        run.Commit();
        _disk.FailNext(call, StorageFault.Io, namePrefix: "META");
        Assert.Throws<StorageFaultException>(() => run.Engine.Maintain(force: true));
        _disk.Observe((observed, name) => writes += observed == SimCall.Write && name.StartsWith("META", StringComparison.Ordinal) ? 1 : 0);
        run.Dispose();
        Assert.Equal(0, writes);
        _disk.Crash(new Random(1));

        using var again = new EngineRun(_disk, EngineRun.Small);
        Assert.Equal(["kept"], again.Read(again.Machine.Streams[stream.Id], 0));
    }

    [Fact]
    public void Who_comes_while_the_process_ends_waits_too()
    {
        LogEngine? engine = null;
        Task? newcomer = null;
        engine = LogEngine.Open(_disk, EngineRun.Small, new RecordedStateMachine(), new KeptLog(), _ =>
        {
            newcomer = Append(engine!);
            Assert.False(newcomer.IsCompleted);
        });
        _disk.FailNext(SimCall.DataSync, StorageFault.Io, namePrefix: "journal/J-0000");
        _ = Append(engine);

        engine.CommitOnce();

        Assert.True(newcomer!.IsFaulted);
        engine.Abandon();

        static Task Append(LogEngine engine)
        {
            Task synced;
            using (Command command = engine.BeginCommand(Command.StateBytes(1)))
            {
                command.AppendState(engine.System, "x"u8);
                synced = command.Commit().AsTask();
            }

            return synced;
        }
    }

    [Fact]
    public void The_end_of_the_process_comes_before_any_answer()
    {
        bool answered = false;
        bool answeredBefore = true;
        Task unknown = Task.CompletedTask;
        LogEngine engine = LogEngine.Open(
            _disk, EngineRun.Small, new RecordedStateMachine(), new KeptLog(), _ => answeredBefore = answered || unknown.IsCompleted);
        _disk.FailNext(SimCall.DataSync, StorageFault.Io, namePrefix: "journal/J-0000");
        using (Command command = engine.BeginCommand(Command.StateBytes(1)))
        {
            command.AppendState(engine.System, "x"u8);
            unknown = command.Commit().AsTask();
        }

        engine.CommitOnce();
        answered = unknown.IsCompleted;
        Assert.False(answeredBefore);
        Assert.True(answered);
        engine.Abandon();
    }
}
