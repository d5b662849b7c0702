using Messaging.TestKit;
using Messaging.TestKit.Histories;
using Messaging.TestKit.Processes;
using Xunit.Abstractions;

namespace Messaging.Api.Tests.Faults;

/// <summary>
/// The power goes under load: of the volume only what was synced is left. The server's own files and the file system's journal stop in the
/// same moment (shutdown without a flush), while the server still runs.
/// </summary>
public sealed class PowerCutTests(ITestOutputHelper output)
{
    private const string Queue = "cut";
    private const long VolumeBytes = 2L << 30;
    private readonly ClientHistory _history = new();

    [RequiresFact("root", "loop devices", "mkfs.ext4", "xfs_io")]
    public async Task Power_cuts_under_load_lose_nothing_and_invent_nothing()
    {
        int seed = Run.Seed();
        var random = new Random(seed);
        await using LoopVolume volume = await LoopVolume.CreateAsync(VolumeBytes);
        int rounds = FaultRounds.Of(3);
        for (int round = 0; round < rounds; round++)
            await CutAsync(volume, new ServerStart(volume.Data), random.Next(20, 600), seed + 100 * round);

        await using (ServerProcess server = await ServerProcess.StartAsync(new ServerStart(volume.Data)))
        {
            await QueueDrain.RunAsync(server.Address, Queue, _history, Run.Clock);
            await Run.StopsSoundAsync(server, volume.Data);
        }

        output.WriteLine($"seed {seed}: {_history.Answered} answers, {_history.Sends.Count(send => send.Outcome == Outcome.Unknown)} sends unknown");
        Run.Holds(_history);
    }

    /// <summary>The cut cuts: with a sync that only says that it synced, acknowledged messages are lost, and the history shows it.</summary>
    [RequiresFact("root", "loop devices", "mkfs.ext4", "xfs_io", "strace")]
    public async Task A_sync_that_lies_is_caught_by_a_power_cut()
    {
        using var folder = new TemporaryFolder();
        await using LoopVolume volume = await LoopVolume.CreateAsync(VolumeBytes);
        var start = new ServerStart(volume.Data);
        // A folder that is there: with its first syncs missing there would be nothing to start from.
        await using (ServerProcess server = await ServerProcess.StartAsync(start))
        {
            await PutAsync(server);
            server.Terminate();
            Assert.Equal(0, await server.ExitAsync(Run.Timeout));
        }

        await CutAsync(volume, start.Under(new Strace(folder["trace"]) { Inject = "fdatasync:retval=0:when=8+", BytesKept = 0 }), 300, Run.Seed());
        await using ServerProcess again = ServerProcess.Launch(start);
        // To refuse what is left is right too; to serve it as if nothing were missing is what the check must see.
        if (!await again.TryReadyAsync(Run.Timeout))
        {
            output.WriteLine(again.Output);
            return;
        }

        await PutAsync(again);
        await QueueDrain.RunAsync(again.Address, Queue, _history, Run.Clock);
        IReadOnlyList<string> all = HistoryChecker.Check(_history);
        output.WriteLine($"{all.Count} broken promises, such as: {(all.Count > 0 ? all[0] : "none")}");
        Assert.Contains(all, broken => broken.Contains("is lost", StringComparison.Ordinal));
    }

    private async Task CutAsync(LoopVolume volume, ServerStart start, int answers, int seed)
    {
        await using (ServerProcess server = await ServerProcess.StartAsync(start))
        {
            await PutAsync(server);
            Task load = new QueueLoad(server.Address, Queue, _history, Run.Clock, seed).RunAsync(senders: 4, receivers: 4, CancellationToken.None);
            await Run.UntilAnsweredAsync(_history, answers, load);
            Assert.Equal(0, _history.Damages);
            await volume.CutAsync();
            await server.KillHardAsync();
            await load;
            // Between the cut and the kill the server reads from a volume that answers with errors, and says so.
            _history.ForgiveDamages();
        }

        await volume.ReturnAsync();
    }

    private static async Task PutAsync(ServerProcess server)
    {
        using var client = new QueueClient(server.Address, Queue);
        await client.PutAsync();
    }
}
