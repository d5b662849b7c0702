using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Tests.Queues;

public sealed class MaxMessagesTests
{
    private static readonly QueueDefinition Three = new() { MaxMessages = 3 };

    [Fact]
    public async Task The_first_ones_of_a_batch_fit_and_the_rest_are_refused()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create(definition: Three);
        await broker.Send(key, "0");
        SendOutcome[] sent = (await broker.Broker.Queues.SendAsync(key, Enumerable.Repeat(new OutgoingMessage(), 4).ToArray(), default)).Value;
        Assert.Equal([null, null, ErrorCode.QueueFull, ErrorCode.QueueFull], sent.Select(outcome => outcome.Error?.Code));
        Assert.Equal(sent[..2].Select(outcome => outcome.Id), (await broker.BrowseAll(key))[1..].Select(seen => seen.Id));
        Assert.Equal(ErrorCode.QueueFull, await Send(broker, key));
    }

    [Fact]
    public async Task Messages_count_in_any_state_until_they_are_gone()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create(definition: Three);
        MessageId delayed = (await broker.SendDelayed(key, 60_000, "delayed"))[0];
        await broker.Send(key, "leased", "ready");
        Delivered held = Assert.Single(await broker.Receive(key, max: 1, lease: 600));
        Assert.Equal(ErrorCode.QueueFull, await Send(broker, key));
        Assert.Null(await broker.Cancel(key, delayed));
        Assert.Null(await Send(broker, key));
        Assert.Equal(ErrorCode.QueueFull, await Send(broker, key));
        Assert.Null(await broker.Acknowledge(key, held.Receipt));
        Assert.Null(await Send(broker, key));
        Assert.Equal(ErrorCode.QueueFull, await Send(broker, key));
        Assert.Equal(3, await broker.Purge(key));
        Assert.Null(await Send(broker, key));
    }

    [Fact]
    public async Task Lowering_it_keeps_the_messages_and_raising_it_makes_room()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create(definition: Three);
        await broker.Send(key, "a", "b", "c");
        await broker.Create(definition: new QueueDefinition { MaxMessages = 1 });
        Assert.Equal(new QueueCounts(3, 0, 0), await broker.Counts(key));
        Assert.Equal(ErrorCode.QueueFull, await Send(broker, key));
        broker.Kill();
        Assert.Equal(ErrorCode.QueueFull, await Send(broker, key));
        await broker.Create(definition: new QueueDefinition { MaxMessages = 4 });
        Assert.Null(await Send(broker, key));
        Assert.Equal(ErrorCode.QueueFull, await Send(broker, key));
    }

    [Fact]
    public async Task It_is_exact_while_many_send_at_once()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create(definition: new QueueDefinition { MaxMessages = 100 });
        Result<SendOutcome[]>[] sent = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => broker.Broker.Queues.SendAsync(key, Enumerable.Repeat(new OutgoingMessage(), 7).ToArray(), default).AsTask())));
        Assert.Equal(100, sent.Sum(one => one.Value.Count(outcome => outcome.Error is null)));
        Assert.All(sent.SelectMany(one => one.Value), outcome => Assert.True(outcome.Error?.Code is null or ErrorCode.QueueFull));
        Assert.Equal(new QueueCounts(100, 0, 0), await broker.Counts(key));
    }

    private static async Task<ErrorCode?> Send(BrokerHarness broker, QueueKey key) => (await broker.Broker.Queues.SendAsync(key, new[] { new OutgoingMessage() }, default)).Value[0].Error?.Code;
}
