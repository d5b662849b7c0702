using System.Text;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Grpc.Errors;

namespace Messaging.Grpc.Calls;

/// <summary>Attributes of messages and records, both ways. Hot path.</summary>
internal static class Attributes
{
    /// <summary>Those of an entry of a call, or null where it has none; what is wrong is the refusal of that entry.</summary>
    public static BrokerError? Read(MapField<string, V1.Attribute> wire, out IReadOnlyList<MessageAttribute>? attributes)
    {
        attributes = null;
        if (wire.Count == 0)
            return null;
        if (wire.Count > MessageLimits.AttributesMax)
            return Invalid("attributes", $"A message has at most {MessageLimits.AttributesMax} attributes.");
        var list = new List<MessageAttribute>(wire.Count);
        foreach ((string name, V1.Attribute attribute) in wire)
        {
            (AttributeKind kind, ReadOnlyMemory<byte> value) = attribute.ValueCase switch
            {
                V1.Attribute.ValueOneofCase.Number => (AttributeKind.Number, Encoding.UTF8.GetBytes(attribute.Number)),
                V1.Attribute.ValueOneofCase.Binary => (AttributeKind.Binary, attribute.Binary.Memory),
                V1.Attribute.ValueOneofCase.Text => (AttributeKind.String, Encoding.UTF8.GetBytes(attribute.Text)),
                V1.Attribute.ValueOneofCase.None => (AttributeKind.String, ReadOnlyMemory<byte>.Empty),
            };
            if (attribute.ValueCase == V1.Attribute.ValueOneofCase.None)
                return Invalid($"attributes.{Echo.Cut(name)}", "An attribute has one of text, number and binary.");
            list.Add(new MessageAttribute(name, kind, Pages.Maybe(attribute.CustomType), value));
        }
        attributes = list;
        return null;
    }

    public static void Add(MapField<string, V1.Attribute> wire, IReadOnlyList<MessageAttribute> attributes)
    {
        for (int index = 0; index < attributes.Count; index++)
        {
            MessageAttribute attribute = attributes[index];
            var value = new V1.Attribute { CustomType = attribute.CustomType ?? "" };
            if (attribute.Kind == AttributeKind.Binary)
                value.Binary = UnsafeByteOperations.UnsafeWrap(attribute.Value);
            else if (attribute.Kind == AttributeKind.Number)
                value.Number = Encoding.UTF8.GetString(attribute.Value.Span);
            else
                value.Text = Encoding.UTF8.GetString(attribute.Value.Span);
            wire[attribute.Name] = value;
        }
    }

    // The place of the entry is put before it by who knows it.
    private static BrokerError Invalid(string field, string detail) => new(ErrorCode.InvalidValue, detail, "[]." + field);
}
