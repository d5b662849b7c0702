using Messaging.Broker.Catalog;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Operations;
using Messaging.Broker.Queues;
using Messaging.Broker.Tests.Moves;
using Messaging.Broker.Tests.Subscriptions;
using Messaging.Broker.Tests.Topics;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Tests.Catalog;

public sealed class ResetTests
{
    [Fact]
    public async Task All_queues_of_all_accounts_go_with_what_they_hold()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        Assert.True(AccountId.TryParse("111122223333", out AccountId other));
        await broker.Create("dead");
        QueueKey queue = await broker.Create("q", DeadLetterTests.To("dead", 1));
        await broker.Send(queue, "a");
        Receipt receipt = Assert.Single(await broker.Receive(queue)).Receipt;
        foreach (QueueKey key in new[] { BrokerHarness.Key("q", "blue"), queue with { Account = other } })
        {
            Assert.True((await broker.Broker.Queues.PutAsync(key, new QueueDefinition(), default)).IsOk);
        }

        for (int i = 0; i < CatalogLimits.ResetBatchMax; i++) await broker.Create($"many{i}");
        Task<Result<ReceivedMessages>> waiting = broker.Broker.Queues.ReceiveAsync(queue, new ReceiveRequest(1, 60, null), default).AsTask();
        Assert.Equal(0, broker.Broker.Definitions.Resets);
        Assert.Equal(new ResetCounts(CatalogLimits.ResetBatchMax + 4, 0), (await broker.Broker.Definitions.ResetAsync(default)).Value);
        Assert.Equal(1, broker.Broker.Definitions.Resets);
        Assert.False((await waiting).IsOk);

        broker.Kill();
        Assert.Equal(0, broker.Broker.QueueDirectory.Count);
        Assert.Equal(default, (await broker.Broker.Definitions.ResetAsync(default)).Value);
        await broker.Create("q");
        Assert.Equal(ErrorCode.ReceiptOfAnotherQueue, await broker.Acknowledge(queue, receipt));
        Assert.Equal(default, await broker.Counts(queue));
    }

    [Fact]
    public async Task All_topics_of_all_accounts_go_with_their_records()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        Assert.True(AccountId.TryParse("111122223333", out AccountId other));
        TopicKey topic = await broker.CreateTopic("t", new TopicDefinition { Partitions = 2 });
        await broker.Publish(topic, 1, "a");
        Assert.True((await broker.Broker.Topics.PutAsync(topic with { Account = other }, new TopicDefinition(), default, default)).IsOk);
        foreach (string wide in new[] { "wide", "wider" }) await broker.CreateTopic(wide, new TopicDefinition { Partitions = TopicLimits.PartitionsMax });
        for (int i = 0; i < CatalogLimits.ResetBatchMax; i++) await broker.CreateTopic($"many{i}");
        await broker.Create("t");
        var request = new FetchRequest(FetchRequest.Latest, 1_000, TimeSpan.FromSeconds(60));
        Task<Result<FetchedRecords>> waiting = broker.Broker.Topics.FetchAsync(topic, 0, request, default).AsTask();

        Assert.Equal(new ResetCounts(1, CatalogLimits.ResetBatchMax + 4), (await broker.Broker.Definitions.ResetAsync(default)).Value);
        Result<FetchedRecords> waited = await waiting;
        if (waited.IsOk) waited.Value.Dispose();

        broker.Kill();
        Assert.Equal(ErrorCode.TopicNotFound, await broker.FetchError(topic, 1, 0));
        Assert.Equal(default, (await broker.Broker.Definitions.ResetAsync(default)).Value);
        await broker.CreateTopic("t", new TopicDefinition { Partitions = 2 });
        Assert.Empty(await broker.Fetch(topic, 1));
    }

    [Fact]
    public async Task Subscriptions_go_with_their_topics()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        await broker.CreateTopic("t");
        await broker.CreateTopic("u");
        for (int i = 0; i < 3; i++)
        {
            await broker.Create($"q{i}");
            await broker.Subscribe($"s{i}", SubscriptionCalls.To($"q{i}"), i == 0 ? "u" : "t");
        }

        Assert.Equal(new ResetCounts(3, 2, 3), (await broker.Broker.Definitions.ResetAsync(default)).Value);
        Assert.Equal(0, broker.Broker.SubscriptionDirectory.Count);
        broker.Kill();
        Assert.Equal(0, broker.Broker.SubscriptionDirectory.Count);
        await broker.CreateTopic("t");
        Assert.Empty(await broker.ListSubscriptions());
    }

    [Fact]
    public async Task Redrives_end()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey source = await broker.Create("source");
        QueueKey target = await broker.Create("target");
        await broker.Send(source, "a", "b", "c");
        LongOperation started = (await broker.Broker.Operations.RedriveAsync(source, new RedriveRequest { Destination = target.Name, MessagesPerSecond = 1 }, default)).Value;
        Assert.Equal(new ResetCounts(2, 0), (await broker.Broker.Definitions.ResetAsync(default)).Value);
        LongOperation ended = (await broker.Broker.Operations.GetAsync(AccountId.Default, NamespaceName.Default, started.Id, default)).Value;
        Assert.True(ended.HasEnded, $"{ended.Status}");
        broker.Kill();
        ended = (await broker.Broker.Operations.GetAsync(AccountId.Default, NamespaceName.Default, started.Id, default)).Value;
        Assert.True(ended.HasEnded, $"{ended.Status}");
    }

    [Fact]
    public async Task One_that_is_cancelled_before_deletes_nothing()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        await broker.Create();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await broker.Broker.Definitions.ResetAsync(new CancellationToken(canceled: true)));
        Assert.Equal((1, 0), (broker.Broker.QueueDirectory.Count, broker.Broker.Definitions.Resets));
    }
}
