namespace Messaging.Benchmarks.Measuring;

/// <summary>
/// Two sides measured in pairs, one right after the other, alternating which goes first: what a noisy machine does to one side it does to
/// the other as well, so the ratio within a pair is steadier than either figure. Unmeasured runs of each side come before.
/// </summary>
internal sealed class Paired
{
    /// <summary>Of each side: a fresh process under load compiles its hot methods anew for about so long.</summary>
    private const double WarmUpSeconds = 6;

    private Paired(string ours, string theirs) => (OursName, TheirsName) = (ours, theirs);

    public string OursName { get; }

    public string TheirsName { get; }

    public List<Sample> Ours { get; } = [];

    public List<Sample> Theirs { get; } = [];

    public static async Task<Paired> RunAsync(int pairs, (string Name, Func<double, Task<Sample>> Run) ours, (string Name, Func<double, Task<Sample>> Run) theirs, double seconds)
    {
        var paired = new Paired(ours.Name, theirs.Name);
        foreach (var run in new[] { ours.Run, theirs.Run, ours.Run, theirs.Run })
        {
            await run(WarmUpSeconds / 2);
        }

        for (int pair = 0; pair < pairs; pair++)
        {
            if (pair % 2 == 0)
            {
                paired.Ours.Add(await ours.Run(seconds));
                paired.Theirs.Add(await theirs.Run(seconds));
            }
            else
            {
                paired.Theirs.Add(await theirs.Run(seconds));
                paired.Ours.Add(await ours.Run(seconds));
            }
        }

        return paired;
    }

    /// <summary>Our figure divided by theirs, pair by pair.</summary>
    public RowResult Ratio(string name, Goal goal, string unit, Func<Sample, double> figure) => new()
    {
        Name = name,
        Goal = goal,
        Values = [.. Ours.Zip(Theirs, (ours, theirs) => figure(ours) / figure(theirs))],
        Sides = [SideOf(OursName, Ours, unit, figure), SideOf(TheirsName, Theirs, unit, figure)],
    };

    private static Side SideOf(string name, List<Sample> samples, string unit, Func<Sample, double> figure)
    {
        var latencies = Latencies.Merged(samples.Select(sample => sample.Latencies));
        return new Side(name, unit, [.. samples.Select(figure)], latencies.At(0.5), latencies.At(0.99));
    }
}
