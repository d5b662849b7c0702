using Messaging.Simulation.Harness;
using Messaging.Simulation.Topics;
using Xunit.Abstractions;

namespace Messaging.Simulation;

/// <summary>Topics under power cuts, kills, faults, full disks, bit rot and clean stops, judged by what clients know (topics.md, engine.md section 10).</summary>
public sealed class TopicSimulationTests(ITestOutputHelper output)
{
    /// <summary>A sweep in which one of these never happens proves nothing about it.</summary>
    private static readonly string[] Needed =
    [
        "Abort that answered OK",
        "batches that were stored before",
        "batches with sequences",
        "beats",
        "calls that ended with the process",
        "Commit that answered OK",
        "Commit that answered TransactionNotOpen",
        "fenced producers that were answered ProducerFenced",
        "fetches out of range",
        "fetches that answered, ReadCommitted",
        "fetches that answered, ReadUncommitted",
        "partitions that were compacted",
        "records published",
        "records published in transactions",
        "topics deleted",
        "topics put",
        "trims",
        "turns of compaction",
    ];

    [Fact]
    public void Every_record_is_kept_over_every_crash()
    {
        var sweep = new SimulationSweep("topic simulation", static (random, coverage) => new TopicSubject(random, coverage));
        sweep.Run();
        output.WriteLine($"{sweep.Cycles} cycles in {sweep.Elapsed.TotalSeconds:F1} s, {sweep.Cycles / sweep.Elapsed.TotalMinutes:F0} a minute");
        output.WriteLine(sweep.Coverage.ToString());
        if (sweep.IsWhole)
        {
            Assert.All(Needed, what => Assert.True(sweep.Coverage.CountOf(what) > 0, what));
        }
    }
}
