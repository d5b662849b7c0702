using System.Buffers;
using System.Text.Json;
using Messaging.Broker.Subscriptions;

namespace Messaging.Push.Delivery;

/// <summary>What a gateway gets: {"protocol":"sms","endpoint":"+4930123456","notification":{..}}, of which the last one is the document that an endpoint of HTTP would get. Pure.</summary>
internal static class GatewayDocument
{
    public static ReadOnlyMemory<byte> Write(SubscriptionTarget.OfGateway target, ReadOnlyMemory<byte> notification)
    {
        var buffer = new ArrayBufferWriter<byte>(notification.Length + PushLimits.DocumentBytesAround);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("protocol"u8, NameOf(target.Protocol));
            writer.WriteString("endpoint"u8, target.Endpoint);
            writer.WritePropertyName("notification"u8);
            writer.WriteRawValue(notification.Span, skipInputValidation: true);
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static string NameOf(GatewayProtocol protocol) => protocol switch
    {
        GatewayProtocol.Sms => "sms",
        GatewayProtocol.Application => "application",
        GatewayProtocol.Firehose => "firehose",
    };
}
