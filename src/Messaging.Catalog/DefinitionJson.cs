using System.Text.Json;
using System.Text.Json.Serialization;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;

namespace Messaging.Catalog;

/// <summary>
/// A queue's, a topic's or a subscription's definition as jsonb, in the words of the API. A field that is missing has its default, so that older rows are read; one that is
/// unknown is a fault: a newer build wrote it, and to pass over it would lose it. New fields of the records are written and read by themselves.
/// </summary>
internal static class DefinitionJson
{
    // No field of a queue's definition has a default other than null that null could stand against; that a topic keeps its records for ever is a null that has to be written.
    private static readonly JsonSerializerOptions OfQueues = Options(JsonIgnoreCondition.WhenWritingNull);
    private static readonly JsonSerializerOptions OfTopics = Options(JsonIgnoreCondition.Never);

    public static string Write(QueueDefinition definition) => JsonSerializer.Serialize(definition, OfQueues);

    public static string Write(TopicDefinition definition) => JsonSerializer.Serialize(definition, OfTopics);

    public static string Write(SubscriptionDefinition definition) => JsonSerializer.Serialize(StoredSubscription.Of(definition), OfQueues);

    /// <exception cref="JsonException">Not a definition that this build knows.</exception>
    public static SubscriptionDefinition ReadSubscription(string json) => Read<StoredSubscription>(json, OfQueues).ToDefinition();

    /// <exception cref="JsonException">Not a definition that this build knows.</exception>
    public static QueueDefinition ReadQueue(string json) => Read<QueueDefinition>(json, OfQueues);

    /// <exception cref="JsonException">Not a definition that this build knows.</exception>
    public static TopicDefinition ReadTopic(string json) => Read<TopicDefinition>(json, OfTopics);

    private static TDefinition Read<TDefinition>(string json, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize<TDefinition>(json, options) ?? throw new JsonException("A definition is an object.");

    private static JsonSerializerOptions Options(JsonIgnoreCondition ignore) => new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.Strict,
        PropertyNameCaseInsensitive = false,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        DefaultIgnoreCondition = ignore,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false), new QueueNameConverter() },
    };

    private sealed class QueueNameConverter : JsonConverter<QueueName>
    {
        public override QueueName Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            QueueName.TryParse(reader.GetString(), out QueueName name) ? name : throw new JsonException("A queue's name is not a legal one.");

        public override void Write(Utf8JsonWriter writer, QueueName value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
    }
}
