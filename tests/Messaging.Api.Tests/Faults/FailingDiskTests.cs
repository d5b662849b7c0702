using System.Text.RegularExpressions;
using Messaging.TestKit;
using Messaging.TestKit.Histories;
using Messaging.TestKit.Processes;
using Messaging.TestKit.Traces;
using Xunit.Abstractions;

namespace Messaging.Api.Tests.Faults;

/// <summary>
/// Syncs and writes that fail, or that end the process, by injection into the server's system calls. The count is per thread; what it hit is
/// read from the trace, and what must follow depends on it (engine.md section 9).
/// </summary>
public sealed partial class FailingDiskTests(ITestOutputHelper output) : IDisposable
{
    private const int Killed = 128 + 9;
    private const int Clients = 4;
    private const int TurnsMax = 100;
    private const long VolumeBytes = 1L << 30;
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(15);
    private readonly TemporaryFolder _folder = new();
    private readonly ClientHistory _history = new();

    [RequiresFact("strace")]
    public async Task A_failed_sync_stops_the_server_and_is_never_answered_as_a_success()
    {
        string data = await PrepareAsync(_folder["data"]);
        foreach (int when in Places(2, 30))
            await InjectAsync(data, "fdatasync", $"error=EIO:when={when}");
        await HoldsAsync(data);
    }

    [RequiresFact("strace", "root", "loop devices", "mkfs.ext4", "xfs_io")]
    public async Task A_failed_sync_and_then_a_power_cut_lose_nothing_that_was_answered()
    {
        await using LoopVolume volume = await LoopVolume.CreateAsync(VolumeBytes);
        await PrepareAsync(volume.Data);
        foreach (int when in Places(20))
        {
            await InjectAsync(volume.Data, "fdatasync", $"error=EIO:when={when}", volume.CutAsync);
            await volume.ReturnAsync();
        }

        await HoldsAsync(volume.Data);
    }

    [RequiresFact("strace")]
    public async Task A_sync_that_kills_the_server_loses_nothing_that_was_answered()
    {
        string data = await PrepareAsync(_folder["data"]);
        foreach (int when in Places(3, 40))
            await InjectAsync(data, "fdatasync", $"signal=SIGKILL:when={when}");
        await HoldsAsync(data);
    }

    [RequiresFact("strace")]
    public async Task A_failed_write_of_the_journal_stops_the_server_whatever_the_error()
    {
        string data = await PrepareAsync(_folder["data"]);
        string[] errors = ["EIO", "ENOSPC"];
        foreach ((int when, int index) in Places(2, 40).Select((when, index) => (when, index)))
            await InjectAsync(data, "pwrite64", $"error={errors[index % 2]}:when={when}");
        await HoldsAsync(data);
    }

    public void Dispose() => _folder.Dispose();

    // The given places, then, in a long run, places by chance.
    private static IEnumerable<int> Places(params int[] places)
    {
        var random = new Random(Run.Seed());
        return Enumerable.Range(0, FaultRounds.Of(places.Length)).Select(index => index < places.Length ? places[index] : random.Next(1, 80));
    }

    // A folder with its queues, stopped clean.
    private async Task<string> PrepareAsync(string data)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(new ServerStart(data));
        await Load(server).CreateQueuesAsync();
        server.Terminate();
        Assert.Equal(0, await server.ExitAsync(AtOnce));
        return data;
    }

    private async Task InjectAsync(string data, string call, string fault, Func<Task>? cut = null)
    {
        string log = _folder["trace"];
        var strace = new Strace(log) { Inject = $"{call}:{fault}" };
        SystemCall? fatal;
        await using (ServerProcess server = ServerProcess.Launch(new ServerStart(data).Under(strace)))
        {
            if (await server.TryReadyAsync(Run.Timeout))
                await Load(server).RunAsync(TurnsMax);
            // The line is there before the server learns of the fault.
            fatal = strace.Kills ? null : Parse(log).FirstOrDefault(IsFatal);
            if (strace.Kills)
                Assert.Equal(Killed, await server.ExitAsync(AtOnce));
            else if (fatal is not null)
                Assert.NotEqual(0, await server.ExitAsync(AtOnce));
            if (cut is not null)
                await cut();
            await server.KillHardAsync();
        }

        IReadOnlyList<SystemCall> trace = Parse(log);
        SystemCall hit = trace.First(done => done.IsInjected || (strace.Kills && done.Name == call && done.Result is null));
        output.WriteLine($"{call}:{fault} hit {hit.Target}; {_history.Answered} answers so far");
        Assert.Equal(fatal?.Began, trace.FirstOrDefault(IsFatal)?.Began);
        WireVerdict verdict = WireChecker.Check(trace);
        Assert.True(verdict.Broken.Count == 0, string.Join('\n', verdict.Broken.Take(20)));
    }

    private async Task HoldsAsync(string data)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(new ServerStart(data));
        await Load(server).DrainAsync();
        await Run.StopsSoundAsync(server, data);
        // The server ends without a word to those who wait (engine.md section 9: no answer).
        Assert.Equal(0, _history.Faults);
        Run.Holds(_history);
    }

    private CycleLoad Load(ServerProcess server) => new(server.Address, Clients, _history, Run.Clock, Run.Seed());

    private static IReadOnlyList<SystemCall> Parse(string log) => StraceLog.Parse(File.ReadLines(log));

    // What hits the journal or META must end the process; what hits a new file may be tried again.
    private static bool IsFatal(SystemCall call) => call.IsInjected && JournalOrMeta().IsMatch(call.Target);

    [GeneratedRegex(@"/(journal/J-\d{4}\.jnl|META-[ab])$")]
    private static partial Regex JournalOrMeta();
}
