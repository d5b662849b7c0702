using System.Text.Json;
using Messaging.Broker.Filters;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;
using Messaging.TestKit;
using Messaging.TestKit.Postgres;

namespace Messaging.Catalog.Tests;

[Collection(PostgresGroup.Name)]
public sealed class DefinitionJsonTests(SharedPostgres postgres)
{
    [Fact]
    public void Every_definition_reads_back_as_it_was_written()
    {
        var random = new Random(20261126);
        for (int round = 0; round < 5_000; round++)
        {
            QueueDefinition definition = AnyDefinition.Of(random);
            Assert.Equal(definition, DefinitionJson.ReadQueue(DefinitionJson.Write(definition)));
        }
    }

    [Fact]
    public void Every_definition_of_a_topic_reads_back_as_it_was_written()
    {
        var random = new Random(20261128);
        for (int round = 0; round < 5_000; round++)
        {
            TopicDefinition definition = AnyDefinition.OfTopic(random);
            Assert.Equal(definition, DefinitionJson.ReadTopic(DefinitionJson.Write(definition)));
        }
    }

    [Fact]
    public void Every_definition_of_a_subscription_reads_back_as_it_was_written()
    {
        var random = new Random(20261129);
        for (int round = 0; round < 5_000; round++)
        {
            SubscriptionDefinition definition = AnyDefinition.OfSubscription(random);
            Assert.Equal(definition, DefinitionJson.ReadSubscription(DefinitionJson.Write(definition)));
        }
    }

    [Fact]
    public void Words_of_a_subscription_are_those_of_the_API_and_what_is_missing_has_its_default()
    {
        Assert.Equal(
            """{"target":{"queue":"q"},"filter":{"scope":"body","policy":"{ }"},"raw":true,"startAt":"1970-01-01T00:00:01.234Z","tags":{},"annotations":{}}""",
            DefinitionJson.Write(CatalogSubscriptions.To("q") with { Filter = new SubscriptionFilter(FilterScope.Body, "{ }"), StartAt = SubscriptionStart.At(1_234) }));
        Assert.Equal(CatalogSubscriptions.To("q"), DefinitionJson.ReadSubscription("""{"target":{"queue":"q"}}"""));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"target":{}}""")]
    [InlineData("""{"target":{"topic":"x"}}""")]
    [InlineData("""{"target":{"queue":"q"},"colour":"red"}""")]
    [InlineData("""{"target":{"queue":"q"},"startAt":"then"}""")]
    [InlineData("""{"target":{"queue":"q"},"filter":{"scope":"body"}}""")]
    [InlineData("""{"target":{"queue":"q"},"filter":{"scope":"bodies","policy":"{}"}}""")]
    [InlineData("null")]
    public void What_this_build_does_not_know_of_a_subscription_is_a_fault(string json) => Assert.ThrowsAny<JsonException>(() => DefinitionJson.ReadSubscription(json));

    [RequiresFact("postgresql")]
    public async Task So_it_does_through_jsonb_with_any_text()
    {
        string connection = await postgres.Instance.CreateDatabaseAsync();
        var random = new Random(20261127);
        for (int round = 0; round < 200; round++)
        {
            QueueDefinition definition = AnyDefinition.Of(random) with
            {
                Tags = Enumerable.Range(0, 3).ToDictionary(i => $"{i}{(char)random.Next(1, 0xD800)}", _ => $"{(char)random.Next(1, 0xD800)}\U0001F600\u007F\uFFFF"),
            };
            string literal = DefinitionJson.Write(definition).Replace("'", "''", StringComparison.Ordinal);
            var stored = (string?)await PostgresInstance.ExecuteAsync(connection, $"SELECT '{literal}'::jsonb::text");
            Assert.Equal(definition, DefinitionJson.ReadQueue(stored!));
        }
    }

    [Fact]
    public void Words_are_those_of_the_API_and_what_is_missing_has_its_default()
    {
        using JsonDocument json = JsonDocument.Parse(DefinitionJson.Write(new QueueDefinition { Type = QueueType.Fifo, LeaseSeconds = 7 }));
        Assert.Equal(("fifo", 7), (json.RootElement.GetProperty("type").GetString(), json.RootElement.GetProperty("leaseSeconds").GetInt32()));
        Assert.Equal(new QueueDefinition(), DefinitionJson.ReadQueue("{}"));
        using JsonDocument topic = JsonDocument.Parse(DefinitionJson.Write(new TopicDefinition { Cleanup = TopicCleanup.Both, RetentionSeconds = null }));
        Assert.Equal(("both", JsonValueKind.Null), (topic.RootElement.GetProperty("cleanup").GetString(), topic.RootElement.GetProperty("retentionSeconds").ValueKind));
        Assert.Equal(new TopicDefinition(), DefinitionJson.ReadTopic("{}"));
    }

    [Theory]
    [InlineData("""{"colour":"red"}""")]
    [InlineData("""{"leaseSeconds":"7"}""")]
    [InlineData("""{"type":"Standart"}""")]
    [InlineData("""{"type":1}""")]
    [InlineData("""{"tags":null}""")]
    [InlineData("""{"annotations":null}""")]
    [InlineData("null")]
    [InlineData("[]")]
    public void What_this_build_does_not_know_is_a_fault(string json) => Assert.ThrowsAny<JsonException>(() => DefinitionJson.ReadQueue(json));

    [Theory]
    [InlineData("""{"leaseSeconds":7}""")]
    [InlineData("""{"partitions":"7"}""")]
    [InlineData("""{"partitions":null}""")]
    [InlineData("""{"cleanup":"Keep"}""")]
    [InlineData("""{"tags":null}""")]
    [InlineData("null")]
    public void So_it_is_in_a_topic_s(string json) => Assert.ThrowsAny<JsonException>(() => DefinitionJson.ReadTopic(json));
}
