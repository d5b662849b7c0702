using Messaging.TestKit.Histories;
using Messaging.TestKit.Processes;

namespace Messaging.Api.Tests.Faults;

/// <summary>SIGTERM, and a second process on the folder.</summary>
public sealed class ShutdownTests : IDisposable
{
    private const string Queue = "stopped";
    private static readonly TimeSpan Seconds = TimeSpan.FromSeconds(10);
    private readonly TemporaryFolder _folder = new();
    private readonly ClientHistory _history = new();

    [Fact]
    public async Task A_stop_under_load_is_clean_and_loses_nothing()
    {
        await using (ServerProcess server = await StartAsync())
        {
            Task load = new QueueLoad(server.Address, Queue, _history, Run.Clock, Run.Seed()).RunAsync(senders: 4, receivers: 4, CancellationToken.None);
            await Run.UntilAnsweredAsync(_history, 300, load);
            server.Terminate();
            Assert.Equal(0, await server.ExitAsync(Seconds));
            await load;
        }

        await using ServerProcess again = await StartAsync();
        Assert.Contains(" 0 frames replayed, stopped clean: True", again.Output, StringComparison.Ordinal);
        await QueueDrain.RunAsync(again.Address, Queue, _history, Run.Clock);
        Assert.Equal(0, _history.Faults);
        Run.Holds(_history);
    }

    [Fact]
    public async Task A_second_process_on_the_folder_refuses_to_start_and_the_first_serves_on()
    {
        await using ServerProcess first = await StartAsync();
        await using ServerProcess second = ServerProcess.Launch(new ServerStart(_folder["data"]));

        Assert.NotEqual(0, await second.ExitAsync(Seconds));
        Assert.Contains("locked by another process", second.Output, StringComparison.Ordinal);
        Assert.Contains(_folder["data"], second.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", second.Output, StringComparison.Ordinal);

        using var client = new QueueClient(first.Address, Queue);
        Assert.Null((await client.SendRawAsync([1, 2, 3], 0)).Refusal);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<ServerProcess> StartAsync()
    {
        ServerProcess server = await ServerProcess.StartAsync(new ServerStart(_folder["data"]));
        using var client = new QueueClient(server.Address, Queue);
        await client.PutAsync();
        return server;
    }
}
