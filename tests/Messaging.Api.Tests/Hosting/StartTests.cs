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

        Assert.InRange(await FastestAsync(() => new ServerStart(folder[$"data{started++}"])), TimeSpan.Zero, Demand);
    }

    /// <summary>
    /// The fastest of some starts, from the process's beginning until /health/ready answers 200: whatever else the machine does only makes them slower.
    /// </summary>
    internal static async Task<TimeSpan> FastestAsync(Func<ServerStart> next)
    {
        TimeSpan fastest = TimeSpan.MaxValue;
        for (int i = 0; i < Starts; i++)
        {
            ServerStart start = next();
            long begun = TimeProvider.System.GetTimestamp();
            await using ServerProcess server = await ServerProcess.StartAsync(start);
            TimeSpan taken = TimeProvider.System.GetElapsedTime(begun);
            if (taken < fastest)
                fastest = taken;
        }
        return fastest;
    }
}
