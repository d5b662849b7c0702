using Messaging.TestKit;
using Xunit;

namespace Messaging.Storage.Tests;

public sealed class LogEngineTests
{
    private static readonly LogEngineOptions Small = EngineRun.Small;

    private readonly SimDisk _disk = new(1);

    [Fact]
    public void A_record_is_read_back_after_its_commit()
    {
        using var run = new EngineRun(_disk, Small);
        LogStream stream = run.CreateStream();
        long first = run.Append(stream, "one");
        long second = run.Append(stream, "two");
        run.Commit();

        Assert.Equal((0L, 1L), (first, second));
        Assert.Equal(["one", "two"], run.Read(stream, 0, 1));
    }

    [Fact]
    public void Records_state_and_streams_survive_a_crash()
    {
        long id;
        using (var run = new EngineRun(_disk, Small))
        {
            LogStream stream = run.CreateStream();
            id = stream.Id;
            run.Append(stream, "one");
            run.State(stream, "hello");
            run.Append(stream, "two");
            run.State(stream, "release 0");
            run.Commit();
            run.Crash(new Random(3));
        }

        using var again = new EngineRun(_disk, Small);
        LogStream found = again.Machine.Streams[id];
        Assert.Equal((1L, 2L), (found.Low, found.Next));
        Assert.Equal(["hello", "release 0"], again.Machine.Entries[id]);
        Assert.Equal(["two"], again.Read(found, 1));
    }

    [Fact]
    public void What_was_not_synced_may_vanish_and_the_rest_stays()
    {
        long id;
        using (var run = new EngineRun(_disk, Small))
        {
            LogStream stream = run.CreateStream();
            id = stream.Id;
            run.Append(stream, "kept");
            run.Commit();
            run.Append(stream, "never written");
            run.Crash(new Random(3));
        }

        using var again = new EngineRun(_disk, Small);
        Assert.Equal(1, again.Machine.Streams[id].Next);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_backlog_larger_than_the_ring_moves_into_packs_and_survives_restarts(int seed)
    {
        var random = new Random(seed);
        var expected = new Dictionary<long, Dictionary<long, string>>();
        for (int round = 0; round < 6; round++)
        {
            using var run = new EngineRun(_disk, Small);
            while (run.Machine.Streams.Count(stream => stream.Key != 0) < 5)
            {
                LogStream created = run.CreateStream();
                run.State(created, "born");
                run.Machine.Streams[created.Id] = created;
                expected[created.Id] = [];
            }

            run.Commit();
            Verify(run, expected);
            for (int i = 0; i < 600; i++)
            {
                LogStream stream = run.Machine.Streams[expected.Keys.ElementAt(random.Next(expected.Count))];
                string body = new('x', random.Next(2000));
                expected[stream.Id][run.Append(stream, body)] = body;
                if (random.Next(3) == 0)
                {
                    long offset = expected[stream.Id].Keys.ElementAt(random.Next(expected[stream.Id].Count));
                    run.State(stream, $"release {offset}");
                    run.Machine.Add(stream, $"release {offset}");
                    expected[stream.Id].Remove(offset);
                }

                if (random.Next(4) == 0)
                {
                    run.Commit();
                    run.Engine.Maintain();
                }
            }

            run.Commit();
            Verify(run, expected);
            if (round % 2 == 0)
            {
                run.Crash(random);
            }
        }

        Assert.NotEmpty(_disk.List("packs"));
        Assert.True(_disk.List("journal").Count <= Small.JournalSlots);
    }

    private static void Verify(EngineRun run, Dictionary<long, Dictionary<long, string>> expected)
    {
        foreach ((long id, Dictionary<long, string> records) in expected)
        {
            LogStream stream = run.Machine.Streams[id];
            Assert.Equal(records.Count, stream.LiveCount);
            long[] offsets = [.. records.Keys.Order()];
            Assert.Equal(offsets.Select(offset => records[offset]), run.Read(stream, offsets));
        }
    }
}
