using Messaging.Simulation.Engine;
using Messaging.Simulation.Harness;
using Xunit.Abstractions;

namespace Messaging.Simulation;

/// <summary>The engine under power cuts, kills, faults, full disks and bit rot, judged by a model (engine.md sections 4, 9 and 10).</summary>
public sealed class EngineSimulationTests(ITestOutputHelper output)
{
    [Fact]
    public void What_was_acknowledged_survives_every_crash_and_nothing_else_appears()
    {
        var sweep = new SimulationSweep("engine simulation", static (random, coverage) => new EngineSubject(random, coverage));
        sweep.Run();
        output.WriteLine($"{sweep.Cycles} cycles in {sweep.Elapsed.TotalSeconds:F1} s, {sweep.Cycles / sweep.Elapsed.TotalMinutes:F0} a minute");
        output.WriteLine(sweep.Coverage.ToString());
        if (sweep.IsWhole)
        {
            Assert.Empty(sweep.Coverage.Missed());
        }
    }

    [Fact]
    public void One_seed_gives_one_run()
    {
        Assert.Equal(DurableCalls(7), DurableCalls(7));
        Assert.NotEqual(DurableCalls(7), DurableCalls(8));
    }

    private static long DurableCalls(int seed)
    {
        var run = new SimulatedRun(seed, static (random, coverage) => new EngineSubject(random, coverage), new SimulationCoverage());
        run.Run();
        return run.DurableCalls;
    }
}
