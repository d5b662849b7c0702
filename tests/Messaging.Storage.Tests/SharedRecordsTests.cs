using Messaging.Storage.Check;
using Messaging.Storage.Journal;
using Messaging.Storage.Records;
using Messaging.Storage.Streams;
using Messaging.TestKit;

namespace Messaging.Storage.Tests;

/// <summary>Records that several streams have and that stand once.</summary>
public sealed class SharedRecordsTests
{
    private readonly SimDisk _disk = new(1);

    [Fact]
    public void Each_stream_has_the_records_at_offsets_of_its_own()
    {
        using var run = new EngineRun(_disk, EngineRun.Small);
        LogStream[] streams = CreateStreams(run, 3);
        run.Append(streams[1], "before");
        Assert.Equal([0, 1, 0], Share(run, streams, "a", "b"));
        Assert.Equal(3, run.Append(streams[1], "behind"));
        Assert.Equal([2, 2], Share(run, [streams[0], streams[2]], "c"));
        run.Commit();

        Assert.Equal(["a", "b", "c"], run.Read(streams[0], 0, 1, 2));
        Assert.Equal(["before", "a", "b", "behind"], run.Read(streams[1], 0, 1, 2, 3));
        Assert.Equal(["c", "a"], run.Read(streams[2], 2, 0));
        Assert.Equal([3, 4, 3], streams.Select(stream => stream.SyncedNext));
        Assert.Equal(StoredRecordState.Missing, run.StateOf(streams[0], 3));
        Assert.Equal(0, run.Engine.QuarantinedBlocks);
    }

    [Fact]
    public void A_record_says_the_offset_of_the_stream_that_was_asked()
    {
        using var run = new EngineRun(_disk, EngineRun.Small);
        LogStream[] streams = CreateStreams(run, 2);
        for (int i = 0; i < 5; i++) run.Append(streams[1], "own");
        Share(run, streams, "a", "b");
        run.Commit();

        using RecordSet first = run.Engine.Read(streams[0], [1]);
        using RecordSet second = run.Engine.Read(streams[1], [6, 5]);
        Assert.Equal((1, 6, 5), (first[0].Offset, second[0].Offset, second[1].Offset));
    }

    [Fact]
    public void The_frame_holds_them_once_however_many_streams_have_them()
    {
        using var run = new EngineRun(_disk, EngineRun.Small);
        LogStream[] streams = CreateStreams(run, 100);
        run.Commit();
        Share(run, streams, new string('x', 10_000));
        run.Commit();

        Assert.Single(streams.Select(stream => Assert.Single(stream.Index.Copy().Tail).Position).Distinct());
        Assert.All(streams, stream => Assert.Equal([new string('x', 10_000)], run.Read(stream, 0)));
    }

    [Fact]
    public void More_streams_than_one_entry_lists_are_several_entries_of_one_command()
    {
        const int count = StorageLimits.SharedStreamsMax + 2;
        var options = EngineRun.Small with { JournalSlotBytes = 1 << 20 };
        var run = new EngineRun(_disk, options);
        LogStream[] streams = CreateStreams(run, count);
        run.Commit();
        Share(run, streams, "to all");
        run.Commit();
        run.Kill();

        using var again = new EngineRun(_disk, options);
        Assert.All(streams, stream => Assert.Equal(["to all"], again.Read(again.Machine.Streams[stream.Id], 0)));
    }

    [Fact]
    public void Their_time_is_the_latest_of_all_streams()
    {
        var run = new EngineRun(_disk, EngineRun.Small);
        LogStream[] streams = CreateStreams(run, 2);
        run.Append(streams[1], "later", EngineRun.Time + 500, out _);
        Share(run, streams, "a");
        run.Commit();
        run.Kill();

        using var again = new EngineRun(_disk, EngineRun.Small);
        Assert.All(streams, stream => Assert.Equal(EngineRun.Time + 500, again.Machine.Streams[stream.Id].LastTimestamp));
        using RecordSet records = again.Engine.Read(again.Machine.Streams[streams[0].Id], [0]);
        Assert.Equal(EngineRun.Time + 500, records[0].TimestampMs);
    }

    [Fact]
    public void Recovery_tells_the_state_machine_of_the_batch_in_each_stream()
    {
        var run = new EngineRun(_disk, EngineRun.Small);
        LogStream[] streams = CreateStreams(run, 2);
        run.Append(streams[1], "own");
        Share(run, streams, "a", "b");
        run.Commit();
        run.Kill();

        using var again = new EngineRun(_disk, EngineRun.Small);
        Assert.Equal(
            [(streams[1].Id, 0L, 0L), (streams[0].Id, 0L, 1L), (streams[1].Id, 1L, 2L)],
            again.Machine.Replayed.Select(replayed => (replayed.StreamId, replayed.Batch.BaseOffset, replayed.Batch.LastOffset)));
        Assert.Equal(["own", "a", "b"], again.Read(again.Machine.Streams[streams[1].Id], 0, 1, 2));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_lives_in_one_stream_is_copied_for_that_one(bool isReadAsBatches)
    {
        var run = new EngineRun(_disk, EngineRun.Small);
        LogStream[] streams = CreateStreams(run, 3);
        run.Append(streams[1], "own");
        for (int i = 0; i < 40; i++)
        {
            Share(run, streams, $"a{i}".PadRight(2_000, '.'), $"b{i}");
            run.Commit();
            run.Engine.Maintain();
        }

        run.Release(streams[0], Enumerable.Range(0, 80).Select(offset => (long)offset));
        run.Release(streams[1], Enumerable.Range(0, 40).Select(index => 1L + (2 * index)));
        run.Commit();
        run.Engine.Maintain(force: true);
        Assert.All(streams[1..], stream => Assert.NotEmpty(stream.Index.Copy().Extents));
        Assert.Equal(0, run.Engine.QuarantinedBlocks);
        run.Kill();
        Assert.Empty(FolderCheck.Run(_disk).Damages);

        using var again = new EngineRun(_disk, EngineRun.Small);
        LogStream second = again.Machine.Streams[streams[1].Id];
        LogStream third = again.Machine.Streams[streams[2].Id];
        if (isReadAsBatches)
        {
            Assert.Equal(Enumerable.Range(0, 80).Select(offset => (long)offset), BatchOffsets(again, third));
            Assert.Equal([0, .. Enumerable.Range(0, 40).Select(index => 2L + (2 * index))], BatchOffsets(again, second));
            return;
        }

        Assert.Equal(["own", "b0", "b39"], again.Read(second, 0, 2, 80));
        Assert.Equal(["a39".PadRight(2_000, '.'), "b39"], again.Read(third, 78, 79));
    }

    [Fact]
    public void A_damaged_batch_is_damaged_in_every_stream_and_told()
    {
        using var run = new EngineRun(_disk, EngineRun.Small);
        LogStream[] streams = CreateStreams(run, 2);
        Share(run, streams, "damaged".PadRight(500, '.'));
        run.Commit();
        TailBatch batch = streams[0].Index.Copy().Tail[0];
        _disk.FlipBit(JournalSlot.NameOf(batch.Slot.Number), batch.Position + 200, 0);

        Assert.Equal(StoredRecordState.Damaged, run.StateOf(streams[0], 0));
        Assert.Equal(StoredRecordState.Damaged, run.StateOf(streams[1], 0));
    }

    private static List<long> BatchOffsets(EngineRun run, LogStream stream)
    {
        var offsets = new List<long>();
        using BatchSet set = run.Engine.ReadBatches(stream, 0, long.MaxValue, int.MaxValue);
        for (int i = 0; i < set.Count; i++)
        {
            var records = new RecordEnumerator(set[i].Bytes.Span);
            while (records.MoveNext())
            {
                long offset = set[i].Header.BaseOffset + records.OffsetDelta;
                if (!stream.IsReleased(offset)) offsets.Add(offset);
            }
        }

        return offsets;
    }

    private static LogStream[] CreateStreams(EngineRun run, int count) => [.. Enumerable.Range(0, count).Select(_ => run.CreateStream())];

    private static long[] Share(EngineRun run, LogStream[] streams, params string[] texts)
    {
        ReadOnlyMemory<byte>[] bodies = [.. texts.Select(text => (ReadOnlyMemory<byte>)EngineRun.BodyOf(text))];
        long[] offsets = new long[streams.Length];
        using Command command = run.Engine.BeginCommand((int)Command.SharedBytes(streams.Length, bodies.Length, bodies.Sum(body => body.Length)));
        command.AppendShared(streams, EngineRun.Time, bodies, offsets);
        _ = command.Commit().AsTask();
        return offsets;
    }
}
