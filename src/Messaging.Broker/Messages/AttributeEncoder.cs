using System.Buffers;
using System.Text;
using Messaging.Storage.Records;

namespace Messaging.Broker.Messages;

/// <summary>
/// A message's attributes as headers of a stored record (<see cref="StoredHeaders"/>), in queues and in topics. Checked and measured first. Hot path: nothing is allocated for one.
/// </summary>
internal static class AttributeEncoder
{
    private const int TypeListMax = MessageLimits.AttributesMax;

    /// <summary>The first rule that they break, or null; their names, types and values are added to the size. <paramref name="field"/>: the message's place in its call.</summary>
    public static BrokerError? Check(IReadOnlyList<MessageAttribute>? attributes, string field, int index, ref long size)
    {
        if (attributes is not { Count: > 0 }) return null;
        if (attributes.Count > MessageLimits.AttributesMax) return Invalid($"A message has at most {MessageLimits.AttributesMax} attributes, not {attributes.Count}.", field, index);
        for (int i = 0; i < attributes.Count; i++)
        {
            MessageAttribute attribute = attributes[i];
            int nameBytes = attribute.Name is null ? 0 : Encoding.UTF8.GetByteCount(attribute.Name);
            if (nameBytes is 0 or > MessageLimits.AttributeNameBytesMax) return Invalid($"An attribute's name has 1 to {MessageLimits.AttributeNameBytesMax} bytes.", field, index);
            if (attribute.Name!.StartsWith("_m.", StringComparison.Ordinal)) return Invalid("Names that begin with \"_m.\" are the broker's.", field, index, attribute.Name);
            if (attribute.Kind > AttributeKind.Binary) return Invalid("An attribute is a string, a number or binary.", field, index, attribute.Name);
            int typeBytes = attribute.CustomType is null ? 0 : Encoding.UTF8.GetByteCount(attribute.CustomType);
            if (typeBytes > MessageLimits.AttributeNameBytesMax || attribute.CustomType is "") return Invalid($"A custom type has 1 to {MessageLimits.AttributeNameBytesMax} bytes.", field, index, attribute.Name);
            if (attribute.Kind == AttributeKind.Number && !AttributeNumber.IsValid(attribute.Value.Span))
            {
                return Invalid($"The attribute \"{attribute.Name}\" is not a decimal number of at most 38 digits.", field, index, attribute.Name);
            }

            for (int j = 0; j < i; j++)
            {
                if (attributes[j].Name == attribute.Name) return Invalid($"The attribute \"{attribute.Name}\" is there twice.", field, index, attribute.Name);
            }

            size += nameBytes + typeBytes + attribute.Value.Length;
        }

        return null;
    }

    /// <summary>Bytes of their headers, or a little more.</summary>
    public static int Measure(IReadOnlyList<MessageAttribute>? attributes)
    {
        if (attributes is not { Count: > 0 }) return 0;
        int bytes = RecordBody.MeasureHeader(StoredHeaders.AttributeTypes.Length, TypeListMax);
        for (int i = 0; i < attributes.Count; i++)
        {
            MessageAttribute attribute = attributes[i];
            bytes += RecordBody.MeasureHeader(Encoding.UTF8.GetByteCount(attribute.Name), StoredLength(attribute));
        }

        return bytes;
    }

    /// <summary>Headers that they take.</summary>
    public static int Count(IReadOnlyList<MessageAttribute>? attributes)
    {
        int count = attributes?.Count ?? 0;
        for (int i = 0; i < attributes?.Count; i++)
        {
            if (IsTyped(attributes[i])) return count + 1;
        }

        return count;
    }

    /// <summary>Behind the broker's own headers, before any others.</summary>
    public static void Write(ref RecordBodyWriter writer, IReadOnlyList<MessageAttribute>? attributes)
    {
        if (attributes is not { Count: > 0 }) return;
        Span<byte> typed = stackalloc byte[TypeListMax];
        int count = 0;
        for (int i = 0; i < attributes.Count; i++)
        {
            if (IsTyped(attributes[i])) typed[count++] = (byte)i;
        }

        if (count > 0) writer.WriteHeader(StoredHeaders.AttributeTypes, typed[..count]);
        for (int i = 0; i < attributes.Count; i++) Write(ref writer, attributes[i]);
    }

    private static bool IsTyped(in MessageAttribute attribute) => attribute.Kind != AttributeKind.String || attribute.CustomType is not null;

    // The custom type's length is at most 256, so that its varint has two bytes.
    private static int StoredLength(in MessageAttribute attribute)
    {
        if (!IsTyped(attribute)) return attribute.Value.Length;
        return attribute.CustomType is null ? 1 + attribute.Value.Length : 3 + Encoding.UTF8.GetByteCount(attribute.CustomType) + attribute.Value.Length;
    }

    private static void Write(ref RecordBodyWriter writer, in MessageAttribute attribute)
    {
        Span<byte> nameBuffer = stackalloc byte[MessageLimits.AttributeNameBytesMax];
        ReadOnlySpan<byte> name = nameBuffer[..Encoding.UTF8.GetBytes(attribute.Name, nameBuffer)];
        if (!IsTyped(attribute))
        {
            writer.WriteHeader(name, attribute.Value.Span);
            return;
        }

        byte[] value = ArrayPool<byte>.Shared.Rent(StoredLength(attribute));
        int length = 0;
        value[length++] = (byte)((byte)attribute.Kind | (attribute.CustomType is null ? 0 : StoredHeaders.CustomTypeFlag));
        if (attribute.CustomType is not null)
        {
            length += StoredNumber.Write(value.AsSpan(length), Encoding.UTF8.GetByteCount(attribute.CustomType));
            length += Encoding.UTF8.GetBytes(attribute.CustomType, value.AsSpan(length));
        }

        attribute.Value.Span.CopyTo(value.AsSpan(length));
        writer.WriteHeader(name, value.AsSpan(0, length + attribute.Value.Length));
        ArrayPool<byte>.Shared.Return(value);
    }

    private static BrokerError Invalid(string detail, string field, int index, string? name = null) =>
        new(ErrorCode.InvalidValue, detail, name is null ? $"{field}[{index}].attributes" : $"{field}[{index}].attributes.{name}");
}
