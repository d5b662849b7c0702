using Messaging.Storage.Streams;
using Messaging.TestKit;

namespace Messaging.Storage.Tests.Maintenance;

/// <summary>Merging by tiers and copy-forward (engine.md section 7).</summary>
public sealed class MergeTests
{
    private static readonly LogEngineOptions Options = EngineRun.Small with { JournalSlotBytes = 32 << 10, PackBytesTarget = 128 << 10 };
    private readonly SimDisk _disk = new(1);

    [Fact]
    public void A_small_pack_that_lives_whole_is_not_written_again_and_again()
    {
        using var run = new EngineRun(_disk, Options);
        LogStream stream = run.CreateStream();
        run.Append(stream, "small");
        run.Commit();
        FlushAll(run);
        AssertAtRest(run);
    }

    [Fact]
    public void Streams_larger_than_a_pack_come_to_rest()
    {
        using var run = new EngineRun(_disk, Options);
        LogStream stream = run.CreateStream();
        for (int i = 0; i < 100; i++)
        {
            run.Append(stream, new string('x', 9_000));
            run.Commit();
            run.Engine.Maintain();
        }

        FlushAll(run);
        AssertAtRest(run);
        Assert.Equal(100, run.Read(stream, [.. Enumerable.Range(0, 100).Select(offset => (long)offset)]).Count());
    }

    [Fact]
    public void A_year_of_trickle_leaves_a_bounded_number_of_extents()
    {
        using var run = new EngineRun(_disk, Options);
        LogStream stream = run.CreateStream();
        for (int day = 0; day < 365; day++)
        {
            run.Append(stream, $"day {day}");
            run.Commit();
            FlushAll(run);
        }

        (PackExtent[] extents, _) = stream.Index.Copy();
        Assert.InRange(extents.Length, 1, 3 * 8);
        Assert.InRange(_disk.List("packs").Count, 1, 3 * 8);
        Assert.Equal(Enumerable.Range(0, 365).Select(day => $"day {day}"), run.Read(stream, [.. Enumerable.Range(0, 365).Select(day => (long)day)]));
    }

    [Fact]
    public void One_message_that_nobody_acknowledges_costs_its_own_bytes()
    {
        using var run = new EngineRun(_disk, Options);
        LogStream stream = run.CreateStream();
        long straggler = 0;
        for (int round = 0; round < 40; round++)
        {
            long first = stream.Next;
            for (int i = 0; i < 10; i++)
            {
                run.Append(stream, $"{stream.Next} {new string('x', 3_000)}");
            }

            run.Commit();
            FlushAll(run);
            straggler = first + 5;
            run.Release(stream, Enumerable.Range((int)first, 10).Select(offset => (long)offset).Where(offset => offset != straggler));
            run.Commit();
            run.Engine.Maintain();
        }

        FlushAll(run);
        while (Writes(run.Engine.Maintain) > 0)
        {
        }

        (PackExtent[] extents, _) = stream.Index.Copy();
        long packed = _disk.List("packs").Sum(name => LengthOf("packs/" + name));
        Assert.Equal(40, stream.LiveCount);
        Assert.InRange(packed, 40 * 3_000, 2 * 40 * 3_200);
        Assert.InRange(extents.Length, 1, 24);
        Assert.Equal([$"{straggler} {new string('x', 3_000)}"], run.Read(stream, straggler));
        Assert.Equal(StoredRecordState.Missing, run.StateOf(stream, straggler - 1));
    }

    [Fact]
    public void A_start_merges_what_the_run_before_has_left_although_nothing_new_is_written()
    {
        var run = new EngineRun(_disk, Options);
        LogStream stream = run.CreateStream();
        for (int i = 0; i < 100; i++)
        {
            run.Append(stream, new string('x', 9_000));
            run.Commit();
            run.Engine.Maintain();
        }

        run.Engine.Maintain(force: true);
        run.Release(stream, Enumerable.Range(0, 99).Select(offset => (long)offset));
        run.Commit();
        run.Kill();
        using var again = new EngineRun(_disk, Options);
        long packed = _disk.List("packs").Sum(name => LengthOf("packs/" + name));
        for (int turn = 0; turn < 10; turn++)
        {
            again.Engine.Maintain();
        }

        Assert.InRange(_disk.List("packs").Sum(name => LengthOf("packs/" + name)), 0, packed / 2);
    }

    [Fact]
    public void Stragglers_of_many_streams_share_packs()
    {
        using var run = new EngineRun(_disk, Options);
        for (int round = 0; round < 60; round++)
        {
            LogStream stream = run.CreateStream();
            run.Append(stream, $"straggler {round}");
            run.Commit();
            FlushAll(run);
        }

        Assert.InRange(_disk.List("packs").Count, 1, 16);
        foreach (LogStream stream in run.Machine.Streams.Values.Where(stream => stream.LiveCount > 0))
        {
            Assert.StartsWith("straggler", Assert.Single(run.Read(stream, 0)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Copying_forward_keeps_offsets_times_and_bytes()
    {
        using var run = new EngineRun(_disk, Options);
        LogStream stream = run.CreateStream();
        for (int i = 0; i < 64; i++)
        {
            run.Append(stream, $"{i} {new string('x', 500)}", EngineRun.Time + i, out _);
        }

        run.Commit();
        FlushAll(run);
        run.Release(stream, Enumerable.Range(0, 64).Select(offset => (long)offset).Where(offset => offset % 16 != 3));
        run.Commit();
        run.Engine.Maintain(force: true);
        run.Engine.Maintain(force: true);

        using RecordSet records = run.Engine.Read(stream, [3, 19, 35, 51]);
        for (int i = 0; i < 4; i++)
        {
            long offset = 3 + (16 * i);
            Assert.Equal((StoredRecordState.Present, offset, EngineRun.Time + offset), (records[i].State, records[i].Offset, records[i].TimestampMs));
            Assert.Equal(EngineRun.BodyOf($"{offset} {new string('x', 500)}"), records[i].Body.ToArray());
        }

        Assert.Equal(StoredRecordState.Missing, run.StateOf(stream, 4));
    }

    [Fact]
    public void A_merge_reads_sound_blocks_once()
    {
        var hooked = new HookedDisk(_disk);
        using var run = new EngineRun(_disk, Options, hooked);
        LogStream stream = run.CreateStream();
        AppendRounds(run, stream, rounds: 3);
        long packed = _disk.List("packs").Sum(name => LengthOf("packs/" + name));
        run.Release(stream, Enumerable.Range(0, 30).Select(offset => (long)offset).Where(offset => offset % 10 > 3));
        run.Commit();
        long read = 0;
        hooked.OnRead = (name, _, bytes) => read += name.StartsWith("packs/", StringComparison.Ordinal) ? bytes : 0;
        run.Engine.Maintain();

        Assert.InRange(read, packed / 2, packed);
        Assert.Equal("23", Assert.Single(run.Read(stream, 23))[..2]);
    }

    [Fact]
    public void Draining_a_backlog_takes_no_checkpoint_for_each_dead_pack()
    {
        using var run = new EngineRun(_disk, Options);
        LogStream stream = run.CreateStream();
        AppendRounds(run, stream, rounds: 24);
        int packs = _disk.List("packs").Count;
        int checkpoints = 0;
        _disk.Observe((call, name) => checkpoints += call == SimCall.Rename && name.StartsWith("checkpoints/", StringComparison.Ordinal) ? 1 : 0);
        for (int first = 0; first < 200; first += 10)
        {
            run.Release(stream, Enumerable.Range(first, 10).Select(offset => (long)offset));
            run.Commit();
            run.Engine.Maintain();
        }

        // 600 KB are dead: one checkpoint for each four packs of 128 KiB, and no more.
        Assert.Equal(1, checkpoints);
        Assert.InRange(_disk.List("packs").Count, 1, packs - 10);
    }

    [Fact]
    public void On_a_nearly_full_disk_a_dead_pack_gives_its_space_back_at_once()
    {
        using var run = new EngineRun(_disk, Options with { DiskReserveBytes = 1 << 20 });
        LogStream stream = run.CreateStream();
        AppendRounds(run, stream, rounds: 3);
        run.Release(stream, Enumerable.Range(0, 10).Select(offset => (long)offset));
        run.Commit();
        int packs = _disk.List("packs").Count;
        run.Engine.Maintain();
        Assert.Equal(packs, _disk.List("packs").Count);

        _disk.CapacityBytes -= _disk.FreeBytes() - (1 << 19);
        run.Release(stream, Enumerable.Range(10, 10).Select(offset => (long)offset));
        run.Commit();
        run.Engine.Maintain();
        Assert.Equal(packs - 2, _disk.List("packs").Count);
    }

    // Ten records of 3 KB a round, one pack a round.
    private static void AppendRounds(EngineRun run, LogStream stream, int rounds)
    {
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < 10; i++)
            {
                run.Append(stream, $"{stream.Next} {new string('x', 3_000)}");
            }

            run.Commit();
            FlushAll(run);
        }
    }

    // The journal's current slot is not flushed: fills it, so that everything before it is.
    private static void FlushAll(EngineRun run)
    {
        run.State(run.Engine.System, new string('f', 20_000));
        run.Commit();
        run.State(run.Engine.System, new string('f', 20_000));
        run.Commit();
        run.Machine.Entries.Remove(0);
        run.Engine.Maintain(force: true);
    }

    private void AssertAtRest(EngineRun run)
    {
        for (int turn = 0; Writes(run.Engine.Maintain) > 0; turn++)
        {
            Assert.InRange(turn, 0, 20);
        }

        // Something new must not wake up what is done.
        run.State(run.Engine.System, "new");
        run.Commit();
        Assert.Equal(0, Writes(run.Engine.Maintain));
    }

    private long Writes(Action<bool> maintain)
    {
        long before = _disk.DurableCalls;
        maintain(false);
        return _disk.DurableCalls - before;
    }

    private long LengthOf(string name)
    {
        using var file = _disk.Open(name, create: false);
        return file.Length;
    }
}
