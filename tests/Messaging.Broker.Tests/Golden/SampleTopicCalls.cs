using System.Text;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Producers;
using Messaging.Broker.Queues;
using Messaging.Broker.Tests.Queues;
using Messaging.Broker.Topics;
using Messaging.Broker.Transactions;

namespace Messaging.Broker.Tests.Golden;

/// <summary>The calls of a sample on topics, producers and transactions in few words: those that must succeed, and those whose answer is told.</summary>
internal static class SampleTopicCalls
{
    public static void Put(this SampleBroker broker, TopicKey key, TopicDefinition definition) =>
        Assert.True(broker.Synced(broker.Broker.Topics.PutAsync(key, definition, default, default)).IsOk);

    public static void Delete(this SampleBroker broker, TopicKey key) => Assert.True(broker.Synced(broker.Broker.Topics.DeleteAsync(key, default, default)).IsOk);

    public static void DeleteRecords(this SampleBroker broker, TopicKey key, int partition, long before) =>
        Assert.True(broker.Synced(broker.Broker.Topics.DeleteRecordsAsync(key, partition, before, default)).IsOk);

    /// <summary>What time does to topics and to transactions.</summary>
    public static void Tick(this SampleBroker broker) => broker.Synced(TickedAsync(broker));

    public static void Publish(this SampleBroker broker, TopicKey key, params OutgoingRecord[] records) =>
        Assert.All(broker.Synced(broker.Broker.Topics.PublishAsync(key, records, null, default)).Value, outcome => Assert.Null(outcome.Error));

    /// <summary>What a publish under an idempotency key is answered; <paramref name="asked"/> stands for its body.</summary>
    public static string PublishUnder(this SampleBroker broker, TopicKey key, string name, string asked, params OutgoingRecord[] records) =>
        Told(broker.Synced(broker.Broker.Topics.PublishAsync(key, records, IdempotencyTests.Request(name, asked), default)));

    /// <summary>What a producer's publish into one partition is answered; without a sequence where that is below 0.</summary>
    public static string PublishAs(this SampleBroker broker, TopicKey key, ProducerClaim producer, int partition, int sequence, params string[] values)
    {
        OutgoingRecord[] records = [.. values.Select((value, i) => new OutgoingRecord
        {
            Value = Encoding.UTF8.GetBytes(value), Partition = partition, Sequence = sequence < 0 ? null : sequence + i,
        })];
        return Told(broker.Synced(broker.Broker.Topics.PublishAsync(key, records, producer, default)));
    }

    /// <summary>What one whole batch is answered.</summary>
    public static string PublishBatch(this SampleBroker broker, TopicKey key, byte[] batch)
    {
        Result<PublishedBatch> published = broker.Synced(broker.Broker.Topics.PublishBatchAsync(key, 0, batch, default));
        return published.IsOk ? $"{published.Value.Partition}/{published.Value.BaseOffset}+{published.Value.Count}{Again(published.Value.IsDuplicate)}" : Told(published.Error);
    }

    public static ProducerIdentity Init(this SampleBroker broker, string? transactionalId = null, int timeoutSeconds = ProducerLimits.TransactionTimeoutSecondsMax)
    {
        ProducerKey? key = TransactionalId.TryParse(transactionalId, out TransactionalId id) ? new ProducerKey(AccountId.Default, NamespaceName.Default, id) : null;
        return broker.Synced(broker.Broker.Transactions.InitProducerAsync(key, timeoutSeconds, default)).Value;
    }

    public static string Begin(this SampleBroker broker, ProducerIdentity producer)
    {
        Result<DateTimeOffset> began = broker.Synced(broker.Broker.Transactions.BeginAsync(AccountId.Default, producer, default));
        return began.IsOk ? $"until {began.Value:O}" : Told(began.Error);
    }

    public static string End(this SampleBroker broker, ProducerIdentity producer, bool isCommit)
    {
        Result<ProducerIdentity> ended = broker.Synced(broker.Broker.Transactions.EndAsync(AccountId.Default, producer, isCommit, default));
        return ended.IsOk ? $"goes on as {ended.Value.Id}.{ended.Value.Epoch}" : Told(ended.Error);
    }

    /// <summary>Acknowledges one message and publishes one record, in one call.</summary>
    public static void Process(this SampleBroker broker, QueueKey from, string receipt, TopicKey to, OutgoingRecord record)
    {
        Assert.True(Receipt.TryParse(receipt, out Receipt parsed));
        TransactionOperation[] operations = [new TransactionOperation.Acknowledge(from, new[] { parsed }), new TransactionOperation.Publish(to, new[] { record })];
        Assert.True(broker.Synced(broker.Broker.Transactions.RunAsync(operations, null, default)).IsOk);
    }

    /// <summary>What a transaction of one call under an idempotency key is answered that publishes these records.</summary>
    public static string TransactUnder(this SampleBroker broker, TopicKey key, string name, string asked, params OutgoingRecord[] records)
    {
        TransactionOperation[] operations = [new TransactionOperation.Publish(key, records)];
        Result<TransactionResult[]> done = broker.Synced(broker.Broker.Transactions.RunAsync(operations, IdempotencyTests.Request(name, asked), default));
        return done.IsOk ? Places(Assert.Single(done.Value).Published!) : Told(done.Error);
    }

    private static string Told(Result<PublishOutcome[]> published) => published.IsOk ? Places(published.Value) : Told(published.Error);

    private static string Places(IReadOnlyList<PublishOutcome> published) => string.Join(
        ", ", published.Select(outcome => outcome.Error is { } error ? Told(error) : $"{outcome.Partition}/{outcome.Offset}{Again(outcome.IsDuplicate)}"));

    private static string Told(BrokerError error) => $"{error.Code} {error.Field}".TrimEnd();

    private static string Again(bool isDuplicate) => isDuplicate ? " again" : "";

    private static async ValueTask<bool> TickedAsync(SampleBroker broker)
    {
        await broker.Broker.TickAsync();
        return true;
    }
}
