using System.Collections.Concurrent;
using System.Globalization;

namespace Messaging.Simulation.Harness;

/// <summary>
/// Runs seeds one after the other on all processors, until the cycles are done or the time is up; the first seed that fails is
/// reported with the way to replay it.
/// </summary>
internal sealed class SimulationSweep(string name, Func<Random, SimulationCoverage, ISimulatedSubject> subject)
{
    /// <summary>Half of the test command's two minutes for simulations, less some room for a busy machine.</summary>
    private static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(45);
    private const int CyclesDefault = 2_000;

    private const string CyclesVariable = "MESSAGING_SIMULATION_CYCLES";
    private const string SeedVariable = "MESSAGING_SIMULATION_SEED";

    private readonly ConcurrentStack<SimulationException> _failures = new();

    public SimulationCoverage Coverage { get; } = new();

    public TimeSpan Elapsed { get; private set; }

    public int Cycles { get; private set; }

    /// <summary>
    /// Whether all default seeds were run, which hit every boundary, always the same ones: on a machine too busy for them nothing is
    /// said about boundaries.
    /// </summary>
    public bool IsWhole => Cycles >= CyclesDefault;

    public void Run()
    {
        long started = TimeProvider.System.GetTimestamp();
        if (Number(SeedVariable) is int only)
        {
            RunSeed(only);
        }
        else
        {
            int? asked = Number(CyclesVariable);
            int seeds = ((asked ?? CyclesDefault) + SimulatedRun.Cycles - 1) / SimulatedRun.Cycles;
            Parallel.For(1, seeds + 1, (seed, loop) =>
            {
                if ((asked is null && TimeProvider.System.GetElapsedTime(started) > TimeMax) || !RunSeed(seed))
                {
                    loop.Stop();
                }
            });
        }

        if (_failures.TryPop(out SimulationException? failure))
        {
            throw failure;
        }

        Elapsed = TimeProvider.System.GetElapsedTime(started);
        Cycles = (int)Coverage.CountOf("cycles");
    }

    private bool RunSeed(int seed)
    {
        var coverage = new SimulationCoverage();
        try
        {
            new SimulatedRun(seed, subject, coverage).Run();
        }
        catch (Exception fault)
        {
            _failures.Push(new SimulationException(
                $"{name}, seed {seed}, cycle {coverage.CountOf("cycles") + 1}: {fault.Message}\nReplay: {SeedVariable}={seed} tests/run.sh simulation", fault));
            return false;
        }

        Coverage.Add(coverage);
        return true;
    }

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
