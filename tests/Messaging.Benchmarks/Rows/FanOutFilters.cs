using Messaging.Benchmarks.InProcess;
using Messaging.Benchmarks.Measuring;
using static System.FormattableString;

namespace Messaging.Benchmarks.Rows;

/// <summary>
/// The broker in process: publishes of one record of 1 KiB to a topic with 100,000 subscriptions that filter, one of which wants the record, against the same with 10. Each subscription has a queue of its own,
/// and all of them get as much.
/// </summary>
internal sealed class FanOutFilters : IRow
{
    private const int Most = 100_000;
    private const int Few = 10;
    private const int Callers = 16;

    public string Name => "fan-out/filters";

    public string Summary => "publishes to a topic with 100,000 subscriptions that filter, one of which matches, against 10";

    public async IAsyncEnumerable<RowResult> RunAsync(RunOptions options, DataFolder data)
    {
        int most = (int)Math.Min(options.Messages, Most);
        await using FilteredTopic many = await FilteredTopic.OpenAsync(data.New("many"), most, RestSend.BodyBytes);
        await using FilteredTopic few = await FilteredTopic.OpenAsync(data.New("few"), Few, RestSend.BodyBytes);
        Paired paired = await Paired.RunAsync(
            options.Pairs,
            (Invariant($"{most:N0} subscriptions"), seconds => ClosedLoop.RunAsync(Callers, seconds, many.PublishAsync)),
            (Invariant($"{Few} subscriptions"), seconds => ClosedLoop.RunAsync(Callers, seconds, few.PublishAsync)),
            options.Seconds);
        yield return paired.Ratio(Name, Goal.AtLeast(0.5, 0.9), "publishes/s", sample => sample.Rate) with
        {
            Notes = [Invariant($"bytes allocated a publish: {AllocatedOf(paired.Ours):F0}, and {AllocatedOf(paired.Theirs):F0} with {Few}")],
        };
    }

    private static double AllocatedOf(List<Sample> samples) => RowResult.MedianOf([.. samples.Select(sample => sample.AllocatedBytes)]);
}
