using Messaging.TestKit;

namespace Messaging.Storage.Tests;

/// <summary>A full disk (engine.md section 9): sends are refused, acknowledgements and clean-up go on, and all is as before when there is space.</summary>
public sealed class DiskFullTests
{
    private const long Unlimited = 1L << 30;
    private static readonly LogEngineOptions Options = EngineRun.Small with { JournalSlotBytes = 32 << 10, DiskReserveBytes = 64 << 10, BallastBytes = 64 << 10 };
    private readonly SimDisk _disk = new(1) { CapacityBytes = Unlimited };

    [Fact]
    public void Sends_are_refused_while_the_disk_is_nearly_full_and_accepted_afterwards()
    {
        using var run = new EngineRun(_disk, Options);
        run.Engine.Maintain();
        Assert.False(run.Engine.SendsRefused);
        LeaveFree(Options.DiskReserveBytes - 1);
        run.Engine.Maintain();
        Assert.True(run.Engine.SendsRefused);
        Assert.True(run.HasRoomForState);
        Assert.Single(run.Log.Lines, line => line.StartsWith("Error: The disk is nearly full", StringComparison.Ordinal));

        _disk.CapacityBytes = Unlimited;
        run.Engine.Maintain();
        Assert.False(run.Engine.SendsRefused);
    }

    [Fact]
    public void Acknowledgements_and_clean_up_go_on_while_the_disk_is_full_and_packs_give_their_space_back()
    {
        using var run = new EngineRun(_disk, Options with { PackBytesTarget = 32 << 10 });
        LogStream stream = Fill(run, 200);
        LeaveFree(0);
        run.Engine.Maintain(force: true);
        Assert.True(run.Engine.SendsRefused);

        for (int offset = 0; offset < 200; offset++)
        {
            Assert.True(Waits(run), "acknowledgements go on");
            run.Release(stream, offset);
            run.Commit();
        }

        Assert.Null(run.Fatal);
        Assert.Equal(0, stream.LiveCount);
        run.Engine.Maintain(force: true);
        run.Engine.Maintain(force: true);
        Assert.Empty(_disk.List("packs"));
    }

    [Fact]
    public void The_ballast_gives_its_space_to_clean_up_and_comes_back()
    {
        using var run = new EngineRun(_disk, Options);
        Fill(run, 20);
        Assert.True(_disk.Exists("ballast"));
        LeaveFree(0);
        run.Engine.Maintain(force: true);
        Assert.False(_disk.Exists("ballast"));
        Assert.NotEmpty(_disk.List("packs"));

        _disk.CapacityBytes = Unlimited;
        run.Engine.Maintain();
        run.Engine.Maintain();
        Assert.True(_disk.Exists("ballast"));
        Assert.False(run.Engine.SendsRefused);
    }

    [Fact]
    public void A_ring_that_can_not_grow_refuses_records_and_keeps_its_last_slots_for_state()
    {
        using var run = new EngineRun(_disk, Options with { BallastBytes = 0 });
        LogStream stream = run.CreateStream();
        run.Commit();
        run.Engine.Maintain();
        LeaveFree(0);
        for (int i = 0; i < 100 && run.HasRoom; i++)
        {
            run.Append(stream, $"{i} {new string('x', 6_000)}");
            run.Commit();
            run.Engine.Maintain();
        }

        Assert.Null(run.Fatal);
        Assert.False(run.HasRoom);
        Assert.True(run.Engine.SendsRefused);

        // What was admitted before still goes through.
        for (int bytes = 0; bytes < Options.JournalSlotBytes; bytes += 8_192)
        {
            run.Append(stream, new string('x', 7_000));
        }

        run.Commit();
        Assert.Null(run.Fatal);

        _disk.CapacityBytes = Unlimited;
        run.Engine.Maintain();
        run.Engine.Maintain();
        Assert.True(run.HasRoom);
        Assert.False(run.Engine.SendsRefused);
        Assert.Equal(stream.Next, run.Read(stream, [.. Enumerable.Range(0, (int)stream.Next).Select(offset => (long)offset)]).Count());
    }

    [Fact]
    public void State_goes_on_for_ever_where_the_disk_is_full_and_all_other_slots_hold_records_that_live()
    {
        using var run = new EngineRun(_disk, Options);
        LogStream stream = run.CreateStream();
        run.Commit();
        run.Engine.Maintain();
        for (int i = 0; i < 100 && run.HasRoom; i++)
        {
            run.Append(stream, $"{i} {new string('x', 6_000)}");
            run.Commit();
            LeaveFree(16 << 10);
            run.Engine.Maintain();
        }

        Assert.False(run.HasRoom);
        Assert.Empty(_disk.List("packs"));
        string receive = "receive " + new string('x', 2_000);
        for (int i = 0; i < 1_000; i++)
        {
            Assert.True(Waits(run), $"state has room, also after {i} commands");
            run.State(stream, receive);
            run.Commit();
        }

        Assert.Null(run.Fatal);
        Assert.True(run.Engine.SendsRefused);
        Assert.InRange(_disk.List("journal").Count, 1, Options.JournalSlots);
        Assert.Equal(stream.Next, run.Read(stream, [.. Enumerable.Range(0, (int)stream.Next).Select(offset => (long)offset)]).Count());
    }

    [Fact]
    public async Task What_was_admitted_fits_into_the_last_slot_also_where_each_command_gets_a_frame_of_its_own()
    {
        using var run = new EngineRun(_disk, Options with { BallastBytes = 0 });
        LogStream stream = run.CreateStream();
        run.Commit();
        run.Engine.Maintain();
        LeaveFree(0);

        // No checkpoint is taken: nothing becomes free any more.
        for (int i = 0; i < 1_000; i++)
        {
            var admitted = new List<Admission>();
            for (int caller = 0; caller < 8 && run.HasRoomForState; caller++)
            {
                admitted.Add(await run.Engine.AdmitStateAsync(Command.StateBytes(9), CancellationToken.None));
            }

            foreach (Admission admission in admitted)
            {
                run.State(stream, "receive x");
                run.Commit();
                admission.Dispose();
            }
        }

        Assert.Null(run.Fatal);
        Assert.False(run.HasRoomForState);
    }

    [Fact]
    public async Task Who_waits_for_room_is_refused_where_not_even_a_checkpoint_finds_space_and_admitted_when_there_is_some()
    {
        using var run = new EngineRun(_disk, Options with { BallastBytes = 0 });
        LogStream stream = run.CreateStream();
        run.Commit();
        run.Engine.Maintain();
        LeaveFree(0);
        int bytes = Command.StateBytes(2_000);
        while (run.HasRoomForState)
        {
            using Admission admission = await run.Engine.AdmitStateAsync(bytes, CancellationToken.None);
            run.State(stream, new string('x', 1_900));
            run.Commit();
        }

        Task<Admission> waiting = run.Engine.AdmitStateAsync(bytes, 3, CancellationToken.None).AsTask();
        Assert.False(waiting.IsCompleted);
        run.Engine.Maintain();
        Assert.True((await waiting).IsRefused);
        Assert.Single(run.Log.Lines, line => line.Contains("acknowledgements are refused too", StringComparison.Ordinal));

        Task<Admission> next = run.Engine.AdmitStateAsync(bytes, CancellationToken.None).AsTask();
        Assert.False(next.IsCompleted);
        _disk.CapacityBytes = Unlimited;
        run.Engine.Maintain();
        using Admission admitted = await next;
        Assert.False(admitted.IsRefused);
        Assert.Null(run.Fatal);
    }

    [Fact]
    public void A_start_after_a_crash_finds_room_for_its_checkpoint_in_the_ballast()
    {
        var run = new EngineRun(_disk, Options);
        LogStream stream = Fill(run, 20);
        run.Crash(new Random(1));
        LeaveFree(0);

        using var again = new EngineRun(_disk, Options);
        Assert.Equal(20, again.Machine.Streams[stream.Id].LiveCount);
        Assert.True(again.Engine.SendsRefused);
    }

    [Fact]
    public void A_start_on_a_full_disk_without_a_ballast_takes_the_space_of_a_free_slot()
    {
        var run = new EngineRun(_disk, Options with { BallastBytes = 0 });
        LogStream stream = Fill(run, 20);
        int slots = _disk.List("journal").Count;
        run.Crash(new Random(1));
        LeaveFree(0);

        using var again = new EngineRun(_disk, Options with { BallastBytes = 0 });
        Assert.Equal(20, again.Machine.Streams[stream.Id].LiveCount);
        Assert.Equal(slots - 1, _disk.List("journal").Count);
        Assert.True(again.HasRoomForState);
        again.Release(again.Machine.Streams[stream.Id], 0);
        again.Commit();
        Assert.Null(again.Fatal);
    }

    [Fact]
    public void A_failing_pack_followed_by_a_full_disk_does_not_end_the_engine()
    {
        using var run = new EngineRun(_disk, Options with { BallastBytes = 0 });
        Fill(run, 20);
        _disk.FailNext(SimCall.DataSync, StorageFault.Io, namePrefix: "packs/");
        _disk.FailNext(SimCall.Allocate, StorageFault.DiskFull, nth: 2, namePrefix: "packs/");
        run.Engine.Maintain(force: true);
        Assert.Null(run.Fatal);
        Assert.True(run.Engine.SendsRefused);
        run.Engine.Maintain(force: true);
        run.Engine.Maintain();
        Assert.False(run.Engine.SendsRefused);
    }

    [Fact]
    public void The_first_checkpoint_of_a_folder_needs_no_space_for_META()
    {
        using var run = new EngineRun(_disk, Options with { BallastBytes = 0 });
        run.Engine.Maintain();
        LeaveFree(1_000);
        run.Engine.Maintain(force: true);
        Assert.Null(run.Fatal);
        Assert.Single(_disk.List("checkpoints"));
    }

    // What callers wait for: maintenance, until there is room.
    private static bool Waits(EngineRun run)
    {
        for (int turn = 0; turn < 5 && !run.HasRoomForState; turn++)
        {
            run.Engine.Maintain();
        }

        return run.HasRoomForState;
    }

    private static LogStream Fill(EngineRun run, int records)
    {
        LogStream stream = run.CreateStream();
        for (int i = 0; i < records; i++)
        {
            run.Append(stream, $"{i} {new string('x', 6_000)}");
            run.Commit();
            Assert.True(Waits(run));
        }

        run.Engine.Maintain();
        return stream;
    }

    private void LeaveFree(long bytes)
    {
        _disk.CapacityBytes = Unlimited;
        _disk.CapacityBytes = Unlimited - _disk.FreeBytes() + bytes;
    }
}
