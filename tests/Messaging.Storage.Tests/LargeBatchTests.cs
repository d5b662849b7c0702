using Messaging.Storage.Check;
using Messaging.Storage.Journal;
using Messaging.Storage.Records;
using Messaging.Storage.Streams;
using Messaging.TestKit;

namespace Messaging.Storage.Tests;

/// <summary>Batches that the journal writes from where their senders hold them, and that a flush reads straight into a pack.</summary>
public sealed class LargeBatchTests
{
    private static readonly LogEngineOptions Options = EngineRun.Small with { JournalSlotBytes = 16 << 20, PackBytesTarget = 16 << 20, CheckpointBytes = 1 << 30 };
    private readonly SimDisk _disk = new(1);

    [Fact]
    public void Large_batches_beside_small_ones_stay_as_they_are_in_the_journal_and_in_packs()
    {
        var first = new EngineRun(_disk, Options);
        LogStream stream = first.CreateStream();
        var appended = new Dictionary<long, byte[]>();

        // Around what is gathered, what is read straight into a pack, and what is larger than its buffer.
        foreach (int bytes in (int[])[200, 16_383, 16_384, 20_000, 100_000, (1 << 20) - 4_096, (1 << 20) - 4_095, 3 << 20, 180])
        {
            byte[] batch = Batch(bytes);
            appended.Add(first.AppendBatch(stream, batch), batch);
            first.Append(stream, "between");
            first.State(stream, "state between");
        }

        first.Commit();
        Check(first, stream, appended);
        first.Kill();

        var second = new EngineRun(_disk, Options);
        stream = second.Machine.Streams[stream.Id];
        Check(second, stream, appended);
        Flush(second, stream);
        Check(second, stream, appended);
        second.Dispose();

        Assert.Empty(FolderCheck.Run(_disk).Damages);
        using var third = new EngineRun(_disk, Options);
        Check(third, third.Machine.Streams[stream.Id], appended);
    }

    [Fact]
    public void A_frame_may_hold_more_large_batches_than_one_system_call_takes()
    {
        const int Batches = 600;
        using var run = new EngineRun(_disk, Options);
        LogStream stream = run.CreateStream();
        byte[] batch = Batch(16_384);
        using (Command command = run.Engine.BeginCommand(Batches * Command.BatchBytes(batch.Length)))
        {
            for (int i = 0; i < Batches; i++) Assert.Equal(2L * i, command.AppendBatch(stream, batch));
            _ = command.Commit().AsTask();
        }

        run.Commit();
        Check(run, stream, Enumerable.Range(0, Batches).ToDictionary(i => 2L * i, _ => batch));
    }

    [Fact]
    public void Released_records_of_a_large_batch_are_left_out_of_the_pack()
    {
        using var run = new EngineRun(_disk, Options);
        LogStream stream = run.CreateStream();
        run.AppendBatch(stream, Batch(100_000));
        run.AppendBatch(stream, Batch(50_000));
        run.Release(stream, 0, 3);
        run.Commit();
        Flush(run, stream);

        Assert.Equal(StoredRecordState.Missing, run.StateOf(stream, 0));
        Assert.Equal(StoredRecordState.Present, run.StateOf(stream, 1));
        Assert.Equal(StoredRecordState.Present, run.StateOf(stream, 2));
        Assert.Equal(StoredRecordState.Missing, run.StateOf(stream, 3));
        Assert.InRange(stream.StoredBytes, 100_000, 100_200);
    }

    [Fact]
    public void A_read_tells_whether_it_waited_for_the_disk()
    {
        var hooked = new HookedDisk(_disk) { HasCache = false };
        using var run = new EngineRun(_disk, Options, hooked);
        LogStream stream = run.CreateStream();
        byte[] batch = Batch(20_000);
        run.AppendBatch(stream, batch);
        run.Commit();
        Assert.True(stream.IsInTail(0));
        Assert.False(ReadsDisk());

        Flush(run, stream);
        Assert.False(stream.IsInTail(0));
        Assert.True(stream.IsInTail(2));
        Assert.True(ReadsDisk());
        Check(run, stream, new() { [0] = batch });
        hooked.HasCache = true;
        Assert.False(ReadsDisk());
        Check(run, stream, new() { [0] = batch });

        bool ReadsDisk()
        {
            using BatchSet set = run.Engine.ReadBatches(stream, 0, 2, int.MaxValue);
            return set.ReadsDisk;
        }
    }

    [Fact]
    public void A_flush_of_batches_that_die_meanwhile_leaves_no_pack()
    {
        var hooked = new HookedDisk(_disk);
        using var run = new EngineRun(_disk, Options, hooked);
        LogStream stream = run.CreateStream();
        run.AppendBatch(stream, Batch(20_000));
        run.Commit();
        hooked.OnRead = (_, _, _) =>
        {
            foreach (LogStream any in run.Machine.Streams.Values) any.ReleaseBelow(any.SyncedNext);
        };
        Flush(run, stream);

        Assert.Empty(_disk.List("packs"));
        Assert.Empty(stream.Index.Copy().Extents);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_damaged_large_batch_stays_in_quarantine_and_the_others_move(bool canNotBeRead)
    {
        using var run = new EngineRun(_disk, Options);
        LogStream stream = run.CreateStream();
        for (int i = 0; i < 3; i++) run.AppendBatch(stream, Batch(20_000));
        run.Commit();
        TailBatch damaged = stream.Index.Copy().Tail[1];
        string slot = JournalSlot.NameOf(damaged.Slot.Number);
        if (canNotBeRead) _disk.FailReads(slot, damaged.Position + 100, damaged.Position + 200);
        else _disk.FlipBit(slot, damaged.Position + 10_000, 3);
        Flush(run, stream, kept: 1);

        Assert.Equal(StoredRecordState.Present, run.StateOf(stream, 0));
        Assert.Equal(StoredRecordState.Damaged, run.StateOf(stream, 2));
        Assert.Equal(StoredRecordState.Present, run.StateOf(stream, 4));
        Assert.Equal(1, run.Engine.QuarantinedBlocks);
        Assert.Equal([2L], stream.Index.Copy().Tail.Select(batch => batch.BaseOffset));
    }

    // A turn by force empties all slots but the writer's: so the writer is made to go on in another one.
    private static void Flush(EngineRun run, LogStream stream, int kept = 0)
    {
        LogStream other = run.CreateStream();
        JournalSlot slot = stream.Index.Copy().Tail[0].Slot;
        do
        {
            run.AppendBatch(other, Batch(3 << 20));
            run.Commit();
        }
        while (other.Index.Copy().Tail[^1].Slot == slot);

        run.Engine.Checkpoint();
        Assert.Equal(kept, stream.Index.Copy().Tail.Length);
    }

    // Two records, of which the second has what is left of that many bytes.
    private static byte[] Batch(int bytes)
    {
        string second = new('x', bytes - ProducedBatch.Of([$"{bytes}", ""]).Length);
        byte[] batch = ProducedBatch.Of([$"{bytes}", second]);
        while (batch.Length > bytes)
        {
            second = second[..^(batch.Length - bytes)];
            batch = ProducedBatch.Of([$"{bytes}", second]);
        }

        return batch;
    }

    private static void Check(EngineRun run, LogStream stream, Dictionary<long, byte[]> appended)
    {
        using BatchSet stored = run.Engine.ReadBatches(stream, 0, stream.Next, int.MaxValue);
        var found = new Dictionary<long, byte[]>();
        for (int i = 0; i < stored.Count; i++) found.Add(stored[i].Header.BaseOffset, stored[i].Bytes.ToArray());
        foreach ((long offset, byte[] batch) in appended)
        {
            Assert.Equal(batch.Length, found[offset].Length);
            Assert.True(found[offset].AsSpan(RecordBatch.UncheckedBytes).SequenceEqual(batch.AsSpan(RecordBatch.UncheckedBytes)), $"the batch at {offset} is not as it was");
        }

        Assert.Equal(0, run.Engine.QuarantinedBlocks);
    }
}
