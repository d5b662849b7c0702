using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Tests.Queues;

public sealed class LookAtMessageTests
{
    [Fact]
    public async Task A_look_tells_the_state_and_changes_nothing()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        MessageId ready = (await broker.Send(key, "a"))[0];
        MessageId delayed = (await broker.SendDelayed(key, 5_000, "b"))[0];
        long sent = broker.NowMs;

        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(new Seen(ready, MessageState.Ready, "a", sent, 0, 0, 0, 0), (await broker.Look(key, ready)).Value);
            Assert.Equal(new Seen(delayed, MessageState.Delayed, "b", sent, sent + 5_000, 0, 0, 0), (await broker.Look(key, delayed)).Value);
        }

        Assert.Equal(new QueueCounts(1, 0, 1), await broker.Counts(key));
        Assert.Equal(1, Assert.Single(await broker.Receive(key)).ReceiveCount);
    }

    [Fact]
    public async Task A_look_follows_a_message_through_its_states()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create(definition: new QueueDefinition { DelaySeconds = 2 });
        MessageId id = (await broker.Send(key, "a"))[0];
        long sent = broker.NowMs;
        Seen seen = (await broker.Look(key, id)).Value;
        Assert.Equal(MessageState.Delayed, seen.State);
        Assert.InRange(seen.AvailableAtMs, sent + 2_000, sent + 2_100);

        broker.Time.Advance(TimeSpan.FromMilliseconds(seen.AvailableAtMs - sent));
        Assert.Equal(MessageState.Ready, (await broker.Look(key, id)).Value.State);

        long now = broker.NowMs;
        Delivered delivered = Assert.Single(await broker.Receive(key, lease: 10));
        Assert.Equal(new Seen(id, MessageState.Leased, "a", sent, 0, now + 10_000, now, 1), (await broker.Look(key, id)).Value);

        await broker.Release(key, delivered.Receipt, 7);
        Assert.Equal(new Seen(id, MessageState.Delayed, "a", sent, now + 7_000, 0, now, 1), (await broker.Look(key, id)).Value);

        broker.Kill();
        broker.Advance(7);
        Assert.Equal(new Seen(id, MessageState.Ready, "a", sent, 0, 0, now, 1), (await broker.Look(key, id)).Value);

        await broker.Acknowledge(key, delivered.Receipt);
        Assert.Equal(ErrorCode.MessageNotFound, (await broker.Look(key, id)).Error?.Code);
    }

    [Fact]
    public async Task An_id_that_is_not_of_this_queue_is_not_found()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        QueueKey other = await broker.Create("other");
        MessageId foreign = (await broker.Send(other, "a"))[0];
        QueueKey gone = await broker.Create("gone");
        MessageId dead = (await broker.Send(gone, "a"))[0];
        Assert.True((await broker.Broker.Queues.DeleteAsync(gone, default)).IsOk);
        await broker.Create("gone");
        var random = new Random(1);
        byte[] chance = new byte[16];
        random.NextBytes(chance);

        foreach (MessageId id in (MessageId[])[foreign, dead, default, new MessageId(chance)])
        {
            Assert.Equal(ErrorCode.MessageNotFound, (await broker.Look(key, id)).Error?.Code);
            Assert.Equal(ErrorCode.MessageNotFound, await broker.Cancel(key, id));
        }

        Assert.Equal(ErrorCode.MessageNotFound, (await broker.Look(gone, dead)).Error?.Code);
        Assert.Equal(ErrorCode.QueueNotFound, (await broker.Look(BrokerHarness.Key("nobody"), foreign)).Error?.Code);
        Assert.Equal(ErrorCode.QueueNotFound, await broker.Cancel(BrokerHarness.Key("nobody"), foreign));
        Assert.True((await broker.Look(other, foreign)).IsOk);
    }

    [Fact]
    public async Task An_id_of_an_offset_that_is_not_sent_yet_is_not_found()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        await broker.Send(key, "a");
        MessageId[] ids = new MessageId[2];
        Assert.True(broker.Broker.QueueDirectory.TryGet(key, out LiveQueue? queue));
        broker.Broker.Keys.Identify(queue!.Stream.Id, [1, -1], ids);
        Assert.Equal(ErrorCode.MessageNotFound, (await broker.Look(key, ids[0])).Error?.Code);
        Assert.Equal(ErrorCode.MessageNotFound, (await broker.Look(key, ids[1])).Error?.Code);
        Assert.Equal(new MessagePlace(queue.Stream.Id, -1), broker.Broker.Keys.Locate(ids[1]));
    }

    [Fact]
    public async Task What_is_past_its_retention_is_not_shown_unless_someone_has_it()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create(definition: new QueueDefinition { RetentionSeconds = 60 });
        MessageId[] ids = await broker.Send(key, "leased", "ready");
        await broker.Receive(key, max: 1, lease: 300);
        broker.Advance(60);
        Assert.True((await broker.Look(key, ids[1])).IsOk);
        broker.Advance(0.001);
        Assert.Equal(ErrorCode.MessageNotFound, (await broker.Look(key, ids[1])).Error?.Code);
        Assert.Equal("leased", Assert.Single(await broker.BrowseAll(key)).Body);
        Assert.Equal(MessageState.Leased, (await broker.Look(key, ids[0])).Value.State);
    }
}
