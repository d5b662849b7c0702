using System.Text;
using Messaging.Storage.Disk;
using Messaging.Storage.Records;
using Messaging.TestKit;

namespace Messaging.Storage.Tests;

/// <summary>Reading whole batches: what comes in one answer, byte for byte, from packs and from the journal, and what damage does to it.</summary>
public sealed class BatchSetTests
{
    private readonly SimDisk _disk = new(1);

    [Fact]
    public void Batches_come_back_byte_for_byte_but_for_their_place()
    {
        using var run = new EngineRun(_disk, EngineRun.Small);
        LogStream stream = run.CreateStream();
        byte[][] sent =
        [
            ProducedBatch.Of(["a", "b", "c"], producerId: 5, producerEpoch: 1, baseSequence: 3), ProducedBatch.Compressed("zzz"u8, count: 4),
            ProducedBatch.Of(["d"], offsetDeltas: [2]), ProducedBatch.Of([new string('x', 40_000)]),
        ];
        foreach (byte[] batch in sent)
        {
            run.AppendBatch(stream, batch);
        }

        run.Commit();
        AssertStored(run, stream, sent);
        run.Engine.Maintain(force: true);
        run.AppendBatch(stream, sent[0]);
        run.Commit();
        AssertStored(run, stream, [.. sent, sent[0]]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_answer_begins_with_the_batch_that_holds_the_offset_and_ends_before_the_range_does(bool isInPacks)
    {
        using var run = new EngineRun(_disk, EngineRun.Small);
        LogStream stream = Fill(run, batches: 10, records: 3, isInPacks);

        Assert.Equal([3, 6, 9], BasesOf(run, stream, 4, 10));
        Assert.Equal([3, 6], BasesOf(run, stream, 3, 9));
        Assert.Equal([27], BasesOf(run, stream, 29, long.MaxValue));
        Assert.Empty(BasesOf(run, stream, 30, long.MaxValue));
        Assert.Empty(BasesOf(run, stream, 6, 6));
        Assert.Equal(10, BasesOf(run, stream, 0, long.MaxValue).Length);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void At_least_one_batch_comes_however_large_and_no_more_than_fit(bool isInPacks)
    {
        using var run = new EngineRun(_disk, EngineRun.Small);
        LogStream stream = Fill(run, batches: 10, records: 3, isInPacks);
        int size = SizeOf(run, stream);

        Assert.Equal([0], BasesOf(run, stream, 0, long.MaxValue, bytesMax: 1));
        Assert.Equal([0], BasesOf(run, stream, 0, long.MaxValue, bytesMax: 0));
        Assert.Equal([6], BasesOf(run, stream, 8, long.MaxValue, bytesMax: (2 * size) - 1));
        long[] some = BasesOf(run, stream, 6, long.MaxValue, bytesMax: 3 * size);
        Assert.Equal([6, 9, 12], some);
    }

    [Fact]
    public void What_is_not_synced_is_not_read()
    {
        using var run = new EngineRun(_disk, EngineRun.Small);
        LogStream stream = run.CreateStream();
        run.AppendBatch(stream, ProducedBatch.Of(["a"]));
        run.Commit();
        run.AppendBatch(stream, ProducedBatch.Of(["b"]));

        Assert.Equal([0], BasesOf(run, stream, 0, long.MaxValue));
        Assert.Empty(BasesOf(run, stream, 1, long.MaxValue));
        run.Commit();
        Assert.Equal([1], BasesOf(run, stream, 1, long.MaxValue));
    }

    [Fact]
    public void Where_the_offset_is_gone_the_answer_begins_with_what_comes_next()
    {
        using var run = new EngineRun(_disk, EngineRun.Small);
        LogStream stream = Fill(run, batches: 10, records: 3, isInPacks: false);
        run.Release(stream, Enumerable.Range(6, 6).Select(offset => (long)offset));
        run.Commit();
        run.Engine.Maintain(force: true);

        Assert.Equal([12, 15], BasesOf(run, stream, 6, 16));
        Assert.Equal([3, 12], BasesOf(run, stream, 5, 13));
        run.Drop(stream);
        run.Commit();
        Assert.Empty(BasesOf(run, stream, 0, long.MaxValue));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Damage_ends_an_answer_and_is_told_where_it_comes_first(bool isInPacks)
    {
        using var run = new EngineRun(_disk, EngineRun.Small);
        LogStream stream = Fill(run, batches: 6, records: 1, isInPacks, valueBytes: 8_000);
        if (isInPacks)
        {
            Assert.Single(stream.Index.Copy().Extents);
            _disk.FlipBit("packs/" + Assert.Single(_disk.List("packs")), 8_000 * 4, 3);
        }
        else
        {
            _disk.FlipBit("journal/J-0000.jnl", stream.Index.Copy().Tail[3].Position + 500, 3);
        }

        using BatchSet before = run.Engine.ReadBatches(stream, 0, long.MaxValue, 1 << 20);
        Assert.Equal(isInPacks ? StoredRecordState.Damaged : StoredRecordState.Present, before.State);
        using BatchSet damaged = run.Engine.ReadBatches(stream, 3, long.MaxValue, 1 << 20);
        Assert.Equal((StoredRecordState.Damaged, 0), (damaged.State, damaged.Count));
        Assert.Equal(isInPacks ? (0L, 5L) : (3L, 4L), (damaged.UnreadableFrom, damaged.UnreadableEnd));
        long[] after = BasesOf(run, stream, damaged.UnreadableEnd, long.MaxValue);
        Assert.Equal(isInPacks ? [5] : [4, 5], after);
        Assert.Equal(1, run.Engine.QuarantinedBlocks);
        Assert.Single(run.Log.Lines, line => line.StartsWith("Critical", StringComparison.Ordinal));
        if (!isInPacks)
        {
            Assert.Equal([0L, 1L, 2L], Bases(before));
        }
    }

    [Fact]
    public void A_medium_error_hits_only_the_blocks_that_it_is_in()
    {
        var disk = new HookedDisk(_disk);
        using var run = new EngineRun(_disk, EngineRun.Small, disk);
        LogStream stream = Fill(run, batches: 12, records: 1, isInPacks: true, valueBytes: 20_000);
        disk.OnRead = (name, position, length) =>
        {
            if (name.StartsWith("packs/", StringComparison.Ordinal) && position <= 90_000 && position + length > 90_000)
            {
                throw new StorageFaultException(StorageFault.Io, "The medium fails.");
            }
        };

        long[] before = BasesOf(run, stream, 0, long.MaxValue);
        Assert.Equal([0, 1, 2, 3], before);
        using BatchSet damaged = run.Engine.ReadBatches(stream, 4, long.MaxValue, 1 << 20);
        Assert.Equal((StoredRecordState.Damaged, 4L, 6L), (damaged.State, damaged.UnreadableFrom, damaged.UnreadableEnd));
        Assert.Equal([6, 7, 8, 9, 10, 11], BasesOf(run, stream, 6, long.MaxValue));
        Assert.Equal(1, run.Engine.QuarantinedBlocks);
    }

    [Fact]
    public void Want_of_descriptors_is_told_and_tried_again()
    {
        var disk = new HookedDisk(_disk);
        using var run = new EngineRun(_disk, EngineRun.Small, disk);
        LogStream stream = Fill(run, batches: 3, records: 2, isInPacks: false);
        disk.OnRead = (_, _, _) => throw new StorageFaultException(StorageFault.Exhausted, "No descriptors.");
        using (BatchSet none = run.Engine.ReadBatches(stream, 0, long.MaxValue, 1 << 20))
        {
            Assert.Equal((StoredRecordState.Unreadable, 0L, 2L), (none.State, none.UnreadableFrom, none.UnreadableEnd));
        }

        disk.OnRead = null;
        Assert.Equal([0, 2, 4], BasesOf(run, stream, 0, long.MaxValue));
        Assert.Equal(0, run.Engine.QuarantinedBlocks);
    }

    [Fact]
    public void Neighbouring_blocks_and_batches_are_read_at_once()
    {
        var disk = new HookedDisk(_disk);
        using var run = new EngineRun(_disk, EngineRun.Small, disk);
        LogStream stream = Fill(run, batches: 20, records: 1, isInPacks: true, valueBytes: 9_000);
        Assert.Equal(20, BasesOf(run, stream, 0, long.MaxValue).Length);
        int reads = 0;
        disk.OnRead = (_, _, _) => reads++;

        Assert.Equal(20, BasesOf(run, stream, 0, long.MaxValue).Length);
        Assert.Equal(stream.Index.Copy().Extents.Length, reads);
        disk.OnRead = null;
        for (int i = 0; i < 10; i++)
        {
            run.AppendBatch(stream, ProducedBatch.Of(["fresh"]));
        }

        run.Commit();
        reads = 0;
        disk.OnRead = (_, _, _) => reads++;
        Assert.Equal(10, BasesOf(run, stream, 20, long.MaxValue).Length);
        Assert.Equal(1, reads);
    }

    [Fact]
    public void Released_records_are_left_out_by_who_reads()
    {
        using var run = new EngineRun(_disk, EngineRun.Small);
        LogStream stream = Fill(run, batches: 1, records: 70, isInPacks: false);
        Assert.False(stream.HasReleasedAboveLow);
        run.Release(stream, 2, 3, 65);
        run.Commit();
        Assert.True(stream.HasReleasedAboveLow);

        using BatchSet batches = run.Engine.ReadBatches(stream, 0, long.MaxValue, 1 << 20);
        StoredBatch batch = batches[0];
        var released = new ulong[RecordBatchFilter.WordsOf(batch.Header)];
        run.Engine.CopyReleased(stream, batch.Header.BaseOffset, released);
        byte[] buffer = new byte[batch.Bytes.Length];
        byte[] kept = RecordBatchFilter.KeepLive(batch.Bytes.Span, batch.Header, released, buffer).ToArray();

        Assert.True(RecordBatch.CrcIsValid(kept));
        var records = new RecordEnumerator(kept);
        var deltas = new List<int>();
        while (records.MoveNext())
        {
            deltas.Add(records.OffsetDelta);
        }

        Assert.Equal(Enumerable.Range(0, 70).Except([2, 3, 65]), deltas);
        run.Release(stream, 0, 1);
        Assert.Equal((4L, true), (stream.Low, stream.HasReleasedAboveLow));
        run.Release(stream, Enumerable.Range(4, 61).Select(offset => (long)offset));
        Assert.Equal((66L, false), (stream.Low, stream.HasReleasedAboveLow));
    }

    private static LogStream Fill(EngineRun run, int batches, int records, bool isInPacks, int valueBytes = 50)
    {
        LogStream stream = run.CreateStream();
        for (int i = 0; i < batches; i++)
        {
            run.AppendBatch(stream, ProducedBatch.Of([.. Enumerable.Range(0, records).Select(record => $"{i % 10} {record % 10} ".PadRight(valueBytes, '.'))]));
            run.Commit();
        }

        if (isInPacks)
        {
            run.Engine.Maintain(force: true);
            FillSlot(run);
            run.Engine.Maintain(force: true);
            Assert.Empty(stream.Index.Copy().Tail);
        }

        return stream;
    }

    // The writer's own slot is never flushed: it goes on in another one.
    private static void FillSlot(EngineRun run)
    {
        LogStream other = run.CreateStream();
        for (int i = 0; i < 2; i++)
        {
            run.Append(other, new string('x', 40_000));
            run.Commit();
        }

        run.Engine.Maintain(force: true);
        run.Drop(other);
        run.Commit();
    }

    private static int SizeOf(EngineRun run, LogStream stream)
    {
        using BatchSet first = run.Engine.ReadBatches(stream, 0, 1, 0);
        return first[0].Bytes.Length;
    }

    private static long[] BasesOf(EngineRun run, LogStream stream, long from, long to, int bytesMax = int.MaxValue)
    {
        using BatchSet batches = run.Engine.ReadBatches(stream, from, to, bytesMax);
        Assert.Equal(batches.Count == 0 ? StoredRecordState.Missing : StoredRecordState.Present, batches.State);
        return Bases(batches);
    }

    private static long[] Bases(BatchSet batches) => [.. Enumerable.Range(0, batches.Count).Select(index => batches[index].Header.BaseOffset)];

    private static void AssertStored(EngineRun run, LogStream stream, byte[][] sent)
    {
        using BatchSet stored = run.Engine.ReadBatches(stream, 0, long.MaxValue, int.MaxValue);
        Assert.Equal(sent.Length, stored.Count);
        long next = 0;
        for (int i = 0; i < sent.Length; i++)
        {
            byte[] expected = [.. sent[i]];
            RecordBatch.AssignPlace(expected, next, leaderEpoch: 1);
            Assert.True(stored[i].Bytes.Span.SequenceEqual(expected), Encoding.Latin1.GetString(stored[i].Bytes.Span));
            next = stored[i].Header.LastOffset + 1;
        }

        Assert.Equal(next, stream.SyncedNext);
        Assert.Equal(sent.Sum(batch => (long)batch.Length), stored.Bytes);
    }
}
