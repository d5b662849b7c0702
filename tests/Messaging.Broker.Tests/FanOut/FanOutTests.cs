using System.Text;
using Messaging.Broker.FanOut;
using Messaging.Broker.Filters;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Tests.Subscriptions;
using Messaging.Broker.Tests.Topics;
using Messaging.Broker.Topics;
using Messaging.Storage;

namespace Messaging.Broker.Tests.FanOut;

/// <summary>What is published reaches the queues that subscribe, in the same command.</summary>
public sealed class FanOutTests
{
    [Fact]
    public async Task A_publish_reaches_every_queue_before_it_is_answered()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        QueueKey[] queues = await harness.SubscribeQueues(3);

        PublishOutcome outcome = Assert.Single(await harness.Publish(topic, TopicCalls.Record("hello")));

        Assert.Equal((0, 0L), (outcome.Partition, outcome.Offset));
        Assert.Equal("hello", Assert.Single(await harness.Fetch(topic)).Value);
        foreach (QueueKey queue in queues) Assert.Equal(["hello"], (await harness.Receive(queue)).Select(message => message.Body));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Copies_are_there_after_a_restart_as_they_were_before(bool isClean)
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        QueueKey[] queues = await harness.SubscribeQueues(3);
        await harness.Publish(topic, [.. Enumerable.Range(0, 30).Select(number => TopicCalls.Record($"m{number}"))]);
        Delivered[] before = await harness.Receive(queues[0]);
        Assert.Null(await harness.Acknowledge(queues[0], before[0].Receipt));

        if (isClean) await harness.Restart();
        else harness.Kill();

        Assert.Equal(29, await Total(harness, queues[0]));
        Assert.Equal(30, await Total(harness, queues[2]));
        Delivered[] after = await harness.Receive(queues[1], 30);
        Assert.Equal(Enumerable.Range(0, 30).Select(number => $"m{number}"), after.Select(message => message.Body));
        Assert.Equal(30, (await harness.Fetch(topic)).Length);
    }

    [Fact]
    public async Task Every_copy_has_an_id_of_its_own_and_tells_the_record_that_it_is_one_of()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic(definition: new TopicDefinition { Partitions = 2 });
        QueueKey[] queues = await harness.SubscribeQueues(2);
        await harness.Publish(topic, TopicCalls.Record("first", partition: 1), TopicCalls.Record("second", partition: 1));

        ReceivedMessage[] copies = [.. await harness.ReceiveWhole(queues[0]), .. await harness.ReceiveWhole(queues[1])];
        Assert.Equal(4, copies.Select(copy => copy.Id).Distinct().Count());
        Assert.Equal(copies[0].PublishedId, copies[2].PublishedId);
        Assert.Equal(copies[1].PublishedId, copies[3].PublishedId);
        Assert.NotEqual(copies[0].PublishedId, copies[1].PublishedId);
        Assert.NotNull(copies[0].PublishedId);
    }

    // What only one stream has is stored in batches of 32 KiB.
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public async Task Many_records_reach_the_only_queue_in_whatever_form(bool isRaw, bool hasOwnTime)
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        QueueKey queue = (await harness.SubscribeQueues(1, raw: isRaw))[0];
        await harness.Publish(topic, [.. Enumerable.Range(0, 500).Select(number => TopicCalls.Record($"{number:D900}", timestampMs: hasOwnTime ? 5 : null))]);
        harness.Kill();

        Assert.Equal(500, (await harness.Receive(queue, 500)).Length);
        Assert.Equal(500, (await harness.Fetch(topic)).Length);
    }

    [Fact]
    public async Task Filters_choose_by_attributes_and_by_body()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        QueueKey all = await harness.Create("all"), orders = await harness.Create("orders"), large = await harness.Create("large");
        await harness.Subscribe("all", SubscriptionCalls.To("all"));
        await harness.Subscribe("orders", SubscriptionCalls.To("orders") with { Filter = new SubscriptionFilter(FilterScope.Attributes, """{"kind":["order"]}""") });
        await harness.Subscribe("large", SubscriptionCalls.To("large") with { Filter = new SubscriptionFilter(FilterScope.Body, """{"amount":[{"numeric":[">=",100]}]}""") });

        await harness.Publish(topic, Kinded("order", """{"amount":1}"""), Kinded("order", """{"amount":100}"""), Kinded("note", """{"amount":500}"""), Kinded("note", "text"));

        Assert.Equal(4, (await harness.Receive(all)).Length);
        Assert.Equal(["""{"amount":1}""", """{"amount":100}"""], (await harness.Receive(orders)).Select(message => message.Body));
        Assert.Equal(["""{"amount":100}""", """{"amount":500}"""], (await harness.Receive(large)).Select(message => message.Body));
        Assert.Equal(4, (await harness.Fetch(topic)).Length);
    }

    [Fact]
    public async Task A_copy_has_the_headers_as_attributes_and_the_key_as_its_group()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        QueueKey queue = (await harness.SubscribeQueues(1))[0];
        await harness.Publish(topic, new OutgoingRecord
        {
            Key = TopicCalls.Bytes("customer"),
            Value = TopicCalls.Bytes("{}"),
            ContentType = "application/json",
            Headers = [new RecordHeader("text", TopicCalls.Bytes("ü")), new RecordHeader("bytes", new byte[] { 0xFF, 0x00 }), new RecordHeader("none", null)],
        });

        ReceivedMessage copy = Assert.Single(await harness.ReceiveWhole(queue));
        Assert.Equal(("customer", "application/json"), (copy.Group, copy.ContentType));
        Assert.Equal(["text", "bytes", "none"], copy.Attributes.Select(attribute => attribute.Name));
        Assert.Equal([AttributeKind.String, AttributeKind.Binary, AttributeKind.String], copy.Attributes.Select(attribute => attribute.Kind));
        Assert.Equal("ü", Encoding.UTF8.GetString(copy.Attributes[0].Value.Span));
        Assert.Equal(0, copy.Attributes[2].Value.Length);
    }

    [Fact]
    public async Task A_key_that_can_be_no_group_is_none()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        QueueKey queue = (await harness.SubscribeQueues(1))[0];
        await harness.Publish(topic, new OutgoingRecord { Key = new byte[] { 0xC0, 0x80 }, Value = TopicCalls.Bytes("a") }, new OutgoingRecord { Key = new byte[300], Value = TopicCalls.Bytes("b") });

        Assert.All(await harness.ReceiveWhole(queue), copy => Assert.Null(copy.Group));
    }

    [Fact]
    public async Task A_tombstone_and_a_time_of_its_own_reach_queues_too()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        QueueKey queue = (await harness.SubscribeQueues(1))[0];
        long now = harness.NowMs;
        await harness.Publish(topic, TopicCalls.Record(null, "k"), TopicCalls.Record("old", timestampMs: 5), TopicCalls.Record("older", timestampMs: 4), TopicCalls.Record("new"));

        Delivered[] copies = await harness.Receive(queue);
        Assert.Equal(["", "old", "older", "new"], copies.Select(copy => copy.Body));
        Assert.All(copies, copy => Assert.InRange(copy.SentAtMs, now, now + 1_000));
        Fetched[] records = await harness.Fetch(topic);
        Assert.Equal([null, "old", "older", "new"], records.Select(record => record.Value));
        Assert.Equal([0, 1, 2, 3], records.Select(record => record.Offset));
        Assert.Equal([5, 4], records[1..3].Select(record => record.TimestampMs));
    }

    [Fact]
    public async Task The_queues_own_delay_holds()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        QueueKey late = await harness.Create("late", new QueueDefinition { DelaySeconds = 60 }), soon = await harness.Create("soon");
        await harness.Subscribe("late", SubscriptionCalls.To("late"));
        await harness.Subscribe("soon", SubscriptionCalls.To("soon"));
        await harness.Publish(topic, TopicCalls.Record("m", "with a group"), TopicCalls.Record("n"));

        Assert.Equal(2, (await harness.Receive(soon)).Length);
        Assert.Empty(await harness.Receive(late));
        harness.Kill();
        Assert.Equal(2, (await harness.Counts(late)).Delayed);
        harness.Advance(61);
        Assert.Equal(["m", "n"], (await harness.Receive(late)).Select(message => message.Body).Order());
    }

    [Fact]
    public async Task Who_waits_is_woken()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        QueueKey queue = (await harness.SubscribeQueues(1))[0];
        Task<Delivered[]> waiting = harness.Receive(queue, wait: 20);
        Assert.False(waiting.IsCompleted);
        await harness.Publish(topic, TopicCalls.Record("m"));

        Assert.Equal("m", Assert.Single(await waiting).Body);
    }

    [Fact]
    public async Task A_paused_or_deleted_subscription_gets_nothing_and_a_changed_one_what_it_says_now()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        QueueKey[] queues = await harness.SubscribeQueues(3);
        Assert.True((await harness.Broker.Subscriptions.PauseAsync(SubscriptionCalls.Subscription("s0"), isPaused: true, default)).IsOk);
        Assert.True((await harness.Broker.Subscriptions.DeleteAsync(SubscriptionCalls.Subscription("s1"), default, default)).IsOk);
        await harness.Subscribe("s2", SubscriptionCalls.To("q2") with { Filter = new SubscriptionFilter(FilterScope.Attributes, """{"kind":["order"]}""") });

        await harness.Publish(topic, TopicCalls.Record("m"), Kinded("order", "o"));

        Assert.Empty(await harness.Receive(queues[0]));
        Assert.Empty(await harness.Receive(queues[1]));
        Assert.Equal(["o"], (await harness.Receive(queues[2])).Select(message => message.Body));
    }

    [Fact]
    public async Task What_a_queue_that_is_gone_would_get_goes_to_the_dead_letter_queue_and_to_a_new_queue_of_its_name()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        QueueKey queue = await harness.Create("q"), dead = await harness.Create("dead");
        await harness.Subscribe("s", SubscriptionCalls.To("q") with { DeadLetter = dead.Name });
        Assert.True((await harness.Broker.Queues.DeleteAsync(queue, default)).IsOk);
        await harness.Publish(topic, Kinded("order", "lost"));
        await harness.Create("q");
        await harness.Publish(topic, TopicCalls.Record("found"));

        ReceivedMessage letter = Assert.Single(await harness.ReceiveWhole(dead));
        Assert.Equal("lost", BrokerHarness.Text(letter));
        Assert.Equal(["kind", "ErrorCode", "ErrorMessage"], letter.Attributes.Select(attribute => attribute.Name));
        Assert.Equal(["found"], (await harness.Receive(queue)).Select(message => message.Body));
    }

    [Fact]
    public async Task Many_records_to_many_queues_that_are_gone_ask_for_each_queue_once()
    {
        const int Queues = 200, Records = 1_000;
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        foreach (QueueKey queue in await harness.SubscribeQueues(Queues)) Assert.True((await harness.Broker.Queues.DeleteAsync(queue, default)).IsOk);
        Assert.True(harness.Broker.TopicHost.Topics.TryGet(topic, out LiveTopic? live));
        byte[] body = new byte[TopicRecordEncoder.Measure(TopicCalls.Record("m")) + PublishedPlace.Bytes];
        int length = TopicRecordEncoder.Write(body, TopicCalls.Record("m"), hasPlace: true);

        using FanOutCall? call = FanOutCall.Begin(harness.Broker.TopicHost.Shared, live.Subscriptions, topic, Records, isOrdered: false);
        for (int i = 0; i < Records; i++) call!.Add(live.First.Stream, body.AsMemory(0, length), isShared: true);
        long before = GC.GetAllocatedBytesForCurrentThread();
        call!.Match();

        // What is asked inside of the sequencer is remembered here.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1_024);
        Assert.False(FanOutCall.IsStale(live.Subscriptions, call));
        await harness.Create("q7");
        Assert.True(FanOutCall.IsStale(live.Subscriptions, call));
    }

    [Fact]
    public async Task Several_subscriptions_may_have_one_dead_letter_queue()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        QueueKey dead = await harness.Create("dead");
        for (int i = 0; i < 3; i++)
        {
            QueueKey queue = await harness.Create($"q{i}");
            await harness.Subscribe($"s{i}", SubscriptionCalls.To($"q{i}") with { DeadLetter = dead.Name });
            Assert.True((await harness.Broker.Queues.DeleteAsync(queue, default)).IsOk);
        }

        await harness.Publish(topic, TopicCalls.Record("lost"));
        await harness.Restart();
        await harness.Publish(topic, TopicCalls.Record("lost too"));
        await harness.Broker.DisposeAsync();
        Assert.Empty(Storage.Check.FolderCheck.Run(harness.Disk).Damages);
        await harness.Restart();

        Assert.Equal(["lost", "lost", "lost", "lost too", "lost too", "lost too"], (await harness.Receive(dead)).Select(message => message.Body));
    }

    [Fact]
    public async Task One_dead_letter_queue_gets_what_each_of_two_subscriptions_can_not_deliver()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        QueueKey[] queues = [await harness.Create("q0"), await harness.Create("q1")];
        QueueKey dead = await harness.Create("dead");
        for (int i = 0; i < queues.Length; i++) await harness.Subscribe($"s{i}", SubscriptionCalls.To($"q{i}") with { DeadLetter = dead.Name });
        foreach (QueueKey queue in queues) Assert.True((await harness.Broker.Queues.DeleteAsync(queue, default)).IsOk);
        await harness.Publish(topic, TopicCalls.Record("a"), TopicCalls.Record("b", "k"));
        harness.Kill();

        Delivered[] letters = await harness.Receive(dead);
        Assert.Equal(["a", "a", "b", "b"], letters.Select(message => message.Body).Order());
        foreach (Delivered letter in letters) Assert.Null(await harness.Acknowledge(dead, letter.Receipt));
        await harness.Restart();
        Assert.Equal(0, await Total(harness, dead));
    }

    [Fact]
    public async Task More_queues_than_one_shared_entry_has_get_it_too()
    {
        const int Queues = 4_500;
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        QueueKey[] queues = await harness.SubscribeQueues(Queues);
        await harness.Publish(topic, TopicCalls.Record("m"), TopicCalls.Record("n"));
        harness.Kill();

        foreach (QueueKey queue in queues) Assert.Equal(["m", "n"], (await harness.Receive(queue)).Select(message => message.Body));
    }

    [Fact]
    public async Task A_transaction_fans_out_with_all_that_it_does()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        QueueKey[] queues = await harness.SubscribeQueues(2);
        Result<Broker.Transactions.TransactionResult[]> done = await harness.Broker.Transactions.RunAsync(
            [
                new Broker.Transactions.TransactionOperation.Publish(topic, new[] { TopicCalls.Record("published") }),
                new Broker.Transactions.TransactionOperation.Send(queues[0], new[] { new OutgoingMessage { Body = "sent"u8.ToArray() } }),
            ],
            null,
            default);

        Assert.True(done.IsOk, done.Error?.Detail);
        Assert.Equal(["published", "sent"], (await harness.Receive(queues[0])).Select(message => message.Body));
        Assert.Equal(["published"], (await harness.Receive(queues[1])).Select(message => message.Body));
    }

    [Fact]
    public async Task Subscriptions_that_come_while_others_publish_miss_nothing_that_is_answered_later()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        for (int i = 0; i < 20; i++) await harness.Create($"q{i}");
        int published = 0;
        using var stop = new CancellationTokenSource();
        Task[] publishers = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await harness.Publish(topic, TopicCalls.Record($"{Interlocked.Increment(ref published)}"));
            }
        }))];

        int[] before = new int[20];
        for (int i = 0; i < 20; i++)
        {
            await harness.Subscribe($"s{i}", SubscriptionCalls.To($"q{i}"));
            before[i] = Volatile.Read(ref published);
            while (Volatile.Read(ref published) < before[i] + 10) await Task.Yield();
        }

        await stop.CancelAsync();
        await Task.WhenAll(publishers);
        Fetched[] records = await harness.Fetch(topic, bytesMax: 10 << 20);
        for (int i = 0; i < 20; i++)
        {
            // All that began after the subscription was answered, and a run of the topic's records without a gap.
            string[] copies = [.. (await Drain(harness, BrokerHarness.Key($"q{i}"))).Select(message => message.Body)];
            Assert.Equal(records[^copies.Length..].Select(record => record.Value), copies);
            Assert.True(copies.Length >= published - before[i] - 4);
        }
    }

    [Fact]
    public async Task Queues_that_are_made_anew_while_others_publish_have_all_from_their_first_copy_on()
    {
        const int Rounds = 50;
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        QueueKey queue = (await harness.SubscribeQueues(1))[0];
        using var stop = new CancellationTokenSource();
        Task[] publishers = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested) await harness.Publish(topic, TopicCalls.Record("m"));
        }))];

        for (int round = 0; round < Rounds; round++)
        {
            Assert.True((await harness.Broker.Queues.DeleteAsync(queue, default)).IsOk);
            await harness.Create("q0");
            long[] offsets = await PlacesOf(harness, queue, atLeast: 8);
            Assert.Equal(Enumerable.Range(0, offsets.Length).Select(number => offsets[0] + number), offsets);
        }

        await stop.CancelAsync();
        await Task.WhenAll(publishers);
    }

    // Where the records stand in their partition whose copies the queue has, in its order.
    private static async Task<long[]> PlacesOf(BrokerHarness harness, QueueKey queue, int atLeast)
    {
        Assert.True(harness.Broker.QueueDirectory.TryGet(queue, out LiveQueue? live));
        while (live.Stream.SyncedNext < atLeast) await Task.Yield();
        long[] offsets = [.. Enumerable.Range(0, atLeast).Select(number => (long)number)];
        using RecordSet records = harness.Broker.Engine.Read(live.Stream, offsets);
        for (int i = 0; i < offsets.Length; i++)
        {
            Assert.True(RecordDecoder.TryRead(records[i].Body, out RecordDecoder.Decoded decoded));
            offsets[i] = decoded.PublishedAt!.Value.Offset;
        }

        return offsets;
    }

    private static OutgoingRecord Kinded(string kind, string value) => new() { Value = TopicCalls.Bytes(value), Headers = [new RecordHeader("kind", TopicCalls.Bytes(kind))] };

    private static async Task<long> Total(BrokerHarness harness, QueueKey queue)
    {
        QueueCounts counts = await harness.Counts(queue);
        return counts.Ready + counts.Leased + counts.Delayed;
    }

    private static async Task<List<Delivered>> Drain(BrokerHarness harness, QueueKey queue)
    {
        var all = new List<Delivered>();
        while (await harness.Receive(queue, 1_000) is { Length: > 0 } some) all.AddRange(some);
        return all;
    }
}
