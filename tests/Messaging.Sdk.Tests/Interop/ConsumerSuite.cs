using System.Text.Json.Nodes;

namespace Messaging.Sdk.Tests.Interop;

/// <summary>What every consumer of the examples does with what goes wrong in its work, and around it: the same for each language, by its program scripted.</summary>
internal sealed class ConsumerSuite(GrpcWorkspace workspace)
{
    // A lease that ends soon, for handlers that take longer.
    private const string ShortLeases = """{"leaseSeconds":1}""";

    public async Task A_handler_slower_than_the_lease_keeps_its_message()
    {
        await workspace.Server.CreateQueueAsync("slow");
        await workspace.Server.SendAsync("slow", new JsonObject { ["name"] = "a", ["seconds"] = 4 });
        await using Worker worker = Start("slow", ShortLeases);
        await using Worker other = Start("slow", ShortLeases);

        await Task.WhenAny(worker.PrintsAsync("done a"), other.PrintsAsync("done a")).Unwrap();
        await StopAsync(worker, other);

        Assert.Equal(1, worker.Count("begin a") + other.Count("begin a"));
        Assert.Equal((0, 0, 0), await workspace.Server.CountsAsync("slow"));
    }

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

    public async Task No_more_messages_are_in_work_than_it_may_have()
    {
        await workspace.Server.CreateQueueAsync("bounded");
        JsonObject[] messages = [.. Enumerable.Range(0, 10).Select(static number => new JsonObject { ["name"] = $"m{number:00}", ["seconds"] = 60 })];
        await using Worker worker = Start("bounded", """{"prefetch":3,"drainSeconds":0}""");

        // There is credit for one more when the others come.
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

    public Task A_server_that_is_killed_in_the_middle_is_waited_for() => GoesOnAfterAsync(static server => server.KillAsync());

    public Task A_server_that_is_stopped_in_the_middle_is_waited_for() => GoesOnAfterAsync(static server => server.StopAsync());

    public async Task A_queue_that_is_not_there_ends_it()
    {
        await using var process = workspace.Start(workspace.Server, "scripted", "not-there", "{}");

        Assert.NotEqual(0, await process.ExitAsync(TimeSpan.FromSeconds(60)));
        Assert.Contains("not-there", process.Output.ToString(), StringComparison.Ordinal);
    }

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

    private Worker Start(string queue, string options = "{}") => new(workspace.Start(workspace.Server, "scripted", queue, options));

    private static async Task StopAsync(params Worker[] workers)
    {
        foreach (Worker worker in workers)
            worker.Stop();
        foreach (Worker worker in workers)
            await worker.AssertStopsAsync();
    }

    private static string NameOf(JsonNode message) => (string)JsonNode.Parse((string)message["body"]!)!["name"]!;
}
