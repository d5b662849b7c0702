using System.Text.Json;
using System.Text.Json.Serialization;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Catalog;

/// <summary>
/// A queue's definition as jsonb, in the words of the API. A field that is missing has its default, so that older rows are read; one that is
/// unknown is a fault: a newer build wrote it, and to pass over it would lose it. New fields of the records are written and read by themselves.
/// </summary>
internal static class DefinitionJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.Strict,
        PropertyNameCaseInsensitive = false,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false), new QueueNameConverter() },
    };

    public static string Write(QueueDefinition definition) => JsonSerializer.Serialize(definition, Options);

    /// <exception cref="JsonException">Not a definition that this build knows.</exception>
    public static QueueDefinition Read(string json) =>
        JsonSerializer.Deserialize<QueueDefinition>(json, Options) ?? throw new JsonException("A definition is an object.");

    private sealed class QueueNameConverter : JsonConverter<QueueName>
    {
        public override QueueName Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            QueueName.TryParse(reader.GetString(), out QueueName name) ? name : throw new JsonException("A queue's name is not a legal one.");

        public override void Write(Utf8JsonWriter writer, QueueName value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
    }
}
