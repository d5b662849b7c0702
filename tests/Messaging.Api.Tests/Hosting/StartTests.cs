using Messaging.TestKit.Processes;

namespace Messaging.Api.Tests.Hosting;

/// <summary>How long a start takes. Alone on the machine, as far as the tests can see to that: the others run before.</summary>
[Collection(nameof(StartTests))]
[CollectionDefinition(nameof(StartTests), DisableParallelization = true)]
public sealed class StartTests
{
    /// <summary>The demand; a start takes about a quarter of it on two cores.</summary>
    internal static readonly TimeSpan Demand = TimeSpan.FromSeconds(1);

    private const int Starts = 5;

    [Fact]
    public async Task It_is_ready_within_a_second_of_its_start()
    {
        using var folder = new TemporaryFolder();
        int started = 0;

        Assert.InRange(await MedianAsync(() => new ServerStart(folder[$"data{started++}"])), TimeSpan.Zero, Demand);
    }

    /// <summary>The median of some starts, from the process's beginning until /health/ready answers 200.</summary>
    internal static async Task<TimeSpan> MedianAsync(Func<ServerStart> next)
    {
        var times = new TimeSpan[Starts];
        for (int i = 0; i < Starts; i++)
        {
            ServerStart start = next();
            long begun = TimeProvider.System.GetTimestamp();
            await using ServerProcess server = await ServerProcess.StartAsync(start);
            times[i] = TimeProvider.System.GetElapsedTime(begun);
        }

        Array.Sort(times);
        return times[Starts / 2];
    }
}
