using Messaging.TestKit;
using Messaging.TestKit.Histories;
using Messaging.TestKit.Processes;
using Messaging.TestKit.Traces;
using Xunit.Abstractions;

namespace Messaging.Api.Tests.Faults;

/// <summary>From a trace of the real server under load: every success on the wire follows a returned sync that began after its journal write.</summary>
public sealed class WireOrderTests(ITestOutputHelper output)
{
    private const int Doctored = 40;
    private const int Clients = 6;
    private const int Turns = 40;

    [RequiresFact("strace")]
    public async Task Every_success_on_the_wire_follows_the_sync_of_its_frame()
    {
        using var folder = new TemporaryFolder();
        var history = new ClientHistory();
        await using (ServerProcess server = await ServerProcess.StartAsync(new ServerStart(folder["data"]).Under(new Strace(folder["trace"]))))
        {
            var load = new CycleLoad(server.Address, Clients, history, Run.Clock, Run.Seed());
            await load.CreateQueuesAsync();
            await load.RunAsync(Turns);
            server.Terminate();
            Assert.Equal(0, await server.ExitAsync(Run.Timeout));
        }

        string[] trace = File.ReadAllLines(folder["trace"]);
        WireVerdict verdict = WireChecker.Check(StraceLog.Parse(trace));
        output.WriteLine(string.Join(", ", verdict.Held.Select(held => $"{held.Key} {held.Value}")));
        foreach (WireCall other in WireCalls.Of(StraceLog.Parse(trace)).Where(call => call.Status is not (200 or 201)))
            output.WriteLine($"{other.Operation} of {other.Queue}: {other.Status} {other.Answer}");
        Assert.True(verdict.Broken.Count == 0, string.Join('\n', verdict.Broken.Take(20)));
        Assert.Equal(Clients * Turns, verdict.Held["POST/messages"] + verdict.Held["POST/messages/raw"]);
        Assert.Equal(history.Receives.Count(receive => receive.Deliveries.Count > 0), verdict.Held["POST/receive"]);
        Assert.Equal(
            history.Settles.GroupBy(settle => (settle.Kind, settle.Time)).Count(),
            verdict.Held["POST/acknowledge"] + verdict.Held["POST/extend"] + verdict.Held["POST/release"]);

        // The same trace without one of its syncs: what that sync carried is caught. Some carry what nobody waits for.
        int[] syncs = [.. Enumerable.Range(0, trace.Length).Where(line => trace[line].Contains("fdatasync(", StringComparison.Ordinal) && trace[line].Contains(".jnl>) ", StringComparison.Ordinal))];
        int[] tried = [.. syncs.Skip(syncs.Length / 2).Take(Doctored)];
        int caught = Array.FindIndex(tried, left => WireChecker.Check(StraceLog.Parse([.. trace.Where((_, line) => line != left)])).Broken.Count > 0);
        output.WriteLine($"the missing sync number {caught} is caught");
        Assert.True(caught >= 0, $"Of {tried.Length} syncs none is missed.");
    }
}
