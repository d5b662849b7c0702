using Messaging.Storage.Check;
using Messaging.Storage.Disk;
using Messaging.Storage.Journal;
using Messaging.Storage.Packs;
using Messaging.Storage.Records;
using Messaging.Storage.Streams;
using Messaging.TestKit;

namespace Messaging.Storage.Tests.Maintenance;

/// <summary>Journal files of large batches become packs as they stand.</summary>
public sealed class PromotionTests
{
    private const int SlotBytes = 256 << 10;
    private const int BatchBytes = 40_000;
    private const int BatchesPerSlot = 6;

    // Frames of 32 KiB and more are large.
    private static readonly LogEngineOptions Options = EngineRun.Small with { JournalSlotBytes = SlotBytes, PromotedBatchBytes = 1 << 10, CheckpointBytes = 1 << 30 };
    private readonly SimDisk _disk = new(1);

    [Fact]
    public void What_a_promoted_file_holds_is_written_once_and_read_as_before()
    {
        var first = new EngineRun(_disk, Options);
        LogStream stream = first.CreateStream();
        Dictionary<long, byte[]> sent = Fill(first, stream, 3);
        int slots = _disk.List("journal").Count;
        long written = WrittenWhile(first.Engine.Checkpoint);

        Assert.Equal(3, Promoted().Count());
        Assert.InRange(written, 1, 16 << 10);
        Assert.Equal(slots, _disk.List("journal").Count);
        Assert.All(_disk.List("journal"), name => Assert.Equal(1, _disk.CountNames("journal/" + name)));
        Judge(first, stream, sent);
        Assert.Equal(sent.Values.Sum(batch => (long)batch.Length), stream.StoredBytes);
        first.Dispose();

        Assert.Empty(FolderCheck.Run(_disk).Damages);
        using var second = new EngineRun(_disk, Options);
        Judge(second, second.Machine.Streams[stream.Id], sent);
    }

    [Fact]
    public void Small_batches_and_little_streams_of_the_same_file_are_copied()
    {
        using var run = new EngineRun(_disk, Options);
        LogStream large = run.CreateStream(), small = run.CreateStream(), little = run.CreateStream();
        Dictionary<long, byte[]> sent = Fill(run, large, 1, beside: () => run.Append(small, "small"));
        byte[] one = Batch(2_000);
        long offset = run.AppendBatch(little, one);
        sent = sent.Concat(Fill(run, large, 1)).ToDictionary();
        run.Engine.Checkpoint();

        Assert.Equal(2, Promoted().Count());
        Assert.Single(_disk.List("packs").Select(name => "packs/" + name).Except(Promoted()));
        Assert.Empty(small.Index.Copy().Tail);
        Judge(run, large, sent);
        Judge(run, little, new() { [offset] = one });
        Assert.Equal(["small"], run.Read(small, 3));
    }

    [Fact]
    public void Around_a_promoted_run_what_is_copied_of_the_stream_stays_in_order()
    {
        using var run = new EngineRun(_disk, Options);
        LogStream stream = run.CreateStream();
        Dictionary<long, byte[]> sent = FillSmall(run, stream);
        sent = sent.Concat(Fill(run, stream, 1)).Concat(FillSmall(run, stream)).ToDictionary();
        run.Engine.Checkpoint();

        Assert.Single(Promoted());
        Assert.InRange(stream.Index.Copy().Extents.Length, 2, 5);
        Judge(run, stream, sent);
        run.Release(stream, sent.Keys.Where(offset => offset % 3 == 0));
        run.Commit();
        run.Engine.Checkpoint();
        Assert.All(sent.Keys, offset => Assert.Equal(StoredRecordState.Present, run.StateOf(stream, offset + 1)));
    }

    [Fact]
    public void Files_of_small_frames_and_of_what_an_earlier_process_wrote_are_copied()
    {
        var first = new EngineRun(_disk, Options);
        LogStream stream = first.CreateStream();
        Dictionary<long, byte[]> sent = FillSmall(first, stream);
        first.Engine.Checkpoint();
        Assert.Empty(Promoted());
        sent = sent.Concat(Fill(first, stream, 2)).ToDictionary();
        first.Kill();

        using var second = new EngineRun(_disk, Options);
        stream = second.Machine.Streams[stream.Id];
        sent = sent.Concat(Fill(second, stream, 1)).ToDictionary();
        second.Engine.Checkpoint();
        Assert.InRange(Promoted().Count(), 0, 1);
        Judge(second, stream, sent);
    }

    [Fact]
    public void Where_files_have_one_name_only_all_is_copied()
    {
        using var run = new EngineRun(_disk, Options, new HookedDisk(_disk) { HasLinks = false });
        LogStream stream = run.CreateStream();
        Dictionary<long, byte[]> sent = Fill(run, stream, 2);
        run.Engine.Checkpoint();

        Assert.Empty(Promoted());
        Assert.DoesNotContain(stream.Index.Copy().Tail, batch => batch.BaseOffset < sent.Keys.Max() - (2 * BatchesPerSlot));
        Judge(run, stream, sent);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    public void A_file_with_a_batch_whose_begin_is_damaged_is_copied_but_for_that_batch(int at)
    {
        using var run = new EngineRun(_disk, Options);
        LogStream stream = run.CreateStream();
        Fill(run, stream, 1);
        TailBatch damaged = stream.Index.Copy().Tail[1];
        _disk.FlipBit(JournalSlot.NameOf(damaged.Slot.Number), damaged.Position + at, 3);
        run.Engine.Checkpoint();

        // Where the checksum itself is damaged only a look at all of the batch shows it.
        Assert.Equal(at == 0 ? 0 : 1, Promoted().Count());
        Assert.Equal(StoredRecordState.Damaged, run.StateOf(stream, damaged.BaseOffset));
        Assert.Equal(StoredRecordState.Present, run.StateOf(stream, 0));
        Assert.Equal(StoredRecordState.Present, run.StateOf(stream, damaged.EndOffset));
        Assert.Equal(1, run.Engine.QuarantinedBlocks);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_promoted_file_in_which_a_damaged_small_batch_still_counts_stays_a_pack_over_restarts(bool isClean)
    {
        var first = new EngineRun(_disk, Options);
        LogStream large = first.CreateStream(), small = first.CreateStream();
        first.Append(small, "small");
        Dictionary<long, byte[]> sent = Fill(first, large, 1);
        TailBatch damaged = small.Index.Copy().Tail[0];
        string slot = JournalSlot.NameOf(damaged.Slot.Number);
        _disk.FlipBit(slot, damaged.Position + 40, 3);
        first.Engine.Checkpoint();
        Assert.Single(Promoted());
        Assert.Equal(2, _disk.CountNames(slot));
        if (isClean) first.Dispose();
        else first.Kill();

        using var second = new EngineRun(_disk, Options);
        (large, small) = (second.Machine.Streams[large.Id], second.Machine.Streams[small.Id]);
        Assert.Equal(StoredRecordState.Damaged, second.StateOf(small, 0));
        JudgeBatches(second, large, sent);

        // Its last batch dies: the file leaves the ring, and all slots come to be written again.
        second.Release(small, 0);
        second.Commit();
        second.Engine.Checkpoint();
        Assert.False(_disk.Exists(slot) && _disk.CountNames(slot) > 1);
        sent = sent.Concat(Fill(second, large, 10)).ToDictionary();
        second.Engine.Checkpoint();
        Judge(second, large, sent);
    }

    [Fact]
    public void Without_space_for_what_is_copied_beside_it_a_promotion_is_taken_back()
    {
        using var run = new EngineRun(_disk, Options);
        LogStream large = run.CreateStream();
        Dictionary<long, byte[]> sent = Fill(run, large, 1);
        foreach ((long offset, byte[] batch) in FillSmall(run, large)) sent.Add(offset, batch);
        _disk.FailNext(SimCall.Allocate, StorageFault.DiskFull, name => name.StartsWith("packs/", StringComparison.Ordinal));
        run.Engine.Checkpoint();
        Judge(run, large, sent);
        run.Engine.Checkpoint();

        Assert.Single(Promoted());
        Assert.All(_disk.List("journal"), name => Assert.Equal(1, _disk.CountNames("journal/" + name)));
        Judge(run, large, sent);
    }

    [Fact]
    public void A_promoted_pack_of_which_all_is_dead_goes_and_one_of_which_little_lives_is_copied_forward()
    {
        using var run = new EngineRun(_disk, Options);
        LogStream stream = run.CreateStream();
        Dictionary<long, byte[]> sent = Fill(run, stream, 3);
        run.Engine.Checkpoint();
        string[] packs = [.. Promoted()];
        long[] offsets = [.. sent.Keys.Order()];
        run.Release(stream, offsets[..BatchesPerSlot].SelectMany(offset => new[] { offset, offset + 1 }));
        run.Release(stream, offsets[(BatchesPerSlot + 1)..(2 * BatchesPerSlot)].SelectMany(offset => new[] { offset, offset + 1 }));
        run.Commit();
        run.Engine.Checkpoint();

        Assert.DoesNotContain(packs[0], Promoted());
        Assert.DoesNotContain(packs[1], Promoted());
        Assert.Contains(packs[2], Promoted());
        Judge(run, stream, sent.Where(batch => batch.Key == offsets[BatchesPerSlot] || batch.Key >= offsets[2 * BatchesPerSlot]).ToDictionary());
    }

    [Fact]
    public void Who_reads_a_file_while_it_is_promoted_reads_on()
    {
        var hooked = new HookedDisk(_disk);
        using var run = new EngineRun(_disk, Options, hooked);
        LogStream stream = run.CreateStream();
        Dictionary<long, byte[]> sent = Fill(run, stream, 2);
        string slot = JournalSlot.NameOf(stream.Index.Copy().Tail[0].Slot.Number);
        hooked.OnRead = (name, _, bytes) =>
        {
            if (name == slot && bytes > RecordBatch.HeaderBytes)
            {
                hooked.OnRead = null;
                run.Engine.Checkpoint();
                Assert.False(_disk.Exists(slot) && _disk.CountNames(slot) > 1);
            }
        };
        Judge(run, stream, sent);
        Assert.Null(hooked.OnRead);
        Assert.NotEmpty(Promoted());
    }

    [Theory]
    [InlineData(SimCall.Link)]
    [InlineData(SimCall.Write)]
    [InlineData(SimCall.SetLength)]
    [InlineData(SimCall.DataSync)]
    public void A_promotion_that_fails_is_tried_again(SimCall call)
    {
        using var run = new EngineRun(_disk, Options);
        LogStream stream = run.CreateStream();
        Dictionary<long, byte[]> sent = Fill(run, stream, 2);
        _disk.FailNext(call, StorageFault.Io, 1, "journal/");
        run.Engine.Checkpoint();

        Assert.Null(run.Fatal);
        Assert.Equal(2, Promoted().Count());
        Judge(run, stream, sent);
    }

    [Fact]
    public void A_name_that_can_not_be_deleted_is_deleted_with_the_next_checkpoint()
    {
        using var run = new EngineRun(_disk, Options);
        LogStream stream = run.CreateStream();
        Dictionary<long, byte[]> sent = Fill(run, stream, 1);
        string slot = JournalSlot.NameOf(stream.Index.Copy().Tail[0].Slot.Number);
        _disk.FailNext(SimCall.Delete, StorageFault.Io, 1, slot);
        run.Engine.Checkpoint();
        Assert.Equal(2, _disk.CountNames(slot));

        sent = sent.Concat(Fill(run, stream, 2)).ToDictionary();
        run.Engine.Checkpoint();
        Assert.False(_disk.Exists(slot) && _disk.CountNames(slot) > 1);
        Judge(run, stream, sent);
    }

    [Fact]
    public void Without_space_for_another_file_in_its_place_none_is_promoted()
    {
        using var run = new EngineRun(_disk, Options);
        LogStream stream = run.CreateStream();
        Dictionary<long, byte[]> sent = Fill(run, stream, 2);
        _disk.CapacityBytes = _disk.CapacityBytes - _disk.FreeBytes() + (SlotBytes / 2);
        run.Engine.Checkpoint();

        Assert.Empty(Promoted());
        Judge(run, stream, sent);
        _disk.CapacityBytes = 1 << 30;
        run.Engine.Checkpoint();
        Assert.Equal(2, Promoted().Count());
        Judge(run, stream, sent);
    }

    [Fact]
    public void A_power_cut_in_any_call_of_a_promotion_loses_nothing_and_no_pack_is_written_to()
    {
        for (int cut = 1; ; cut++)
        {
            var disk = new SimDisk(cut);
            var first = new EngineRun(disk, Options);
            LogStream stream = first.CreateStream();
            Dictionary<long, byte[]> sent = Fill(first, stream, 2);
            disk.CrashAt(disk.DurableCalls + cut);
            Exception? end = Record.Exception(first.Engine.Checkpoint);
            if (end is null && first.Fatal is null)
            {
                Assert.True(cut > 20);
                return;
            }

            disk.ClearPlan();
            first.Crash(new Random(cut));
            Assert.Empty(FolderCheck.Run(disk).Damages);
            using var second = new EngineRun(disk, Options);
            stream = second.Machine.Streams[stream.Id];

            // All slots come to be written again.
            sent = sent.Concat(Fill(second, stream, 10)).ToDictionary();
            second.Engine.Checkpoint();
            Judge(second, stream, sent);
            Assert.DoesNotContain(second.Machine.Streams.Values.SelectMany(any => any.Index.Copy().Extents), extent => extent.IsUnreadable);
        }
    }

    [Fact]
    public void A_folder_that_is_a_copy_by_links_of_another_one_opens_and_leaves_the_other_as_it_is()
    {
        var first = new EngineRun(_disk, Options);
        LogStream stream = first.CreateStream();
        Dictionary<long, byte[]> sent = Fill(first, stream, 2);
        first.Dispose();
        _disk.CreateFolder("backup");
        foreach (string name in _disk.List("journal")) Assert.True(_disk.TryLink("journal/" + name, "backup/" + name));

        using var second = new EngineRun(_disk, Options);
        Judge(second, second.Machine.Streams[stream.Id], sent);
        Fill(second, second.Machine.Streams[stream.Id], 10);
    }

    // Its own files' names only: whether the file was one of the journal's, its begin tells.
    private IEnumerable<string> Promoted()
    {
        foreach (string name in _disk.List("packs"))
        {
            using IDiskFile file = _disk.Open("packs/" + name, create: false);
            Assert.True(Pack.TryParseName("packs/" + name, out long id));
            if (PackReader.ReadIndex(file, id, name).WasJournal) yield return "packs/" + name;
        }
    }

    private long WrittenWhile(Action action)
    {
        long before = _disk.CapacityBytes - _disk.FreeBytes();
        action();
        return _disk.CapacityBytes - _disk.FreeBytes() - before - (3L * SlotBytes);
    }

    // So many files, and the next one begun, so that a turn by force empties them.
    private static Dictionary<long, byte[]> Fill(EngineRun run, LogStream stream, int slots, Action? beside = null)
    {
        var sent = new Dictionary<long, byte[]>();
        for (int left = slots; left > 0;)
        {
            JournalSlot? before = stream.Index.Copy().Tail.LastOrDefault().Slot;
            byte[] batch = Batch(BatchBytes);
            sent.Add(run.AppendBatch(stream, batch), batch);
            beside?.Invoke();
            run.Commit();
            JournalSlot now = stream.Index.Copy().Tail[^1].Slot;
            if (before is not null && before != now)
            {
                left--;
                if (left > 0) run.Engine.Maintain();
            }
        }

        return sent;
    }

    private static Dictionary<long, byte[]> FillSmall(EngineRun run, LogStream stream)
    {
        var sent = new Dictionary<long, byte[]>();
        JournalSlot? first = null;
        do
        {
            byte[] batch = Batch(3_000);
            sent.Add(run.AppendBatch(stream, batch), batch);
            run.Commit();
            first ??= stream.Index.Copy().Tail[^1].Slot;
        }
        while (stream.Index.Copy().Tail[^1].Slot == first);

        return sent;
    }

    private static byte[] Batch(int bytes) => ProducedBatch.Of(["first", new string('x', bytes - 100)]);

    private static void Judge(EngineRun run, LogStream stream, Dictionary<long, byte[]> sent)
    {
        JudgeBatches(run, stream, sent);
        Assert.Equal(0, run.Engine.QuarantinedBlocks);
    }

    private static void JudgeBatches(EngineRun run, LogStream stream, Dictionary<long, byte[]> sent)
    {
        using BatchSet stored = run.Engine.ReadBatches(stream, 0, stream.Next, int.MaxValue);
        var found = new Dictionary<long, byte[]>();
        for (int i = 0; i < stored.Count; i++) found.Add(stored[i].Header.BaseOffset, stored[i].Bytes.ToArray());
        foreach ((long offset, byte[] batch) in sent)
        {
            Assert.True(found.TryGetValue(offset, out byte[]? read), $"the batch at {offset} is not there");
            Assert.True(read.AsSpan(RecordBatch.UncheckedBytes).SequenceEqual(batch.AsSpan(RecordBatch.UncheckedBytes)), $"the batch at {offset} is not as it was");
        }
    }
}
