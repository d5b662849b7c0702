using System.Text.Json.Nodes;

namespace Messaging.Sdk.Tests.TypeScript;

/// <summary>The consumer of docs/examples/typescript-rest, and what it has to do where the server keeps no leases for it.</summary>
[Collection(nameof(TypeScriptCollection))]
[Requires(TypeScriptWorkspace.Requirement)]
public sealed class RestConsumerTests(TypeScriptWorkspace workspace) : ConsumerTests(workspace)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    [LanguageFact]
    public async Task A_handler_is_told_that_the_time_to_drain_is_over_and_is_not_waited_for()
    {
        await workspace.Server.CreateQueueAsync("told");
        await workspace.Server.SendAsync("told", new JsonObject { ["name"] = "listening", ["seconds"] = 60 }, new JsonObject { ["name"] = "deaf", ["seconds"] = 60, ["deaf"] = true });
        await using Worker worker = Start("told", """{"drainSeconds":1,"leaseSeconds":600}""");

        await worker.PrintsAsync("begin listening");
        await worker.PrintsAsync("begin deaf");
        await StopAsync(worker);

        Assert.Equal((1, 1, 0), (worker.Count("told listening"), worker.Count("told deaf"), worker.Count("done")));
        Assert.Equal((2, 0, 0), await workspace.Server.CountsAsync("told"));
    }

    [LanguageFact]
    public async Task What_a_receive_has_leased_that_a_stop_cuts_off_is_given_back()
    {
        await workspace.Server.CreateQueueAsync("cut-off");
        await using var proxy = new SwallowingProxy(workspace.Server.Address);
        await using Worker worker = new(workspace.StartThrough(proxy.Address, workspace.Server, "scripted", "cut-off", """{"leaseSeconds":600}"""));
        await proxy.Asked.WaitAsync(Timeout, TimeProvider.System);

        proxy.SwallowAnswers();
        await workspace.Server.SendAsync("cut-off", new JsonObject { ["name"] = "a" });
        await proxy.Swallowed.WaitAsync(Timeout, TimeProvider.System);
        Assert.Equal((0, 1, 0), await workspace.Server.CountsAsync("cut-off"));
        await StopAsync(worker);

        Assert.Equal(0, worker.Count("begin"));
        Assert.Equal((1, 0, 0), await workspace.Server.CountsAsync("cut-off"));
    }
}
