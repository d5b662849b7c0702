using Messaging.TestKit;

namespace Messaging.Storage.Tests;

/// <summary>Damage in sealed files (engine.md section 9): an error for those offsets, an alarm once, everything else served, never a skip.</summary>
public sealed class QuarantineTests
{
    private readonly SimDisk _disk = new(1);

    [Fact]
    public void A_damaged_block_of_a_pack_answers_damaged_and_the_rest_is_served()
    {
        using var run = new EngineRun(_disk, EngineRun.Small);
        LogStream stream = FillPack(run, records: 12);
        string pack = "packs/" + Assert.Single(_disk.List("packs"));
        _disk.FlipBit(pack, 200, 3);
        run.Kill();

        using var again = new EngineRun(_disk, EngineRun.Small);
        LogStream found = again.Machine.Streams[stream.Id];
        StoredRecordState[] states = [.. Enumerable.Range(0, 12).Select(offset => again.StateOf(found, offset))];
        Assert.Equal(StoredRecordState.Damaged, states[0]);
        Assert.Equal(StoredRecordState.Present, states[11]);
        Assert.DoesNotContain(StoredRecordState.Missing, states);
        Assert.Equal(1, again.Engine.QuarantinedBlocks);
        Assert.Single(again.Log.Lines, line => line.StartsWith("Critical", StringComparison.Ordinal) && line.Contains(pack, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(-40)]
    public void A_pack_whose_header_footer_or_index_is_damaged_answers_damaged_and_never_throws(int position)
    {
        using var run = new EngineRun(_disk, EngineRun.Small);
        LogStream stream = FillPack(run, records: 12);
        run.Append(stream, "in the tail");
        run.Commit();
        string pack = "packs/" + Assert.Single(_disk.List("packs"));
        _disk.FlipBit(pack, position < 0 ? LengthOf(pack) + position : position, 3);
        run.Kill();

        using var again = new EngineRun(_disk, EngineRun.Small);
        LogStream found = again.Machine.Streams[stream.Id];
        Assert.Equal(StoredRecordState.Damaged, again.StateOf(found, 0));
        Assert.Equal(StoredRecordState.Damaged, again.StateOf(found, 11));
        Assert.Equal(["in the tail"], again.Read(found, 12));
        Assert.Equal(1, again.Engine.QuarantinedBlocks);
        Assert.Single(again.Log.Lines, line => line.StartsWith("Critical", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(200, false)]
    [InlineData(-40, false)]
    public void Maintenance_leaves_a_damaged_pack_where_it_is_and_goes_on(int position, bool isCached)
    {
        var first = new EngineRun(_disk, EngineRun.Small);
        long id = FillPack(first, records: 12).Id;
        string pack = "packs/" + Assert.Single(_disk.List("packs"));
        first.Kill();
        using var run = new EngineRun(_disk, EngineRun.Small);
        LogStream stream = run.Machine.Streams[id];
        if (isCached)
        {
            // The block is in the cache of readers, and rots on the disk.
            run.Read(stream, 0, 11);
        }

        _disk.FlipBit(pack, position < 0 ? LengthOf(pack) + position : position, 3);
        run.Release(stream, Enumerable.Range(1, 10).Select(offset => (long)offset));
        for (int turn = 0; turn < 3; turn++)
        {
            run.Append(stream, "goes on");
            run.Commit();
            run.Engine.Maintain(force: true);
        }

        Assert.Null(run.Fatal);
        Assert.True(_disk.Exists(pack));
        Assert.NotEqual(0, run.Engine.QuarantinedBlocks);

        // What is dead goes, damaged or not.
        run.Release(stream, 0, 11);
        run.Commit();
        run.Engine.Maintain(force: true);
        run.Engine.Maintain(force: true);
        Assert.False(_disk.Exists(pack));
    }

    [Fact]
    public void A_read_error_answers_damaged_like_a_wrong_checksum()
    {
        using var run = new EngineRun(_disk, EngineRun.Small);
        LogStream stream = FillPack(run, records: 12);
        string pack = "packs/" + Assert.Single(_disk.List("packs"));
        _disk.FailReads(pack, 100, 101);
        run.Kill();

        using var again = new EngineRun(_disk, EngineRun.Small);
        LogStream found = again.Machine.Streams[stream.Id];
        Assert.Equal(StoredRecordState.Damaged, again.StateOf(found, 0));
        Assert.Equal(StoredRecordState.Present, again.StateOf(found, 11));
        Assert.Single(again.Log.Lines, line => line.StartsWith("Critical", StringComparison.Ordinal));
    }

    [Fact]
    public void A_pack_that_can_not_be_opened_for_want_of_descriptors_is_read_by_the_next_one()
    {
        using var first = new EngineRun(_disk, EngineRun.Small);
        long id = FillPack(first, records: 12).Id;
        first.Kill();
        var hooked = new HookedDisk(_disk);
        using var run = new EngineRun(_disk, EngineRun.Small, hooked);
        LogStream stream = run.Machine.Streams[id];
        hooked.OnOpen = OutOfDescriptors;
        Assert.Equal(StoredRecordState.Unreadable, run.StateOf(stream, 0));
        Assert.Equal(0, run.Engine.QuarantinedBlocks);

        hooked.OnOpen = null;
        Assert.Equal(StoredRecordState.Present, run.StateOf(stream, 0));

        hooked.OnRead = (name, _, _) => OutOfDescriptors(name);
        Assert.Equal(StoredRecordState.Unreadable, run.StateOf(stream, 11));
        hooked.OnRead = null;
        Assert.Equal(StoredRecordState.Present, run.StateOf(stream, 11));
        Assert.DoesNotContain(run.Log.Lines, line => line.StartsWith("Critical", StringComparison.Ordinal));
    }

    [Fact]
    public void Maintenance_without_descriptors_waits_and_takes_nothing_for_damage()
    {
        var hooked = new HookedDisk(_disk);
        using var run = new EngineRun(_disk, EngineRun.Small, hooked);
        LogStream stream = FillPack(run, records: 12);
        run.Release(stream, Enumerable.Range(1, 10).Select(offset => (long)offset));
        for (int turn = 0; turn < 3; turn++)
        {
            run.Append(stream, "goes on");
            run.Commit();
            hooked.OnOpen = OutOfDescriptors;
            run.Engine.Maintain(force: true);
            hooked.OnOpen = null;
            hooked.OnRead = (name, _, _) => OutOfDescriptors(name);
            run.Engine.Maintain(force: true);
            hooked.OnRead = null;
        }

        Assert.Null(run.Fatal);
        Assert.Equal(0, run.Engine.QuarantinedBlocks);
        run.Engine.Maintain(force: true);
        Assert.Equal(["0 x", "11 "], run.Read(stream, 0, 11).Select(text => text[..3]));
    }

    [Fact]
    public void A_pack_that_is_gone_leaves_quarantine()
    {
        using var run = new EngineRun(_disk, EngineRun.Small);
        LogStream stream = FillPack(run, records: 12);
        _disk.FlipBit("packs/" + Assert.Single(_disk.List("packs")), 200, 3);
        Assert.Equal(StoredRecordState.Damaged, run.StateOf(stream, 0));
        run.Engine.Maintain(force: true);
        Assert.Equal(1, run.Engine.QuarantinedBlocks);

        run.Release(stream, Enumerable.Range(0, 12).Select(offset => (long)offset));
        run.Commit();
        run.Engine.Maintain(force: true);
        Assert.Equal(0, run.Engine.QuarantinedBlocks);
    }

    [Fact]
    public void A_damaged_batch_of_the_journal_stays_alone_and_the_ring_goes_round_without_it()
    {
        using var run = new EngineRun(_disk, EngineRun.Small);
        LogStream stream = run.CreateStream();
        run.Append(stream, $"damaged {new string('x', 3_000)}");
        run.Commit();

        // After the entry of the stream's creation: inside the record.
        _disk.FlipBit("journal/J-0000.jnl", 2_000, 3);
        for (int i = 1; i < 100; i++)
        {
            run.Append(stream, $"{i} {new string('x', 12_000)}");
            run.Commit();
            run.Engine.Maintain();
            Assert.True(run.HasRoom);
        }

        Assert.Null(run.Fatal);
        Judge(run, stream);
        Assert.Single(run.Log.Lines, line => line.StartsWith("Critical", StringComparison.Ordinal) && line.Contains("J-0000", StringComparison.Ordinal));
        Assert.InRange(_disk.List("journal").Count, 1, EngineRun.Small.JournalSlots + 1);
        Assert.Equal(0, stream.FirstNotOlderThan(EngineRun.Time));
        Assert.Equal(stream.Next, stream.FirstNotOlderThan(EngineRun.Time + 1));
        run.Kill();

        using var again = new EngineRun(_disk, EngineRun.Small);
        LogStream found = again.Machine.Streams[stream.Id];
        Judge(again, found);

        // When the damaged record is dead its slot goes back into the ring.
        again.Release(found, 0);
        again.Commit();
        again.Engine.Maintain(force: true);
        Assert.Equal(StoredRecordState.Missing, again.StateOf(found, 0));
        Assert.Equal(0, again.Engine.QuarantinedBlocks);
    }

    private static void OutOfDescriptors(string name)
    {
        if (name.StartsWith("packs/", StringComparison.Ordinal))
        {
            throw new StorageFaultException(StorageFault.Exhausted, $"open of '{name}' failed: errno 24 (Too many open files)");
        }
    }

    private static void Judge(EngineRun run, LogStream stream)
    {
        Assert.Equal(StoredRecordState.Damaged, run.StateOf(stream, 0));
        for (int i = 1; i < 100; i++)
        {
            Assert.StartsWith($"{i} ", Assert.Single(run.Read(stream, i)), StringComparison.Ordinal);
        }
    }

    private static LogStream FillPack(EngineRun run, int records)
    {
        LogStream stream = run.CreateStream();
        for (int i = 0; i < records; i++)
        {
            run.Append(stream, $"{i} {new string('x', 12_000)}");
            run.Commit();
        }

        // The journal's current slot is never flushed: what stands there goes with the next one.
        LogStream other = run.CreateStream();
        for (int i = 0; i < 6; i++)
        {
            run.Append(other, new string('y', 12_000));
            run.Commit();
        }

        run.Drop(other);
        run.Commit();
        run.Engine.Maintain(force: true);
        return stream;
    }

    private long LengthOf(string name)
    {
        using var file = _disk.Open(name, create: false);
        return file.Length;
    }
}
