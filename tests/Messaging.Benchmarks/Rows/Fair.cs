using Messaging.Benchmarks.InProcess;
using Messaging.Benchmarks.Measuring;
using static System.FormattableString;

namespace Messaging.Benchmarks.Rows;

/// <summary>
/// One standard queue in process, a thousand groups, of which one sends 99 % of the load and has a backlog (<see cref="FairLoad"/>): the p99 of the wait of the other groups'
/// messages, against a run in which the noisy group sends nothing. For information also as many messages of all groups alike, which is what busy workers cost whoever is
/// fair; and the noisy run without groups, where all wait behind the backlog.
/// </summary>
internal sealed class Fair : IRow
{
    // A hundredth of the load is little: a p99 needs that many runs' worth of messages.
    private const int Lengthened = 4;

    public string Name => "fair";

    public string Summary => "p99 wait of 999 groups beside one with 99 % of the load and a backlog, against the 999 alone";

    public async IAsyncEnumerable<RowResult> RunAsync(RunOptions options, DataFolder data)
    {
        await using FairLoad load = await FairLoad.OpenAsync(data.New("fair"));
        double seconds = options.Seconds * Lengthened;
        Paired grouped = await Paired.RunAsync(
            options.Pairs, ("others beside the noisy one", run => load.RunAsync(FairMix.Noisy, run)), ("others alone", run => load.RunAsync(FairMix.QuietAlone, run)), seconds);
        yield return P99(grouped, Name, Goal.AtMost(3, 1.5)) with
        {
            Notes =
            [
                Invariant($"{FairLoad.Workers} workers do {load.Capacity:N0} messages/s; {FairLoad.Utilization * load.Capacity:N0} a second came for {seconds} s, {grouped.Ours.Average(sample => sample.Latencies.Count):N0} of them of other groups"),
                Invariant($"when a run had ended, at least {load.BacklogLeftMin:N0} messages of the noisy group were still ready"),
            ],
        };
        yield return await InformAsync("even", "others, all groups alike", FairMix.Even);
        yield return await InformAsync("plain", "others beside it, without groups", FairMix.NoisyWithoutGroups);

        async Task<RowResult> InformAsync(string name, string side, FairMix mix) => P99(
            await Paired.RunAsync(1, (side, run => load.RunAsync(mix, run)), ("others alone", run => load.RunAsync(FairMix.QuietAlone, run)), seconds), $"{Name}/{name}", Goal.None);
    }

    private static RowResult P99(Paired paired, string name, Goal goal) => paired.Ratio(name, goal, "us of p99", sample => sample.Latencies.At(0.99));
}
