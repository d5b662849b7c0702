using System.Text;
using Messaging.Broker.Messages;
using Messaging.Broker.Moves;
using Messaging.Broker.Names;
using Messaging.Broker.Operations;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Tests.Moves;

public sealed class RedriveTests
{
    private static readonly AccountId Account = AccountId.Default;
    private static readonly NamespaceName Space = NamespaceName.Default;

    [Fact]
    public async Task Messages_go_back_to_where_they_came_from_as_new_ones()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey dead = await broker.Create("dead");
        QueueKey one = await broker.Create("one", DeadLetterTests.To("dead", 1));
        QueueKey two = await broker.Create("two", DeadLetterTests.To("dead", 1));
        MessageId id = Assert.Single(await broker.Send(one, "a"));
        long sent = broker.NowMs;
        await KillAll(broker, one);
        await broker.Send(two, "b");
        await KillAll(broker, two);
        await broker.Send(one, "c");
        await KillAll(broker, one);
        broker.Advance(10);
        LongOperation done = await Redrive(broker, dead, new RedriveRequest());
        Assert.Equal((OperationStatus.Completed, 3, 0, 0, 3), (done.Status, done.Moved, done.Failed, done.Skipped, done.ApproximateTotal));
        Assert.Equal(new QueueCounts(0, 0, 0), await broker.Counts(dead));
        Delivered[] back = await broker.Receive(one);
        Assert.Equal(["a", "c"], back.Select(message => message.Body));
        Assert.NotEqual(id, back[0].Id);
        Assert.Equal((1, broker.NowMs), (back[0].ReceiveCount, back[0].SentAtMs));
        Assert.Equal(new MessageOrigin(id, one, MoveReason.MaxReceives, null, 1, sent), back[0].Origin);
        Assert.Equal("b", Assert.Single(await broker.Receive(two)).Body);
    }

    [Fact]
    public async Task The_redrives_of_one_queue_are_listed_the_newest_first_and_not_those_of_one_that_was_deleted()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey one = await broker.Create("one");
        QueueKey two = await broker.Create("two");
        var started = new List<OperationId>();
        for (int i = 0; i < 3; i++)
        {
            started.Insert(0, (await Redrive(broker, one, new RedriveRequest())).Id);
            await Redrive(broker, two, new RedriveRequest());
        }

        await broker.Send(one, "a");
        started.Insert(0, (await broker.Broker.Operations.RedriveAsync(one, new RedriveRequest { Destination = two.Name, MessagesPerSecond = 1 }, default)).Value.Id);
        Assert.Equal(started, (await broker.Broker.Operations.ListRedrivesAsync(one, 10, default)).Value.Select(operation => operation.Id));
        broker.Kill();
        Assert.Equal(started[..2], (await broker.Broker.Operations.ListRedrivesAsync(one, 2, default)).Value.Select(operation => operation.Id));
        Assert.Equal("max", (await broker.Broker.Operations.ListRedrivesAsync(one, 0, default)).Error?.Field);
        Assert.True((await broker.Broker.Queues.DeleteAsync(one, default)).IsOk);
        Assert.Equal(ErrorCode.QueueNotFound, (await broker.Broker.Operations.ListRedrivesAsync(one, 10, default)).Error?.Code);
        await broker.Create("one");
        Assert.Empty((await broker.Broker.Operations.ListRedrivesAsync(one, 10, default)).Value);
    }

    [Fact]
    public async Task A_destination_takes_all_and_those_without_an_origin_stay_otherwise()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey source = await broker.Create("source");
        QueueKey target = await broker.Create("target");
        await broker.Send(source, "a", "b");
        LongOperation stays = await Redrive(broker, source, new RedriveRequest());
        Assert.Equal((OperationStatus.Completed, 0, 2), (stays.Status, stays.Moved, stays.Failed));
        Assert.Contains("no origin", stays.FailureReason, StringComparison.Ordinal);
        LongOperation goes = await Redrive(broker, source, new RedriveRequest { Destination = target.Name });
        Assert.Equal((2, 0, null), (goes.Moved, goes.Failed, goes.FailureReason));
        Assert.Equal(["a", "b"], (await broker.Receive(target)).Select(message => message.Body));
    }

    [Fact]
    public async Task A_group_of_which_a_message_is_out_stays_as_it_is()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        var fifo = new QueueDefinition { Type = QueueType.Fifo };
        QueueKey source = await broker.Create("source", fifo);
        QueueKey target = await broker.Create("target", fifo);
        OutgoingMessage[] messages = [.. new[] { ("a", "1"), ("a", "2"), ("b", "3") }.Select(one => new OutgoingMessage { Group = one.Item1, Body = Encoding.UTF8.GetBytes(one.Item2) })];
        Assert.True((await broker.Broker.Queues.SendAsync(source, messages, default)).IsOk);
        Delivered first = Assert.Single(await broker.Receive(source, max: 1));
        LongOperation done = await Redrive(broker, source, new RedriveRequest { Destination = target.Name });
        Assert.Equal((OperationStatus.Completed, 1), (done.Status, done.Moved));
        Assert.Equal("3", Assert.Single(await broker.Receive(target)).Body);
        Assert.Null(await broker.Release(source, first.Receipt));
        Assert.Equal(["1", "2"], (await broker.Receive(source)).Select(message => message.Body));
    }

    [Fact]
    public async Task What_is_leased_delayed_or_sent_later_stays()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey source = await broker.Create("source");
        QueueKey target = await broker.Create("target");
        await broker.Send(source, "leased", "ready");
        await broker.SendDelayed(source, 60_000, "delayed");
        await broker.SendDelayed(source, 1_000, "due");
        await broker.Receive(source, max: 1);
        broker.Advance(2);
        LongOperation started = (await broker.Broker.Operations.RedriveAsync(source, new RedriveRequest { Destination = target.Name, MessagesPerSecond = 1 }, default)).Value;
        await broker.Send(source, "later");
        LongOperation done = await End(broker, started);
        Assert.Equal((OperationStatus.Completed, 2, 2), (done.Status, done.Moved, done.ApproximateTotal));
        Assert.Equal(["ready", "due"], (await broker.Receive(target)).Select(message => message.Body));
        Assert.Equal(3, (await broker.Counts(source)) is var counts ? counts.Ready + counts.Leased + counts.Delayed : 0);
    }

    [Fact]
    public async Task A_filter_leaves_the_others_and_counts_them()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey dead = await broker.Create("dead");
        QueueKey one = await broker.Create("one", DeadLetterTests.To("dead", 1));
        QueueKey target = await broker.Create("target");
        await SendWith(broker, one, "a", "red");
        await SendWith(broker, one, "b", "blue");
        Delivered[] held = await broker.Receive(one, lease: 30);
        await broker.Broker.Queues.RejectAsync(one, new[] { new RejectEntry(held[0].Receipt, "no"), new RejectEntry(held[1].Receipt, null) }, default);
        long middle = broker.NowMs + 500;
        broker.Advance(1);
        await SendWith(broker, one, "c", "red");
        await KillAll(broker, one);
        await broker.Send(dead, "d");

        var filter = new RedriveFilter { Reason = MoveReason.Rejected, SentBeforeMs = middle, Attributes = new Dictionary<string, IReadOnlyList<string>> { ["color"] = ["red", "x"] } };
        LongOperation done = await Redrive(broker, dead, new RedriveRequest { Destination = target.Name, Filter = filter });
        Assert.Equal((OperationStatus.Completed, 1, 3, 0), (done.Status, done.Moved, done.Skipped, done.Failed));
        Assert.Equal("a", Assert.Single(await broker.Receive(target)).Body);
        Assert.Equal(["b", "c", "d"], (await broker.Receive(dead)).Select(message => message.Body));
    }

    [Fact]
    public async Task A_throttle_moves_so_many_a_second()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey source = await broker.Create("source");
        QueueKey target = await broker.Create("target");
        await broker.Send(source, [.. Enumerable.Range(0, 25).Select(i => $"{i}")]);
        LongOperation started = (await broker.Broker.Operations.RedriveAsync(source, new RedriveRequest { Destination = target.Name, MessagesPerSecond = 10 }, default)).Value;
        await broker.Broker.MoveAsync();
        long first = (await Get(broker, started)).Moved;
        Assert.InRange(first, 10, 20);
        LongOperation done = await End(broker, started);
        Assert.Equal((OperationStatus.Completed, 25), (done.Status, done.Moved));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_redrive_goes_on_after_a_restart(bool clean)
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey source = await broker.Create("source");
        QueueKey target = await broker.Create("target");
        string[] bodies = [.. Enumerable.Range(0, 250).Select(i => $"{i}")];
        await broker.Send(source, bodies);
        var request = new RedriveRequest
        {
            Destination = target.Name,
            MessagesPerSecond = 40,
            Filter = new RedriveFilter { SentAfterMs = 1, SentBeforeMs = long.MaxValue / 2, Attributes = new Dictionary<string, IReadOnlyList<string>>() },
        };
        LongOperation started = (await broker.Broker.Operations.RedriveAsync(source, request, default)).Value;
        await broker.Broker.MoveAsync();
        LongOperation before = await Get(broker, started);
        Assert.InRange(before.Moved, 40, 80);
        if (clean) await broker.Restart();
        else broker.Kill();
        LongOperation after = await Get(broker, started);
        Assert.True(after.Moved >= before.Moved);
        Assert.Equal((before.Queue, before.Request.Destination, before.StartedMs, 250), (after.Queue, after.Request.Destination, after.StartedMs, after.ApproximateTotal));
        Assert.Equal((1, long.MaxValue / 2), (after.Request.Filter!.SentAfterMs, after.Request.Filter.SentBeforeMs));
        LongOperation done = await End(broker, started);
        Assert.Equal((OperationStatus.Completed, 250), (done.Status, done.Moved));
        Assert.Equal(bodies, (await broker.Receive(target, max: 1_000)).Select(message => message.Body));
        await broker.Restart();
        Assert.Equal(done.Moved, (await Get(broker, started)).Moved);
    }

    [Fact]
    public async Task One_redrive_of_a_queue_goes_on_at_a_time_and_can_be_cancelled()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey source = await broker.Create("source");
        QueueKey target = await broker.Create("target");
        await broker.Send(source, [.. Enumerable.Range(0, 50).Select(i => $"{i}")]);
        var request = new RedriveRequest { Destination = target.Name, MessagesPerSecond = 1 };
        LongOperation started = (await broker.Broker.Operations.RedriveAsync(source, request, default)).Value;
        Assert.Equal(ErrorCode.RedriveRunning, (await broker.Broker.Operations.RedriveAsync(source, request, default)).Error!.Code);
        LongOperation cancelled = (await broker.Broker.Operations.CancelAsync(Account, Space, started.Id, default)).Value;
        Assert.Contains(cancelled.Status, new[] { OperationStatus.Cancelling, OperationStatus.Cancelled });
        LongOperation done = await End(broker, started);
        Assert.Equal(OperationStatus.Cancelled, done.Status);
        Assert.Equal(50 - done.Moved, (await broker.Counts(source)).Ready);
        Assert.Equal(done.Moved, (await broker.Counts(target)).Ready);
        Assert.Equal(done, (await broker.Broker.Operations.CancelAsync(Account, Space, started.Id, default)).Value);
        Assert.Equal(OperationStatus.Completed, (await Redrive(broker, source, new RedriveRequest { Destination = target.Name })).Status);
    }

    [Fact]
    public async Task A_queue_that_is_deleted_ends_its_redrive()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey source = await broker.Create("source");
        QueueKey other = await broker.Create("other");
        QueueKey target = await broker.Create("target");
        await broker.Send(source, "a", "b", "c", "d", "e");
        await broker.Send(other, "a", "b", "c", "d", "e");
        LongOperation first = (await broker.Broker.Operations.RedriveAsync(source, new RedriveRequest { Destination = target.Name, MessagesPerSecond = 1 }, default)).Value;
        Assert.True((await broker.Broker.Queues.DeleteAsync(source, default)).IsOk);
        LongOperation done = await End(broker, first);
        Assert.Equal((OperationStatus.Failed, "The queue was deleted."), (done.Status, done.FailureReason));
        LongOperation second = (await broker.Broker.Operations.RedriveAsync(other, new RedriveRequest { Destination = target.Name, MessagesPerSecond = 1 }, default)).Value;
        Assert.True((await broker.Broker.Queues.DeleteAsync(target, default)).IsOk);
        done = await End(broker, second);
        Assert.Equal((OperationStatus.Failed, "The queue \"target\" does not exist."), (done.Status, done.FailureReason));
    }

    [Fact]
    public async Task Messages_whose_origin_is_gone_stay_and_are_counted()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey dead = await broker.Create("dead");
        QueueKey gone = await broker.Create("gone", DeadLetterTests.To("dead", 1));
        QueueKey here = await broker.Create("here", DeadLetterTests.To("dead", 1));
        await broker.Send(gone, "a");
        await KillAll(broker, gone);
        await broker.Send(here, "b");
        await KillAll(broker, here);
        Assert.True((await broker.Broker.Queues.DeleteAsync(gone, default)).IsOk);
        LongOperation done = await Redrive(broker, dead, new RedriveRequest());
        Assert.Equal((OperationStatus.Completed, 1, 1, "The queue \"gone\" does not exist."), (done.Status, done.Moved, done.Failed, done.FailureReason));
        Assert.Equal("a", Assert.Single(await broker.Receive(dead)).Body);
    }

    [Fact]
    public async Task What_a_redrive_asks_is_checked()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey source = await broker.Create("source");
        Assert.Equal((ErrorCode.QueueNotFound, "destination"), await Refusal(new RedriveRequest { Destination = BrokerHarness.Key("x").Name }));
        Assert.Equal((ErrorCode.InvalidValue, "destination"), await Refusal(new RedriveRequest { Destination = source.Name }));
        Assert.Equal((ErrorCode.InvalidValue, "messagesPerSecond"), await Refusal(new RedriveRequest { MessagesPerSecond = 0 }));
        Assert.Equal((ErrorCode.InvalidValue, "messagesPerSecond"), await Refusal(new RedriveRequest { MessagesPerSecond = QueueLimits.RedrivePerSecondMax + 1 }));
        string[] tooMany = [.. Enumerable.Range(0, QueueLimits.FilterValuesMax + 1).Select(i => $"{i}")];
        Assert.Equal((ErrorCode.InvalidValue, "filter.attributes.a"), await Refusal(Filter(("a", tooMany))));
        Assert.Equal((ErrorCode.InvalidValue, "filter.attributes.a"), await Refusal(Filter(("a", []))));
        Assert.Equal((ErrorCode.InvalidValue, "filter.attributes.a"), await Refusal(Filter(("a", [new string('x', 257)]))));
        Assert.Equal((ErrorCode.InvalidValue, "filter.attributes"), await Refusal(Filter([.. tooMany.Select(name => (name, new[] { "v" }))])));
        Assert.True((await broker.Broker.Operations.RedriveAsync(source, Filter(("a", tooMany[1..])) with { MessagesPerSecond = QueueLimits.RedrivePerSecondMax }, default)).IsOk);
        Assert.Equal(ErrorCode.QueueNotFound, (await broker.Broker.Operations.RedriveAsync(BrokerHarness.Key("y"), new RedriveRequest(), default)).Error!.Code);

        static RedriveRequest Filter(params (string Name, string[] Values)[] attributes) =>
            new() { Filter = new RedriveFilter { Attributes = attributes.ToDictionary(one => one.Name, one => (IReadOnlyList<string>)one.Values) } };

        async Task<(ErrorCode, string?)> Refusal(RedriveRequest request)
        {
            BrokerError error = (await broker.Broker.Operations.RedriveAsync(source, request, default)).Error!;
            return (error.Code, error.Field);
        }
    }

    [Fact]
    public async Task Operations_are_listed_in_pages_newest_first_and_forgotten_in_the_end()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey source = await broker.Create("source");
        var started = new List<OperationId>();
        for (int i = 0; i < 5; i++) started.Add((await Redrive(broker, source, new RedriveRequest())).Id);
        started.Reverse();
        var listed = new List<OperationId>();
        string? token = null;
        do
        {
            OperationPage page = (await broker.Broker.Operations.ListAsync(Account, Space, 2, token, default)).Value;
            listed.AddRange(page.Operations.Select(operation => operation.Id));
            token = page.NextPageToken;
        }
        while (token is not null);
        Assert.Equal(started, listed);
        Assert.Equal("pageToken", (await broker.Broker.Operations.ListAsync(Account, Space, 2, "-1", default)).Error!.Field);
        Assert.Equal("pageSize", (await broker.Broker.Operations.ListAsync(Account, Space, 0, null, default)).Error!.Field);
        Assert.True(NamespaceName.TryParse("blue", out NamespaceName blue));
        Assert.Empty((await broker.Broker.Operations.ListAsync(Account, blue, 10, null, default)).Value.Operations);
        Assert.Equal(ErrorCode.OperationNotFound, (await broker.Broker.Operations.GetAsync(Account, blue, started[0], default)).Error!.Code);
        Assert.Equal(ErrorCode.OperationNotFound, (await broker.Broker.Operations.CancelAsync(Account, Space, default, default)).Error!.Code);
        broker.Advance(14 * 86_400);
        Assert.Empty((await broker.Broker.Operations.ListAsync(Account, Space, 10, null, default)).Value.Operations);
        Assert.Equal(ErrorCode.OperationNotFound, (await broker.Broker.Operations.GetAsync(Account, Space, started[0], default)).Error!.Code);
    }

    internal static async Task<LongOperation> Redrive(BrokerHarness broker, QueueKey queue, RedriveRequest request)
    {
        Result<LongOperation> started = await broker.Broker.Operations.RedriveAsync(queue, request, default);
        Assert.True(started.IsOk, started.Error?.Detail);
        return await End(broker, started.Value);
    }

    private static async Task<LongOperation> End(BrokerHarness broker, LongOperation operation)
    {
        for (int beat = 0; beat < 1_000; beat++)
        {
            await broker.Broker.MoveAsync();
            LongOperation now = await Get(broker, operation);
            if (now.EndedMs > 0) return now;
        }

        throw new TimeoutException("The operation does not end.");
    }

    private static async Task<LongOperation> Get(BrokerHarness broker, LongOperation operation) =>
        (await broker.Broker.Operations.GetAsync(Account, Space, operation.Id, default)).Value;

    private static async Task KillAll(BrokerHarness broker, QueueKey queue)
    {
        await broker.Receive(queue, lease: 0);
        await broker.Broker.MoveAsync();
    }

    private static async Task SendWith(BrokerHarness broker, QueueKey queue, string body, string color)
    {
        OutgoingMessage message = new()
        {
            Body = Encoding.UTF8.GetBytes(body),
            Attributes = [new MessageAttribute("color", AttributeKind.String, null, Encoding.UTF8.GetBytes(color)), new MessageAttribute("size", AttributeKind.Binary, null, "1"u8.ToArray())],
        };
        Assert.True((await broker.Broker.Queues.SendAsync(queue, new[] { message }, default)).IsOk);
    }
}
