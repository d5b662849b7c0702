using Messaging.Storage.Check;
using Messaging.Storage.Records;
using Messaging.TestKit;

namespace Messaging.Storage.Tests;

/// <summary>Record batches that are appended as their producers made them, beside records that are batched here.</summary>
public sealed class WholeBatchTests
{
    private readonly SimDisk _disk = new(1);

    [Fact]
    public void A_batch_takes_the_offsets_that_its_header_spans_and_joins_nothing()
    {
        using var run = new EngineRun(_disk, EngineRun.Small);
        LogStream stream = run.CreateStream();
        Assert.Equal(0, run.Append(stream, "alone"));
        Assert.Equal(1, run.AppendBatch(stream, ProducedBatch.Of(["a", "b", "c"])));
        Assert.Equal(4, run.Append(stream, "after"));
        Assert.Equal(5, run.AppendBatch(stream, ProducedBatch.Of(["d", "e"], offsetDeltas: [1, 4])));
        Assert.Equal(10, run.AppendBatch(stream, ProducedBatch.Compressed("zzz"u8, count: 7)));
        Assert.Equal(17, run.Append(stream, "last"));
        run.Commit();

        Assert.Equal(["alone", "a", "b", "c", "after", "d", "e", "last"], run.Read(stream, 0, 1, 2, 3, 4, 6, 9, 17));
        Assert.Equal([0, 1, 4, 5, 10, 17], stream.Index.Copy().Tail.Select(batch => batch.BaseOffset));
        Assert.Equal(18, stream.Next);
        Assert.Equal(StoredRecordState.Missing, run.StateOf(stream, 5));
        Assert.Equal(StoredRecordState.Missing, run.StateOf(stream, 12));
        Assert.Equal(0, run.Engine.QuarantinedBlocks);
    }

    [Fact]
    public void The_senders_memory_is_only_read()
    {
        using var run = new EngineRun(_disk, EngineRun.Small);
        LogStream stream = run.CreateStream();
        run.Append(stream, "first");
        byte[] batch = ProducedBatch.Of(["a", "b"]);
        byte[] before = [.. batch];
        run.AppendBatch(stream, batch);
        run.Commit();

        Assert.Equal(before, batch);
    }

    [Fact]
    public void Producers_times_are_kept_and_move_no_clock()
    {
        long far = EngineRun.Time + 1_000_000_000_000;
        var first = new EngineRun(_disk, EngineRun.Small);
        LogStream stream = first.CreateStream();
        first.Append(stream, "ours", EngineRun.Time, out _);
        first.AppendBatch(stream, ProducedBatch.Of(["late", "none"], times: [far, -1]));
        foreach (long time in (long[])[far, 5, -1])
        {
            using Command command = first.Engine.BeginCommand(200);
            command.AppendRecordAt(stream, time, EngineRun.BodyOf($"at {time}"));
            _ = command.Commit().AsTask();
        }

        first.Append(stream, "ours again", EngineRun.Time - 1, out _);
        first.Commit();
        Assert.Equal(EngineRun.Time, stream.LastTimestamp);
        first.Kill();

        using var again = new EngineRun(_disk, EngineRun.Small);
        LogStream found = again.Machine.Streams[stream.Id];
        Assert.Equal(EngineRun.Time, found.LastTimestamp);
        using RecordSet records = again.Engine.Read(found, [0, 1, 2, 3, 4, 5, 6]);
        Assert.Equal(
            [EngineRun.Time, far, -1, far, 5, -1, EngineRun.Time],
            Enumerable.Range(0, records.Count).Select(index => records[index].TimestampMs));
        Assert.Equal([EngineRun.Time, far, far, EngineRun.Time], found.Index.Copy().Tail.Select(batch => batch.MaxTimestamp));
    }

    [Fact]
    public void Every_batch_carries_the_generation_that_appended_it_as_its_leader_epoch()
    {
        var first = new EngineRun(_disk, EngineRun.Small);
        LogStream stream = first.CreateStream();
        first.AppendBatch(stream, ProducedBatch.Of(["a", "b"]));
        first.Append(stream, "c");
        first.Commit();
        first.Kill();

        var second = new EngineRun(_disk, EngineRun.Small);
        Assert.Equal([1, 1], second.Machine.Replayed.Select(replayed => replayed.Batch.LeaderEpoch));
        stream = second.Machine.Streams[stream.Id];
        second.AppendBatch(stream, ProducedBatch.Of(["d", "e"]));
        second.Append(stream, "f");
        second.Release(stream, 3);
        second.Commit();
        second.Engine.Maintain(force: true);
        second.Kill();

        using var third = new EngineRun(_disk, EngineRun.Small);
        Assert.Equal([1, 1, 2, 2], HeadersOf(third, stream.Id).Select(header => header.LeaderEpoch));
    }

    [Fact]
    public void Recovery_tells_the_state_machine_of_each_batch_as_it_stands_in_its_header()
    {
        var first = new EngineRun(_disk, EngineRun.Small);
        LogStream stream = first.CreateStream();
        first.AppendBatch(stream, ProducedBatch.Of(["a", "b"], attributes: RecordBatch.TransactionalFlag, producerId: 77, producerEpoch: 3, baseSequence: 9));
        first.AppendBatch(stream, ProducedBatch.Compressed("zzz"u8, count: 3, RecordCompression.Gzip, offsets: 5));
        first.Commit();
        first.Kill();

        using var again = new EngineRun(_disk, EngineRun.Small);
        (long id, RecordBatchHeader batch) = again.Machine.Replayed[0];
        Assert.Equal((stream.Id, 0L, 1L, 77L, (short)3, 9), (id, batch.BaseOffset, batch.LastOffset, batch.ProducerId, batch.ProducerEpoch, batch.BaseSequence));
        Assert.True(batch.IsTransactional);
        batch = again.Machine.Replayed[1].Batch;
        Assert.Equal((2L, 6L, 3, RecordCompression.Gzip), (batch.BaseOffset, batch.LastOffset, batch.Count, batch.Compression));
        Assert.Equal(7, again.Machine.Streams[stream.Id].Next);
    }

    [Fact]
    public void What_is_synced_is_seen_by_readers_and_told_to_who_watches()
    {
        var first = new EngineRun(_disk, EngineRun.Small);
        LogStream stream = first.CreateStream();
        var watcher = new KeptRises();
        stream.Watcher = watcher;
        first.AppendBatch(stream, ProducedBatch.Of(["a", "b"]), out Task commit);
        first.Append(stream, "c");
        Assert.Equal((3L, 0L), (stream.Next, stream.SyncedNext));
        Assert.Empty(watcher.Seen);
        watcher.IsCompleted = () => commit.IsCompleted;
        first.Commit();

        Assert.Equal([(2, false), (3, false)], watcher.Seen);
        Assert.Equal(3, stream.SyncedNext);
        stream.Watcher = null;
        first.Append(stream, "d");
        first.Commit();
        Assert.Equal(2, watcher.Seen.Count);
        first.Kill();

        using var again = new EngineRun(_disk, EngineRun.Small);
        Assert.Equal((4L, 4L), (again.Machine.Streams[stream.Id].Next, again.Machine.Streams[stream.Id].SyncedNext));
    }

    [Fact]
    public void A_compressed_batch_stays_whole_while_one_of_its_records_lives()
    {
        var first = new EngineRun(_disk, EngineRun.Small);
        LogStream stream = first.CreateStream();
        byte[] dying = ProducedBatch.Compressed("dying"u8, count: 3);
        byte[] living = ProducedBatch.Compressed("living"u8, count: 3);
        first.AppendBatch(stream, living);
        first.AppendBatch(stream, dying);
        first.AppendBatch(stream, living);
        first.Release(stream, 1, 2, 3, 4, 5, 7);
        first.Commit();
        first.Engine.Maintain(force: true);

        Assert.Equal([(0L, 2L), (6L, 8L)], HeadersOf(first, stream.Id).Select(header => (header.BaseOffset, header.LastOffset)));
        Assert.Equal(0, first.Engine.QuarantinedBlocks);
        first.Kill();
        Assert.Empty(FolderCheck.Run(_disk).Damages);
    }

    [Fact]
    public void A_pack_of_compressed_batches_of_which_little_lives_is_not_copied_again_and_again()
    {
        using var run = new EngineRun(_disk, EngineRun.Small);
        LogStream stream = run.CreateStream();
        for (int i = 0; i < 16; i++)
        {
            run.AppendBatch(stream, ProducedBatch.Compressed(new byte[5_000], count: 10));
            run.Commit();
        }

        run.Engine.Maintain(force: true);
        string written = Assert.Single(_disk.List("packs"));
        run.Release(stream, Enumerable.Range(0, 160).Where(offset => offset % 10 > 0).Select(offset => (long)offset));
        run.Commit();
        run.Engine.Maintain();
        string copied = Assert.Single(_disk.List("packs"));
        Assert.NotEqual(written, copied);
        for (int i = 0; i < 5; i++)
        {
            run.State(stream, "more");
            run.Commit();
            run.Engine.Maintain();
        }

        Assert.Equal(copied, Assert.Single(_disk.List("packs")));
        Assert.Equal(16, HeadersOf(run, stream.Id).Count);
    }

    [Fact]
    public void Batches_with_gaps_and_of_any_kind_are_sound_for_the_folder_check()
    {
        var first = new EngineRun(_disk, EngineRun.Small);
        LogStream stream = first.CreateStream();
        AppendKinds(first, stream);
        first.Engine.Maintain(force: true);
        AppendKinds(first, stream);
        first.Release(stream, 1, 3, 9, 15);
        first.Commit();
        first.Kill();
        Assert.Empty(FolderCheck.Run(_disk).Damages);

        using (var again = new EngineRun(_disk, EngineRun.Small))
        {
            again.Engine.Maintain(force: true);
            Assert.Equal(0, again.Engine.QuarantinedBlocks);
            Assert.Equal(2, HeadersOf(again, stream.Id).Count(header => header.IsControl && header.IsTransactional && header.ProducerId == 5));
        }

        CheckReport report = FolderCheck.Run(_disk);
        Assert.Empty(report.Damages);
    }

    private static void AppendKinds(EngineRun run, LogStream stream)
    {
        run.AppendBatch(stream, ProducedBatch.Of(["a", "b"], offsetDeltas: [1, 4]));
        run.AppendBatch(stream, ProducedBatch.Of(["c", "d", "e"], attributes: RecordBatch.TransactionalFlag, producerId: 5, producerEpoch: 1, baseSequence: 0));
        run.AppendBatch(stream, ProducedBatch.Compressed("zzz"u8, count: 2, offsets: 4));
        run.AppendBatch(stream, ProducedBatch.Of(["end"], attributes: RecordBatch.TransactionalFlag | RecordBatch.ControlFlag, producerId: 5, producerEpoch: 1));
        run.Commit();
    }

    // What stands in the index, read batch by batch.
    private static List<RecordBatchHeader> HeadersOf(EngineRun run, long streamId)
    {
        using BatchSet batches = run.Engine.ReadBatches(run.Machine.Streams[streamId], 0, long.MaxValue, int.MaxValue);
        return [.. Enumerable.Range(0, batches.Count).Select(index => batches[index].Header)];
    }

    private sealed class KeptRises : IStreamWatcher
    {
        public List<(long SyncedNext, bool IsCompleted)> Seen { get; } = [];

        public Func<bool>? IsCompleted { get; set; }

        public void Appended(LogStream stream) => Seen.Add((stream.SyncedNext, IsCompleted?.Invoke() ?? true));
    }
}
