using System.Text.Json;
using Messaging.Broker.Producers;

namespace Messaging.Rest.Wire;

/// <summary>What a producer publishes as.</summary>
internal static class ProducerWriter
{
    public static void Write(Utf8JsonWriter writer, ProducerIdentity producer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("id"u8, producer.Id);
        writer.WriteNumber("epoch"u8, producer.Epoch);
        writer.WriteEndObject();
    }
}
