using Messaging.TestKit;

namespace Messaging.Storage.Tests;

/// <summary>Looking up where retention may cut: by time, as near as the index knows without reading.</summary>
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
}
