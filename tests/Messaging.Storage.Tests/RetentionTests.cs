using Messaging.Storage.Packs;
using Messaging.TestKit;

namespace Messaging.Storage.Tests;

/// <summary>Looking up where retention may cut: by time and by size, as near as the index knows without reading; and where a time begins.</summary>
public sealed class RetentionTests
{
    private readonly SimDisk _disk = new(1);

    [Fact]
    public void Everything_below_the_answer_is_older_in_the_tail_and_in_packs()
    {
        using var run = new EngineRun(_disk, EngineRun.Small);
        LogStream stream = run.CreateStream();
        for (int i = 0; i < 40; i++)
        {
            run.Append(stream, $"{i} {new string('x', 6_000)}", EngineRun.Time + (i * 1_000), out _);
            run.Commit();
            if (i % 10 == 9)
            {
                run.Engine.Maintain(force: true);
            }
        }

        Assert.NotEmpty(_disk.List("packs"));
        for (int i = 0; i <= 40; i++)
        {
            // Times are 1,000 apart, so the records older than this one are those below it.
            Assert.InRange(stream.FirstNotOlderThan(EngineRun.Time + (i * 1_000)), 0, i);
        }

        Assert.Equal(0, stream.FirstNotOlderThan(EngineRun.Time));
        Assert.Equal(40, stream.FirstNotOlderThan(EngineRun.Time + 40_000));
        Assert.InRange(stream.FirstNotOlderThan(EngineRun.Time + 39_000), 38, 39);
    }

    [Fact]
    public void The_answer_never_falls_below_what_is_released()
    {
        using var run = new EngineRun(_disk, EngineRun.Small);
        LogStream stream = run.CreateStream();
        for (int i = 0; i < 10; i++)
        {
            run.Append(stream, $"{i}", EngineRun.Time + i, out _);
            run.Commit();
        }

        run.Release(stream, Enumerable.Range(0, 5).Select(offset => (long)offset));
        run.Commit();
        Assert.Equal(5, stream.FirstNotOlderThan(EngineRun.Time));
        Assert.Equal(8, stream.FirstNotOlderThan(EngineRun.Time + 8));
    }

    [Fact]
    public void Bytes_from_an_offset_on_are_those_of_all_places_behind_it_and_a_share_of_the_one_around_it()
    {
        using var run = new EngineRun(_disk, EngineRun.Small);
        LogStream stream = run.CreateStream();
        for (int i = 0; i < 40; i++)
        {
            run.Append(stream, $"{i:00} {new string('x', 6_000)}", EngineRun.Time + i, out _);
            run.Commit();
            if (i == 19)
            {
                run.Engine.Maintain(force: true);
            }
        }

        Assert.NotEmpty(_disk.List("packs"));
        Assert.Equal(stream.StoredBytes, stream.StoredBytesFrom(0));
        Assert.Equal(0, stream.StoredBytesFrom(40));
        for (int i = 0; i <= 40; i++)
        {
            Assert.InRange(stream.StoredBytesFrom(i), (stream.StoredBytes * (40L - i) / 40) - 100, (stream.StoredBytes * (40L - i) / 40) + 100);
        }
    }

    [Fact]
    public void A_range_is_released_with_all_that_is_in_it_also_again()
    {
        using var run = new EngineRun(_disk, EngineRun.Small);
        LogStream stream = run.CreateStream();
        for (int i = 0; i < 10; i++)
        {
            run.Append(stream, $"{i}", EngineRun.Time + i, out _);
            run.Commit();
        }

        for (int again = 0; again < 2; again++)
        {
            stream.ReleaseRange(3, 6);
            Assert.Equal([3L, 4, 5], Enumerable.Range(0, 10).Select(offset => (long)offset).Where(stream.IsReleased));
            Assert.Equal((0, 7), (stream.Low, stream.LiveCount));
        }

        stream.ReleaseRange(0, 3);
        Assert.Equal(6, stream.Low);
    }

    [Fact]
    public void Times_never_go_back_within_a_stream()
    {
        using var run = new EngineRun(_disk, EngineRun.Small);
        LogStream stream = run.CreateStream();
        run.Append(stream, "late", EngineRun.Time + 1_000, out _);
        run.Append(stream, "a clock step", EngineRun.Time, out _);
        run.Commit();
        using RecordSet records = run.Engine.Read(stream, [0, 1]);
        Assert.Equal((EngineRun.Time + 1_000, EngineRun.Time + 1_000), (records[0].TimestampMs, records[1].TimestampMs));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Times_that_jump_hide_nothing_from_the_look_ups(bool isInPacks)
    {
        using var run = new EngineRun(_disk, EngineRun.Small);
        LogStream stream = run.CreateStream();
        long[] times = [100, 900, 50, -1, 700, 300];
        foreach (long time in times)
        {
            run.AppendBatch(stream, ProducedBatch.Of([new string('x', 20_000)], times: [time]));
            run.Commit();
            if (isInPacks)
            {
                run.Engine.Maintain(force: true);
            }
        }

        Assert.Equal(isInPacks, stream.Index.Copy().Extents.Length > 0);
        for (long time = -2; time <= 1_000; time++)
        {
            long notOlder = stream.FirstNotOlderThan(time);
            Assert.DoesNotContain(times[..(int)notOlder], older => older >= time);
            int first = Array.FindIndex(times, found => found >= time);
            Assert.Equal(first < 0, stream.FirstAtOrAfter(time) is null);
            Assert.InRange(stream.FirstAtOrAfter(time) ?? 0, 0, Math.Max(0, first));
        }

        if (!isInPacks)
        {
            Assert.Equal((1, 1, 1), (stream.FirstNotOlderThan(101), stream.FirstAtOrAfter(101), stream.FirstAtOrAfter(900)));
        }
    }

    [Fact]
    public void A_look_up_by_time_leaves_out_what_is_released()
    {
        using var run = new EngineRun(_disk, EngineRun.Small);
        LogStream stream = run.CreateStream();
        run.AppendBatch(stream, ProducedBatch.Of(["a", "b", "c"], times: [10, 20, 30]));
        run.AppendBatch(stream, ProducedBatch.Of(["d"], times: [5]));
        run.Commit();
        run.Release(stream, 0);
        Assert.Equal(1, stream.FirstAtOrAfter(30));
        run.Release(stream, 1, 2);
        Assert.Null(stream.FirstAtOrAfter(30));
        Assert.Equal(3, stream.FirstAtOrAfter(1));
    }

    [Fact]
    public void What_is_stored_from_a_cut_by_size_on_is_within_the_bytes()
    {
        using var run = new EngineRun(_disk, EngineRun.Small);
        LogStream stream = run.CreateStream();
        int size = 0;
        for (int i = 0; i < 30; i++)
        {
            byte[] batch = ProducedBatch.Of([new string('x', 6_000), "and"]);
            size = batch.Length;
            run.AppendBatch(stream, batch);
            run.Commit();
            if (i == 19)
            {
                run.Engine.Maintain(force: true);
            }
        }

        int packed = (int)stream.Index.Copy().Extents[^1].EndOffset / 2;
        Assert.InRange(packed, 5, 20);
        Assert.Equal(30 * size, stream.StoredBytes);
        for (int kept = 0; kept < 30 - packed; kept++)
        {
            Assert.Equal((30 - kept) * 2, stream.FirstWithinBytes(kept * size));
            Assert.Equal((30 - kept) * 2, stream.FirstWithinBytes((kept * size) + 1));
        }

        Assert.Equal(packed * 2, stream.FirstWithinBytes((30 - packed) * size));

        Assert.Equal(0, stream.FirstWithinBytes(30 * size));
        Assert.Equal(60, stream.FirstWithinBytes(0));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_released_and_still_stored_does_not_count(bool isPacked)
    {
        using var run = new EngineRun(_disk, EngineRun.Small);
        LogStream stream = run.CreateStream();
        for (int i = 0; i < 30; i++)
        {
            run.AppendBatch(stream, ProducedBatch.Of([new string('x', 1_000), new string('y', 1_000)]));
            run.Commit();
        }

        if (isPacked)
        {
            for (int i = 0; i < 20; i++) run.Append(run.CreateStream(), new string('z', 6_000));
            run.Commit();
            run.Engine.Maintain(force: true);
            Assert.Empty(stream.Index.Copy().Tail);
            _ = stream.Index.Copy().Extents[0].Pack.Blocks;
        }

        long all = stream.StoredBytes;
        run.Release(stream, Enumerable.Range(1, 29).Select(i => 2L * i));
        run.Commit();

        Assert.Equal(all, stream.StoredBytes);
        Assert.Equal(0, stream.FirstWithinBytes((all * 31 / 60) + 1));
        Assert.InRange(stream.FirstWithinBytes(all / 4), isPacked ? 0 : 28, 34);
        Assert.Equal(60, stream.FirstWithinBytes(0));
    }

    [Fact]
    public void A_low_offset_inside_an_extent_moves_no_cut()
    {
        using var run = new EngineRun(_disk, EngineRun.Small);
        LogStream stream = run.CreateStream();
        for (int i = 0; i < 30; i++)
        {
            run.AppendBatch(stream, ProducedBatch.Of([new string('x', 2_000)]));
            run.Commit();
        }

        for (int i = 0; i < 20; i++) run.Append(run.CreateStream(), new string('z', 6_000));
        run.Commit();
        run.Engine.Maintain(force: true);
        PackBlock[] known = Assert.Single(stream.Index.Copy().Extents).Pack.Blocks;
        stream.ReleaseBelow(15);
        long[] wanted = [.. Enumerable.Range(1, 9).Select(tenth => stream.StoredBytes * tenth / 10)];
        long[] before = [.. wanted.Select(stream.FirstWithinBytes)];

        stream.Release(25);

        Assert.All(wanted.Zip(before), cut => Assert.InRange(stream.FirstWithinBytes(cut.First), Math.Max(15, cut.Second - 2), cut.Second));
        GC.KeepAlive(known);
    }

    [Fact]
    public void An_extent_that_straddles_a_cut_by_size_is_cut_between_blocks_that_are_known_and_else_kept()
    {
        var first = new EngineRun(_disk, EngineRun.Small);
        long id = first.CreateStream().Id;
        for (int i = 0; i < 30; i++)
        {
            first.AppendBatch(first.Machine.Streams[id], ProducedBatch.Of([new string('x', 6_000)]));
            first.Commit();
        }

        first.Engine.Maintain(force: true);
        first.Kill();
        using var run = new EngineRun(_disk, EngineRun.Small);
        LogStream stream = run.Machine.Streams[id];
        long bytes = (30 - 8) * (stream.StoredBytes / 30);
        Assert.Equal(0, stream.FirstWithinBytes(bytes));

        PackBlock[] known = stream.Index.Copy().Extents[0].Pack.Blocks;
        Assert.True(known.Length > 2);
        Assert.InRange(stream.FirstWithinBytes(bytes), 8, 13);
        GC.KeepAlive(known);
    }
}
