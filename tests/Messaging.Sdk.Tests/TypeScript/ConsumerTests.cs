using System.Text.Json.Nodes;
using Messaging.TestKit;

namespace Messaging.Sdk.Tests.TypeScript;

/// <summary>The consumer of docs/examples/typescript-rest as a process, against the real server: what goes wrong in its work, and around it.</summary>
[Collection(nameof(TypeScriptCollection))]
public sealed class ConsumerTests(TypeScriptWorkspace workspace)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    // A lease that ends soon, for handlers that take longer.
    private const string ShortLeases = """{"leaseSeconds":2}""";

    private const string Ordered = """{"type":"fifo","deduplication":{"contentBased":true}}""";

    [RequiresFact(TypeScriptWorkspace.Requirement)]
    public async Task A_handler_slower_than_the_lease_keeps_its_message()
    {
        await workspace.Server.CreateQueueAsync("slow");
        await workspace.Server.SendAsync("slow", new JsonObject { ["name"] = "a", ["seconds"] = 6 });
        await using Worker worker = Start("slow", ShortLeases);
        await using Worker other = Start("slow", ShortLeases);

        await Task.WhenAny(worker.PrintsAsync("done a"), other.PrintsAsync("done a")).Unwrap();
        await StopAsync(worker, other);

        Assert.Equal(1, worker.Count("begin a") + other.Count("begin a"));
        Assert.Equal((0, 0, 0), await workspace.Server.CountsAsync("slow"));
    }

    [RequiresFact(TypeScriptWorkspace.Requirement)]
    public async Task A_message_whose_handler_fails_is_tried_again()
    {
        await workspace.Server.CreateQueueAsync("failing");
        await workspace.Server.SendAsync("failing", new JsonObject { ["name"] = "a", ["fails"] = 2 }, new JsonObject { ["name"] = "b" });
        await using Worker worker = Start("failing");

        await worker.PrintsAsync("done a");
        await StopAsync(worker);

        Assert.Equal((1, 1, 1), (worker.Count("begin a 1"), worker.Count("begin a 2"), worker.Count("begin a 3")));
        Assert.Equal((1, 1), (worker.Count("begin b"), worker.Count("done b")));
        Assert.Equal((0, 0, 0), await workspace.Server.CountsAsync("failing"));
    }

    [RequiresFact(TypeScriptWorkspace.Requirement)]
    public async Task A_message_that_can_not_be_handled_goes_to_the_dead_letter_queue()
    {
        await workspace.Server.CreateQueueAsync("dead");
        await workspace.Server.CreateQueueAsync("rejecting", """{"deadLetter":{"queue":"dead","maxReceives":5}}""");
        await workspace.Server.SendAsync("rejecting", new JsonObject { ["name"] = "a", ["permanent"] = true });
        await using Worker worker = Start("rejecting");

        await worker.PrintsAsync("begin a 1");
        await StopAsync(worker);

        JsonNode? dead = Assert.Single(await workspace.Server.BrowseAsync("dead"));
        Assert.Equal(("rejected", "as it was told"), ((string?)dead!["origin"]!["reason"], (string?)dead["origin"]!["detail"]));
        Assert.Equal((0, 0, 0), await workspace.Server.CountsAsync("rejecting"));
    }

    [RequiresFact(TypeScriptWorkspace.Requirement)]
    public async Task No_more_messages_are_in_work_than_it_may_have()
    {
        await workspace.Server.CreateQueueAsync("bounded");
        JsonObject[] messages = [.. Enumerable.Range(0, 10).Select(number => new JsonObject { ["name"] = $"m{number:00}", ["seconds"] = 60 })];
        await using Worker worker = Start("bounded", """{"prefetch":3,"drainSeconds":0}""");

        // There is room for one more when the others come.
        await workspace.Server.SendAsync("bounded", messages[..2]);
        await worker.PrintsAsync("begin m01");
        await workspace.Server.SendAsync("bounded", messages[2..]);
        await worker.PrintsAsync("begin m02");
        await using Worker other = Start("bounded", """{"prefetch":7,"drainSeconds":0}""");
        await other.PrintsAsync("begin m09");

        Assert.Equal((3, 7), (worker.Count("begin"), other.Count("begin")));
    }

    [RequiresFact(TypeScriptWorkspace.Requirement)]
    public async Task A_stop_finishes_what_is_in_work_and_takes_nothing_more()
    {
        await workspace.Server.CreateQueueAsync("stopped");
        await workspace.Server.SendAsync("stopped", [.. Enumerable.Range(0, 20).Select(number => new JsonObject { ["name"] = $"m{number:00}", ["seconds"] = 1 })]);
        await using Worker worker = Start("stopped", """{"prefetch":5,"leaseSeconds":600}""");

        await worker.PrintsAsync("done m01");
        await worker.PrintsAsync("begin m05");
        await StopAsync(worker);

        HashSet<string> begun = worker.Names("begin");
        Assert.True(begun.SetEquals(worker.Names("done")));
        // Nothing is leased: what was taken is done, and everything else is there for the next one at once.
        Assert.Equal((20 - begun.Count, 0, 0), await workspace.Server.CountsAsync("stopped"));
        Assert.DoesNotContain(await workspace.Server.BrowseAsync("stopped"), message => begun.Contains(NameOf(message!)));
    }

    [RequiresFact(TypeScriptWorkspace.Requirement)]
    public async Task What_is_not_done_in_time_for_a_stop_is_given_back()
    {
        await workspace.Server.CreateQueueAsync("given-back");
        await workspace.Server.SendAsync(
            "given-back", new JsonObject { ["name"] = "listening", ["seconds"] = 60 }, new JsonObject { ["name"] = "deaf", ["seconds"] = 60, ["deaf"] = true });
        await using Worker worker = Start("given-back", """{"drainSeconds":1,"leaseSeconds":600}""");

        await worker.PrintsAsync("begin listening");
        await worker.PrintsAsync("begin deaf");
        await StopAsync(worker);

        Assert.Equal((1, 1, 0), (worker.Count("told listening"), worker.Count("told deaf"), worker.Count("done")));
        Assert.Equal((2, 0, 0), await workspace.Server.CountsAsync("given-back"));
    }

    [RequiresFact(TypeScriptWorkspace.Requirement)]
    public async Task What_a_receive_has_leased_that_a_stop_cuts_off_is_given_back()
    {
        await workspace.Server.CreateQueueAsync("cut");
        await using var proxy = new SwallowingProxy(workspace.Server.Address);
        await using Worker worker = new(workspace.Start(proxy.Address, "scripted.js", "cut", """{"leaseSeconds":600}"""));
        await proxy.Asked.WaitAsync(Timeout, TimeProvider.System);

        proxy.SwallowAnswers();
        await workspace.Server.SendAsync("cut", new JsonObject { ["name"] = "a" });
        await proxy.Swallowed.WaitAsync(Timeout, TimeProvider.System);
        Assert.Equal((0, 1, 0), await workspace.Server.CountsAsync("cut"));
        await StopAsync(worker);

        Assert.Equal(0, worker.Count("begin"));
        Assert.Equal((1, 0, 0), await workspace.Server.CountsAsync("cut"));
    }

    [RequiresFact(TypeScriptWorkspace.Requirement)]
    public async Task A_server_that_restarts_in_the_middle_is_waited_for()
    {
        await using SdkServer server = await SdkServer.StartOpenAsync();
        await server.CreateQueueAsync("restarted");
        string[] names = [.. Enumerable.Range(0, 12).Select(number => $"m{number:00}")];
        await server.SendAsync("restarted", [.. names.Select(name => new JsonObject { ["name"] = name, ["seconds"] = 1 })]);
        await using Worker worker = new(workspace.Start(server.Address, "scripted.js", "restarted", """{"prefetch":4,"leaseSeconds":5}"""));

        await worker.PrintsAsync("begin m05");
        // Handlers end while there is no server, and their acknowledgements wait for the next one.
        await server.KillAsync();
        foreach (string name in worker.Names("begin"))
            await worker.PrintsAsync($"done {name}");
        await server.StartAgainAsync();

        foreach (string name in names)
            await worker.PrintsAsync($"done {name}");
        await StopAsync(worker);
        Assert.Equal((0, 0, 0), await server.CountsAsync("restarted"));
    }

    [RequiresFact(TypeScriptWorkspace.Requirement)]
    public async Task Messages_of_a_group_are_worked_on_one_after_the_other_and_groups_side_by_side()
    {
        await workspace.Server.CreateQueueAsync("ordered", Ordered);
        await workspace.Server.SendToGroupAsync("ordered", "a", new JsonObject { ["name"] = "a0", ["seconds"] = 3 }, new JsonObject { ["name"] = "a1", ["seconds"] = 1 }, new JsonObject { ["name"] = "a2" });
        await workspace.Server.SendToGroupAsync("ordered", "b", new JsonObject { ["name"] = "b0" });
        await using Worker worker = Start("ordered");

        await worker.PrintsAsync("done a2");
        await StopAsync(worker);

        Assert.Equal("begin a0, done a0, begin a1, done a1, begin a2, done a2", worker.Course("a0", "a1", "a2"));
        Assert.EndsWith("done a0", worker.Course("a0", "b0"), StringComparison.Ordinal);
        Assert.Equal((0, 0, 0), await workspace.Server.CountsAsync("ordered"));
    }

    [RequiresFact(TypeScriptWorkspace.Requirement)]
    public async Task A_group_waits_for_its_message_that_is_tried_again()
    {
        await workspace.Server.CreateQueueAsync("ordered-failing", Ordered);
        await workspace.Server.SendToGroupAsync("ordered-failing", "a", new JsonObject { ["name"] = "a0", ["fails"] = 2 }, new JsonObject { ["name"] = "a1" }, new JsonObject { ["name"] = "a2" });
        await using Worker worker = Start("ordered-failing");

        await worker.PrintsAsync("done a2");
        await StopAsync(worker);

        Assert.Equal("begin a0, begin a0, begin a0, done a0, begin a1, done a1, begin a2, done a2", worker.Course("a0", "a1", "a2"));
        // What was given back unseen has been received each time.
        Assert.Equal((1, 1), (worker.Count("begin a1 3"), worker.Count("begin a2 3")));
        Assert.Equal((0, 0, 0), await workspace.Server.CountsAsync("ordered-failing"));
    }

    [RequiresFact(TypeScriptWorkspace.Requirement)]
    public async Task The_worker_of_the_example_receives_what_its_producer_sends()
    {
        await using (Worker producer = new(workspace.Start(workspace.Server.Address, "producer.js", "orders", "first", "second")))
            await producer.PrintsAsync("sent ");
        await using Worker worker = new(workspace.Start(workspace.Server.Address, "worker.js", "orders"));

        await worker.PrintsAsync("received first");
        await worker.PrintsAsync("received second");
        await StopAsync(worker);
        Assert.Equal((0, 0, 0), await workspace.Server.CountsAsync("orders"));
    }

    private Worker Start(string queue, string options = "{}") => new(workspace.Start(workspace.Server.Address, "scripted.js", queue, options));

    private static async Task StopAsync(params Worker[] workers)
    {
        foreach (Worker worker in workers)
            worker.Stop();
        foreach (Worker worker in workers)
            await worker.AssertStopsAsync();
    }

    private static string NameOf(JsonNode message) => (string)JsonNode.Parse((string)message["body"]!)!["name"]!;
}
