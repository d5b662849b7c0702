using Messaging.Broker.Names;
using Messaging.Broker.Producers;
using Messaging.Broker.Tests.Topics;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Tests.Producers;

/// <summary>The calls of a test on producers and transactions in few words.</summary>
internal static class ProducerCalls
{
    public static async Task<ProducerIdentity> Init(this BrokerHarness harness, string? transactionalId = null, int timeoutSeconds = 60)
    {
        ProducerKey? key = TransactionalId.TryParse(transactionalId, out TransactionalId id) ? new ProducerKey(AccountId.Default, NamespaceName.Default, id) : null;
        Result<ProducerIdentity> producer = await harness.Broker.Transactions.InitProducerAsync(key, timeoutSeconds, default);
        Assert.True(producer.IsOk, producer.Error?.Detail);
        return producer.Value;
    }

    public static async Task Begin(this BrokerHarness harness, ProducerIdentity producer)
    {
        Result<DateTimeOffset> began = await harness.Broker.Transactions.BeginAsync(AccountId.Default, producer, default);
        Assert.True(began.IsOk, began.Error?.Detail);
    }

    public static async Task<ProducerIdentity> End(this BrokerHarness harness, ProducerIdentity producer, bool isCommit)
    {
        Result<ProducerIdentity> ended = await harness.Broker.Transactions.EndAsync(AccountId.Default, producer, isCommit, default);
        Assert.True(ended.IsOk, ended.Error?.Detail);
        return ended.Value;
    }

    /// <summary>Publishes into partition 0 from a sequence on.</summary>
    public static async Task<PublishOutcome[]> Publish(this BrokerHarness harness, TopicKey topic, ProducerIdentity producer, int sequence, params string[] values)
    {
        OutgoingRecord[] records = [.. values.Select((value, i) => ProducersTests.Numbered(value, 0, sequence + i))];
        Result<PublishOutcome[]> published = await harness.Broker.Topics.PublishAsync(topic, records, new ProducerClaim(producer.Id, producer.Epoch), default);
        Assert.True(published.IsOk, published.Error?.Detail);
        return published.Value;
    }

    /// <summary>Publishes in the producer's open transaction, without sequences.</summary>
    public static async Task PublishIn(this BrokerHarness harness, TopicKey topic, ProducerIdentity producer, params string[] values)
    {
        OutgoingRecord[] records = [.. values.Select(value => TopicCalls.Record(value, partition: 0))];
        Result<PublishOutcome[]> published = await harness.Broker.Topics.PublishAsync(topic, records, new ProducerClaim(producer.Id, producer.Epoch, IsTransactional: true), default);
        Assert.True(published.IsOk, published.Error?.Detail);
        Assert.All(published.Value, outcome => Assert.Null(outcome.Error));
    }

    public static async Task<ErrorCode?> PublishError(this BrokerHarness harness, TopicKey topic, ProducerIdentity producer, int sequence, string value)
    {
        OutgoingRecord[] records = [ProducersTests.Numbered(value, 0, sequence)];
        Result<PublishOutcome[]> published = await harness.Broker.Topics.PublishAsync(topic, records, new ProducerClaim(producer.Id, producer.Epoch), default);
        return published.IsOk ? published.Value[0].Error?.Code : published.Error.Code;
    }

    public static async Task<IReadOnlyList<string?>> FetchCommitted(this BrokerHarness harness, TopicKey topic, long offset = FetchRequest.Earliest)
    {
        Result<FetchedRecords> fetched = await harness.Broker.Topics.FetchAsync(
            topic, 0, new FetchRequest(offset, 1 << 20) { Isolation = Isolation.ReadCommitted }, default);
        Assert.True(fetched.IsOk, fetched.Error?.Detail);
        return [.. TopicCalls.Copy(fetched.Value).Select(record => record.Value)];
    }
}
