using System.Text;
using Messaging.Broker.Messages;
using Messaging.Broker.Moves;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Tests.Moves;

/// <summary>Moves of messages with groups, priorities, expiry and ids.</summary>
public sealed class MovedLanesTests
{
    private static readonly QueueDefinition Fifo = new() { Type = QueueType.Fifo, Deduplication = new DeduplicationDefinition { ContentBased = true } };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_dead_message_is_in_the_way_of_its_group_until_it_has_moved(bool restart)
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey dead = await broker.Create("dead", Fifo);
        QueueKey queue = await broker.Create("q", Fifo with { DeadLetter = DeadLetterTests.To("dead", 1).DeadLetter });
        MessageId id = await Send(broker, queue, "a1", "a");
        await Send(broker, queue, "a2", "a");
        await Send(broker, queue, "b1", "b");
        Assert.Equal(["a1"], await Bodies(broker, queue, max: 1, lease: 5));
        Assert.Equal(["b1"], await Bodies(broker, queue, max: 5, lease: 60));
        broker.Advance(6);
        if (restart) await broker.Restart();
        await broker.Broker.MoveAsync();
        Assert.Equal(["a2"], await Bodies(broker, queue, max: 5, lease: 60));
        using ReceivedMessages moved = (await broker.Broker.Queues.ReceiveAsync(dead, new ReceiveRequest(5, 0, null), default)).Value;
        Assert.Equal((1, "a", id, id.ToString()), (moved.Count, moved[0].Group, moved[0].Id, moved[0].DeduplicationId));
        // A FIFO queue counts from the move, which the lease's end may have brought about a second ago.
        Assert.InRange(moved[0].SentAtMs, broker.NowMs - 1_000, broker.NowMs);
    }

    [Fact]
    public async Task Groups_keep_their_order_in_the_dead_letter_queue()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey dead = await broker.Create("dead", Fifo);
        QueueKey queue = await broker.Create("q", Fifo with { DeadLetter = DeadLetterTests.To("dead", 1).DeadLetter });
        foreach (string body in new[] { "a1", "b1", "a2", "b2" }) await Send(broker, queue, body, body[..1]);
        for (int round = 0; round < 2; round++)
        {
            await Bodies(broker, queue, max: 10, lease: 0);
            await broker.Broker.MoveAsync();
        }

        broker.Kill();
        string[] first = await Bodies(broker, dead, max: 10, lease: 60);
        Assert.Equal(["a1", "a2"], first.Where(body => body[0] == 'a'));
        Assert.Equal(["b1", "b2"], first.Where(body => body[0] == 'b'));
    }

    [Fact]
    public async Task A_priority_counts_in_the_next_queue_as_far_as_that_has_priorities()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey dead = await broker.Create("dead", new QueueDefinition { Priorities = 2 });
        QueueKey queue = await broker.Create("q", DeadLetterTests.To("dead", 1) with { Priorities = 5 });
        await Send(broker, queue, "low", null);
        await Send(broker, queue, "high", null, priority: 4);
        await Bodies(broker, queue, max: 10, lease: 0);
        await broker.Broker.MoveAsync();
        await broker.Restart();
        Assert.Equal(["high", "low"], await Bodies(broker, dead, max: 10, lease: 60));
    }

    [Fact]
    public async Task A_dead_message_does_not_expire_and_is_found_by_its_id_where_it_is()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey dead = await broker.Create("dead");
        QueueKey queue = await broker.Create("q", DeadLetterTests.To("dead", 1));
        MessageId id = await Send(broker, queue, "x", null, expiresMs: 60_000);
        await Bodies(broker, queue, max: 1, lease: 0);
        await broker.Broker.MoveAsync();
        broker.Advance(120);
        foreach (QueueKey asked in new[] { queue, dead })
        {
            using BrowsedMessages looked = (await broker.Broker.Queues.LookAsync(asked, id, default)).Value;
            Assert.Equal(dead, looked.Queue);
            Assert.Equal((id, queue, 0L), (looked.Messages[0].Id, looked.Messages[0].Origin!.Queue, looked.Messages[0].ExpiresAtMs));
        }

        Assert.Null((await broker.Broker.Queues.CancelAsync(dead, id, default)).Error);
        Assert.Equal(new QueueCounts(0, 0, 0), await broker.Counts(dead));
    }

    [Fact]
    public async Task A_purge_takes_what_is_set_aside_too()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey dead = await broker.Create("dead");
        QueueKey queue = await broker.Create("q", DeadLetterTests.To("dead", 1));
        await broker.Send(queue, "x", "y");
        Delivered[] received = await broker.Receive(queue, lease: 5);
        Assert.True(broker.Broker.TryGetState(queue, out QueueState? state));
        Assert.True((await broker.Broker.Queues.PurgeAsync(queue, default)).IsOk);
        Assert.Equal(0, state.Aside.Count);
        await broker.Send(queue, "z");
        broker.Advance(6);
        await broker.Broker.MoveAsync();
        Assert.Equal(new QueueCounts(0, 0, 0), await broker.Counts(dead));
        Assert.Equal("z", Assert.Single(await broker.Receive(queue)).Body);
        Assert.Equal(ErrorCode.MessageGone, (await broker.Broker.Queues.RejectAsync(queue, new[] { new RejectEntry(received[0].Receipt, null) }, default)).Value[0]!.Code);
    }

    private static async Task<string[]> Bodies(BrokerHarness broker, QueueKey queue, int max, int lease) =>
        [.. (await broker.Receive(queue, max, lease: lease)).Select(message => message.Body)];

    private static async Task<MessageId> Send(BrokerHarness broker, QueueKey queue, string body, string? group, int priority = 0, long expiresMs = 0)
    {
        OutgoingMessage message = new() { Body = Encoding.UTF8.GetBytes(body), Group = group, Priority = priority, ExpiresInMilliseconds = expiresMs };
        Result<SendOutcome[]> sent = await broker.Broker.Queues.SendAsync(queue, new[] { message }, default);
        Assert.Null(sent.Error ?? sent.Value[0].Error);
        return sent.Value[0].Id;
    }
}
