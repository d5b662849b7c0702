using Messaging.Benchmarks.Measuring;
using Messaging.Benchmarks.Processes;
using static System.FormattableString;

namespace Messaging.Benchmarks.Rows;

/// <summary>
/// A million messages, each scheduled for a time of its own within a year: what they cost in memory, as the row <see cref="Memory"/> measures it. Then on a broker that
/// holds such a million, against one that holds none: the processor time of a scheduled send against that of an ordinary one, 64 callers in process; and that of receiving
/// and acknowledging messages that were scheduled one by one and are due by now against that of ordinary ones, 16 callers, 10 at a time.
/// </summary>
internal sealed class Scheduled : IRow
{
    private const long Messages = 1_000_000;
    private const long DueMessages = 200_000;
    private const int MessageBytes = 100;
    private const long HourMs = 3_600_000L;
    private const long YearMs = 365 * 24 * HourMs;

    // Late enough that none is due before all are sent: what becomes due costs when someone looks, and that is to be measured.
    private const long DueMsMin = 3_000;
    private const long DueMsMax = 5_000;

    public string Name => "scheduled";

    public string Summary => "1 million scheduled messages: memory, and CPU of a scheduled send and of a due message against ordinary ones";

    public async IAsyncEnumerable<RowResult> RunAsync(RunOptions options, DataFolder data)
    {
        string loadAll = $"{BrokerHost.LoadScheduled} {Math.Min(options.Messages, Messages)} {MessageBytes} {HourMs} {YearMs}";
        yield return await Memory.MeasureAsync(Name + "/memory", Goal.AtMost(32, 16), options, data, broker => broker.DoAsync(loadAll));

        using BrokerProcess scheduled = await BrokerProcess.StartAsync(data.New("scheduled"));
        await scheduled.DoAsync($"{BrokerHost.Create} 1");
        await scheduled.DoAsync(loadAll);
        using BrokerProcess ordinary = await BrokerProcess.StartAsync(data.New("ordinary"));
        await ordinary.DoAsync($"{BrokerHost.Create} 1");

        // First what empties its queue again: ordinary messages are the oldest of theirs.
        long due = Math.Min(options.Messages, DueMessages);
        Paired consumed = await Paired.RunAsync(
            options.Pairs,
            ("scheduled and due", _ => ConsumeAsync(scheduled, $"{BrokerHost.LoadScheduled} {due} {MessageBytes} {DueMsMin} {DueMsMax}")),
            ("ordinary", _ => ConsumeAsync(ordinary, $"{BrokerHost.Load} {due} 1 {MessageBytes}")),
            options.Seconds);
        yield return ByCpu(consumed, Name + "/due");
        Paired sent = await Paired.RunAsync(
            options.Pairs,
            ("scheduled", seconds => SendAsync(scheduled, seconds, $"{HourMs} {YearMs}")),
            ("ordinary", seconds => SendAsync(ordinary, seconds, "0 0")),
            options.Seconds);
        yield return ByCpu(sent, Name + "/send");
        await scheduled.EndAsync();
        await ordinary.EndAsync();
    }

    private static RowResult ByCpu(Paired paired, string name) =>
        paired.Ratio(name, Goal.AtMost(2, 1.3), "us/message", sample => sample.CpuMicroseconds) with
        {
            Notes = [Invariant($"messages per second: {RateOf(paired.Ours):N0} against {RateOf(paired.Theirs):N0}")],
        };

    private static double RateOf(List<Sample> samples) => RowResult.MedianOf([.. samples.Select(sample => sample.Rate)]);

    private static async Task<Sample> ConsumeAsync(BrokerProcess broker, string load)
    {
        long messages = await broker.DoAsync(load);
        await Task.Delay(TimeSpan.FromMilliseconds(DueMsMax));
        return await MeasureAsync(broker, $"{BrokerHost.Consume} {messages}", messages);
    }

    private static Task<Sample> SendAsync(BrokerProcess broker, double seconds, string delays) =>
        MeasureAsync(broker, Invariant($"{BrokerHost.Send} {seconds * 1e3:F0} {MessageBytes} {delays}"));

    private static async Task<Sample> MeasureAsync(BrokerProcess broker, string command, long? expected = null)
    {
        double before = broker.CpuSeconds;
        long begun = TimeProvider.System.GetTimestamp();
        long messages = await broker.DoAsync(command);
        double seconds = TimeProvider.System.GetElapsedTime(begun).TotalSeconds;
        if (messages < expected)
        {
            throw new InvalidOperationException($"Of {expected} messages {messages} came.");
        }

        return new Sample(messages / seconds, new Latencies()) { CpuMicroseconds = (broker.CpuSeconds - before) * 1e6 / messages };
    }
}
