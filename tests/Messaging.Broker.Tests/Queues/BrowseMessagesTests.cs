using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Tests.Queues;

public sealed class BrowseMessagesTests
{
    [Fact]
    public async Task Pages_come_in_order_and_hold_each_message_once_while_others_come_and_go()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        await broker.Send(key, [.. Enumerable.Range(0, 20).Select(number => $"{number}")]);
        Delivered[] first = await broker.Receive(key, max: 3);

        (Seen[] page, string? next) = await broker.Browse(key, limit: 7);
        Assert.Equal(Enumerable.Range(0, 7).Select(number => $"{number}"), page.Select(seen => seen.Body));
        Assert.Equal(Enumerable.Repeat(MessageState.Leased, 3).Concat(Enumerable.Repeat(MessageState.Ready, 4)), page.Select(seen => seen.State));

        foreach (Delivered delivered in first) await broker.Acknowledge(key, delivered.Receipt);
        await broker.Acknowledge(key, (await broker.Receive(key, max: 6))[5].Receipt);
        await broker.Send(key, "20");
        broker.Kill();

        List<Seen> rest = [];
        while (next is not null)
        {
            (page, next) = await broker.Browse(key, after: next, limit: 7);
            rest.AddRange(page);
        }

        Assert.Equal(Enumerable.Range(7, 14).Where(number => number != 8).Select(number => $"{number}"), rest.Select(seen => seen.Body));
    }

    [Fact]
    public async Task A_state_is_asked_for()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create(definition: new QueueDefinition { DelaySeconds = 30 });
        await broker.SendDelayed(key, 0, "leased", "ready", "given back");
        await broker.Send(key, "marked");
        await broker.SendDelayed(key, 10_000, "own");
        Delivered[] held = await broker.Receive(key, max: 3, lease: 60);
        await broker.Release(key, held[1].Receipt);
        await broker.Release(key, held[2].Receipt, 20);

        Assert.Equal(["ready"], Bodies(await broker.BrowseAll(key, MessageState.Ready)));
        Assert.Equal(["leased"], Bodies(await broker.BrowseAll(key, MessageState.Leased)));
        Assert.Equal(["given back", "marked", "own"], Bodies(await broker.BrowseAll(key, MessageState.Delayed)));
        await broker.Restart();
        Assert.Equal(["given back", "marked", "own"], Bodies(await broker.BrowseAll(key, MessageState.Delayed, limit: 1)));
        broker.Advance(10);
        Assert.Equal(["ready", "own"], Bodies(await broker.BrowseAll(key, MessageState.Ready)));
        broker.Advance(21);
        Assert.Equal(["ready", "given back", "marked", "own"], Bodies(await broker.BrowseAll(key, MessageState.Ready)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("not a token")]
    public async Task A_forged_token_is_refused(string token)
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        Assert.Equal((ErrorCode.InvalidValue, "after"), await Refused(broker, key, new BrowseRequest(null, token, 10)));
    }

    [Fact]
    public async Task A_token_is_good_for_its_queue_only_and_dies_with_it()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        QueueKey other = await broker.Create("other");
        await broker.Send(key, "a", "b");
        await broker.Send(other, "a", "b");
        string next = (await broker.Browse(key, limit: 1)).Next!;
        Assert.Equal("b", Assert.Single((await broker.Browse(key, after: next)).Page).Body);
        Assert.Equal((ErrorCode.InvalidValue, "after"), await Refused(broker, other, new BrowseRequest(null, next, 10)));
        for (int i = 0; i < next.Length; i++)
        {
            string forged = next[..i] + (next[i] == 'A' ? 'B' : 'A') + next[(i + 1)..];
            Assert.Equal((ErrorCode.InvalidValue, "after"), await Refused(broker, key, new BrowseRequest(null, forged, 10)));
        }

        Assert.True((await broker.Broker.Queues.DeleteAsync(key, default)).IsOk);
        await broker.Create();
        await broker.Send(key, "new", "new");
        Assert.Equal((ErrorCode.InvalidValue, "after"), await Refused(broker, key, new BrowseRequest(null, next, 10)));
    }

    [Fact]
    public async Task A_receipts_mac_does_not_pass_for_a_tokens()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        await broker.Send(key, "a");
        Receipt receipt = Assert.Single(await broker.Receive(key)).Receipt;
        string forged = new PageToken(receipt.Offset, receipt.Mac).ToString();
        Assert.Equal((ErrorCode.InvalidValue, "after"), await Refused(broker, key, new BrowseRequest(null, forged, 10)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_001)]
    [InlineData(-1)]
    public async Task A_limit_out_of_its_range_is_refused(int limit)
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        Assert.Equal((ErrorCode.InvalidValue, "limit"), await Refused(broker, key, new BrowseRequest(null, null, limit)));
    }

    [Fact]
    public async Task One_look_is_bounded_and_the_page_is_short_then()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        string[] bodies = [.. Enumerable.Repeat("x", 1_000)];
        for (int i = 0; i < 10; i++) await broker.Send(key, bodies);
        await broker.SendDelayed(key, 60_000, "late");

        (Seen[] page, string? next) = await broker.Browse(key, MessageState.Delayed);
        Assert.Empty(page);
        Assert.NotNull(next);
        Assert.Equal("late", Assert.Single((await broker.Browse(key, MessageState.Delayed, next)).Page).Body);
        Assert.Equal(10_001, (await broker.BrowseAll(key)).Length);
    }

    [Fact]
    public async Task A_page_ends_where_its_bodies_reach_the_bound_of_an_answer()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create(definition: new QueueDefinition { MaxMessageBytes = MessageLimits.MessageBytesMax });
        string large = new('x', 6 << 20);
        for (int i = 0; i < 4; i++) await broker.Send(key, large);
        (Seen[] page, string? next) = await broker.Browse(key);
        Assert.Equal(2, page.Length);
        (page, next) = await broker.Browse(key, after: next);
        Assert.Equal((2, null), (page.Length, next));
    }

    private static IEnumerable<string> Bodies(Seen[] messages) => messages.Select(seen => seen.Body);

    private static async Task<(ErrorCode?, string?)> Refused(BrokerHarness broker, QueueKey key, BrowseRequest request)
    {
        Result<BrowsedMessages> found = await broker.Broker.Queues.BrowseAsync(key, request, default);
        return (found.Error?.Code, found.Error?.Field);
    }
}
