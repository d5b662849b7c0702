using System.Text.Json.Nodes;
using Messaging.TestKit.Postgres;

namespace Messaging.Sdk.Tests;

/// <summary>What every consumer of the examples does as a process, against the real server, with what goes wrong in its work, and around it: the same for each language, by its program scripted.</summary>
public abstract class ConsumerTests(Workspace workspace)
{
    // A lease that ends soon, for handlers that take longer.
    private const string ShortLeases = """{"leaseSeconds":2}""";

    // One message at a time, and a stop that would wait for hours.
    private const string PatientStops = """{"prefetch":1,"leaseSeconds":600,"drainSeconds":3600}""";

    private const string Ordered = """{"type":"fifo","deduplication":{"contentBased":true}}""";

    [LanguageFact]
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

    [LanguageFact]
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

    [LanguageFact]
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

    [LanguageFact]
    public async Task No_more_messages_are_in_work_than_it_may_have()
    {
        await workspace.Server.CreateQueueAsync("bounded");
        JsonObject[] messages = [.. Enumerable.Range(0, 10).Select(static number => new JsonObject { ["name"] = $"m{number:00}", ["seconds"] = 60 })];
        await using Worker worker = Start("bounded", """{"prefetch":3,"drainSeconds":0}""");

        // There is room for one more when the others come.
        await workspace.Server.SendAsync("bounded", messages[..2]);
        await worker.PrintsAsync("begin m01");
        await workspace.Server.SendAsync("bounded", messages[2..]);
        await worker.PrintsAsync("begin m02");
        await using Worker other = Start("bounded", """{"prefetch":7,"drainSeconds":0}""");
        // Handlers run in parallel, and begin in any order.
        for (int number = 3; number < messages.Length; number++)
            await other.PrintsAsync($"begin m{number:00}");

        Assert.Equal((3, 7), (worker.Count("begin"), other.Count("begin")));
    }

    [LanguageFact]
    public async Task A_stop_finishes_what_is_in_work_and_takes_nothing_more()
    {
        await workspace.Server.CreateQueueAsync("stopped");
        await workspace.Server.SendAsync("stopped", [.. Enumerable.Range(0, 20).Select(static number => new JsonObject { ["name"] = $"m{number:00}", ["seconds"] = 1 })]);
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

    [LanguageFact]
    public async Task What_is_not_done_in_time_for_a_stop_is_given_back()
    {
        await workspace.Server.CreateQueueAsync("given-back");
        await workspace.Server.SendAsync("given-back", new JsonObject { ["name"] = "a", ["seconds"] = 60 });
        await using Worker worker = Start("given-back", """{"drainSeconds":1,"leaseSeconds":600}""");

        await worker.PrintsAsync("begin a");
        await StopAsync(worker);

        Assert.Equal(0, worker.Count("done"));
        Assert.Equal((1, 0, 0), await workspace.Server.CountsAsync("given-back"));
    }

    [LanguageFact]
    public Task A_server_that_is_killed_in_the_middle_is_waited_for() => GoesOnAfterAsync(static server => server.KillAsync());

    [LanguageFact]
    public Task A_server_that_is_stopped_in_the_middle_is_waited_for() => GoesOnAfterAsync(static server => server.StopAsync());

    [LanguageFact]
    public async Task A_connection_that_breaks_costs_no_message_its_handler()
    {
        await workspace.Server.CreateQueueAsync("cut");
        await using var wire = new CutProxy(workspace.AddressOf(workspace.Server).Port);
        await using Worker worker = new(workspace.StartThrough(new Uri($"http://127.0.0.1:{wire.Port}"), workspace.Server, "scripted", "cut", """{"leaseSeconds":600}"""));
        await workspace.Server.SendAsync("cut", new JsonObject { ["name"] = "a", ["seconds"] = 3 });

        // Its handler ends on another connection than it has begun on, and is acknowledged there.
        await worker.PrintsAsync("begin a 1");
        (wire.Mode, wire.Mode) = (Cut.Everything, Cut.Nothing);
        await worker.PrintsAsync("done a");
        await workspace.Server.SendAsync("cut", new JsonObject { ["name"] = "b" });
        await worker.PrintsAsync("done b");
        await StopAsync(worker);

        Assert.Equal((1, 1), (worker.Count("begin a"), worker.Count("begin b")));
        Assert.Equal((0, 0, 0), await workspace.Server.CountsAsync("cut"));
    }

    [LanguageFact]
    public async Task A_refusal_is_waited_for_as_long_as_the_server_says()
    {
        var told = TimeSpan.FromSeconds(2);

        TimeSpan[] pauses = await PausesAsync(3, told);

        Assert.All(pauses, pause => Assert.True(pause >= told, $"{pause}"));
    }

    [LanguageFact]
    public async Task A_refusal_that_says_nothing_is_waited_for_ever_longer()
    {
        TimeSpan[] pauses = await PausesAsync(7, null);

        // At least half of 0.1 seconds, and twice as much each time.
        Assert.All(pauses.Index(), pause => Assert.True(pause.Item >= TimeSpan.FromSeconds(0.05 * Math.Pow(2, pause.Index)), $"{pause}"));
    }

    [LanguageFact]
    public async Task A_stop_ends_its_pause_at_once()
    {
        await using SdkServer server = await SdkServer.StartOpenAsync();
        await server.StopAsync();
        await using RefusingServer refusing = await RefusingServer.StartAsync(workspace.AddressOf(server), workspace.Protocols, 1, TimeSpan.FromHours(1));
        await using Worker worker = new(workspace.Start(server, "scripted", "refused", PatientStops));

        await worker.PrintsAsync(RefusingServer.Detail);
        await StopAsync(worker);
    }

    [LanguageFact]
    public async Task A_stop_in_a_pause_settles_at_once_what_is_done()
    {
        await using SdkServer server = await SdkServer.StartOpenAsync();
        await server.CreateQueueAsync("paused");
        await server.SendAsync("paused", new JsonObject { ["name"] = "a", ["seconds"] = 1 });
        await using Worker worker = new(workspace.Start(server, "scripted", "paused", PatientStops));

        await worker.PrintsAsync("begin a 1");
        await server.KillAsync();
        await worker.PrintsAsync("done a");
        await using (await RefusingServer.StartAsync(workspace.AddressOf(server), workspace.Protocols, 1, TimeSpan.FromHours(1)))
            await worker.PrintsAsync(RefusingServer.Detail);
        await server.StartAgainAsync();
        await StopAsync(worker);

        Assert.Equal((0, 0, 0), await server.CountsAsync("paused"));
    }

    [LanguageFact]
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

    [LanguageFact]
    public async Task A_group_waits_for_its_message_that_is_tried_again()
    {
        await workspace.Server.CreateQueueAsync("ordered-failing", Ordered);
        await workspace.Server.SendToGroupAsync("ordered-failing", "a", new JsonObject { ["name"] = "a0", ["fails"] = 2 }, new JsonObject { ["name"] = "a1" }, new JsonObject { ["name"] = "a2" });
        await using Worker worker = Start("ordered-failing");

        await worker.PrintsAsync("done a2");
        await StopAsync(worker);

        Assert.Equal("begin a0, begin a0, begin a0, done a0, begin a1, done a1, begin a2, done a2", worker.Course("a0", "a1", "a2"));
        // What was given back unhandled has not been received.
        Assert.Equal((1, 1), (worker.Count("begin a1 1"), worker.Count("begin a2 1")));
        Assert.Equal((0, 0, 0), await workspace.Server.CountsAsync("ordered-failing"));
    }

    [LanguageFact]
    public async Task What_waits_for_its_turn_when_it_is_stopped_is_given_back_as_if_it_had_not_been_received()
    {
        await workspace.Server.CreateQueueAsync("ordered-stopped", Ordered);
        await workspace.Server.SendToGroupAsync("ordered-stopped", "a", new JsonObject { ["name"] = "a0", ["seconds"] = 60 }, new JsonObject { ["name"] = "a1" });
        await workspace.Server.SendToGroupAsync("ordered-stopped", "b", new JsonObject { ["name"] = "b0", ["seconds"] = 2 }, new JsonObject { ["name"] = "b1" });
        await using Worker worker = Start("ordered-stopped", """{"drainSeconds":6,"leaseSeconds":600}""");

        await worker.PrintsAsync("begin a0");
        await worker.PrintsAsync("begin b0");
        await StopAsync(worker);

        // The handler of one does not end in time, and that of the other does. All have been with the consumer.
        Assert.Equal(1, worker.Count("done b0"));
        JsonArray left = await workspace.Server.BrowseAsync("ordered-stopped");
        Assert.Equal([("a0", "ready", 1), ("a1", "ready", 0), ("b1", "ready", 0)], left.Select(static message => (NameOf(message!), (string)message!["state"]!, (int)message["receiveCount"]!)));
        Assert.All(left, static message => Assert.NotNull(message!["firstReceivedAt"]));
    }

    [LanguageFact]
    public async Task A_group_keeps_its_order_over_a_restart_of_the_server()
    {
        await using SdkServer server = await SdkServer.StartOpenAsync();
        await server.CreateQueueAsync("restarted", Ordered);
        string[] names = ["m0", "m1", "m2", "m3"];
        await server.SendToGroupAsync("restarted", "a", [.. names.Select(static name => new JsonObject { ["name"] = name, ["seconds"] = 1 })]);
        await using Worker worker = new(workspace.Start(server, "scripted", "restarted", "{}"));

        // One is with its handler, and is acknowledged to the next server; those behind it come again from there.
        await worker.PrintsAsync("begin m1");
        await server.StopAsync();
        await worker.PrintsAsync("done m1");
        await server.StartAgainAsync();

        await worker.PrintsAsync("done m3");
        await StopAsync(worker);
        Assert.Equal("begin m0, done m0, begin m1, done m1, begin m2, done m2, begin m3, done m3", worker.Course(names));
        Assert.Equal((0, 0, 0), await server.CountsAsync("restarted"));
    }

    [LanguageFact]
    public async Task A_queue_that_is_not_there_ends_it()
    {
        await using var process = workspace.Start(workspace.Server, "scripted", "not-there", "{}");

        Assert.NotEqual(0, await process.ExitAsync(TimeSpan.FromSeconds(60)));
        Assert.Contains("not-there", process.Output.ToString(), StringComparison.Ordinal);
    }

    [LanguageFact]
    public async Task The_example_receives_what_its_producer_sends()
    {
        await using (Worker producer = new(workspace.Start(workspace.Server, workspace.Producer, "orders", "first", "second")))
        {
            await producer.AssertStopsAsync();
            Assert.Equal(2, producer.Count("sent "));
        }
        await using Worker worker = new(workspace.Start(workspace.Server, workspace.Consumer, "orders"));

        await worker.PrintsAsync("received first");
        await worker.PrintsAsync("received second");
        await StopAsync(worker);
        Assert.Equal((0, 0, 0), await workspace.Server.CountsAsync("orders"));
    }

    private async Task GoesOnAfterAsync(Func<SdkServer, Task> end)
    {
        await using SdkServer server = await SdkServer.StartOpenAsync();
        await server.CreateQueueAsync("restarted");
        string[] names = [.. Enumerable.Range(0, 12).Select(static number => $"m{number:00}")];
        await server.SendAsync("restarted", [.. names.Select(static name => new JsonObject { ["name"] = name, ["seconds"] = 1 })]);
        await using Worker worker = new(workspace.Start(server, "scripted", "restarted", """{"prefetch":4,"leaseSeconds":5}"""));

        await worker.PrintsAsync("begin m05");
        // Handlers end while there is no server, and their acknowledgements wait for the next one.
        await end(server);
        foreach (string name in worker.Names("begin"))
            await worker.PrintsAsync($"done {name}");
        await server.StartAgainAsync();

        foreach (string name in names)
            await worker.PrintsAsync($"done {name}");
        await StopAsync(worker);
        Assert.Equal((0, 0, 0), await server.CountsAsync("restarted"));
    }

    // Between so many calls that are refused, before a server is there, which is received from.
    private async Task<TimeSpan[]> PausesAsync(int calls, TimeSpan? retry)
    {
        await using SdkServer server = await SdkServer.StartOpenAsync();
        await server.CreateQueueAsync("refused");
        await server.SendAsync("refused", new JsonObject { ["name"] = "a" });
        await server.StopAsync();
        RefusingServer refusing = await RefusingServer.StartAsync(workspace.AddressOf(server), workspace.Protocols, calls, retry);
        TimeSpan[] pauses;
        await using Worker worker = new(workspace.Start(server, "scripted", "refused", "{}"));
        await using (refusing)
            pauses = await refusing.PausesAsync();
        await server.StartAgainAsync();

        await worker.PrintsAsync("done a");
        await StopAsync(worker);
        Assert.Equal((0, 0, 0), await server.CountsAsync("refused"));
        return pauses;
    }

    private protected Worker Start(string queue, string options = "{}") => new(workspace.Start(workspace.Server, "scripted", queue, options));

    private protected static async Task StopAsync(params Worker[] workers)
    {
        foreach (Worker worker in workers)
            worker.Stop();
        foreach (Worker worker in workers)
            await worker.AssertStopsAsync();
    }

    private static string NameOf(JsonNode message) => (string)JsonNode.Parse((string)message["body"]!)!["name"]!;
}
