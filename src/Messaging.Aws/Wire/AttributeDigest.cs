using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Messaging.Broker.Messages;

namespace Messaging.Aws.Wire;

/// <summary>
/// The MD5 of a message's attributes, by which clients check that they arrived as they were sent (Amazon SQS Developer Guide, "Calculating the MD5 message digest for message attributes"): sorted by name, for each
/// one the name, the type, the kind of transport (1 text, 2 binary) and the value, with their lengths as 4 bytes, big endian, before them. MD5 is the contract's, and guards against accidents only. Pure. Hot path.
/// </summary>
internal static class AttributeDigest
{
    private const byte TextTransport = 1;
    private const byte BinaryTransport = 2;

    /// <summary>Writes 32 hexadecimal digits.</summary>
    public static void Write(ReadOnlySpan<MessageAttribute> attributes, Span<byte> hexadecimal)
    {
        MessageAttribute[] sorted = attributes.ToArray();
        Array.Sort(sorted, static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        var content = new ArrayBufferWriter<byte>();
        foreach (ref readonly MessageAttribute attribute in sorted.AsSpan())
        {
            Append(content, attribute.Name);
            Append(content, AttributeTypes.Format(attribute));
            content.GetSpan(1)[0] = attribute.Kind == AttributeKind.Binary ? BinaryTransport : TextTransport;
            content.Advance(1);
            Length(content, attribute.Value.Length);
            content.Write(attribute.Value.Span);
        }
        BodyDigest.Write(content.WrittenSpan, hexadecimal);
    }

    private static void Append(ArrayBufferWriter<byte> content, string text)
    {
        Length(content, Encoding.UTF8.GetByteCount(text));
        content.Advance(Encoding.UTF8.GetBytes(text, content.GetSpan(Encoding.UTF8.GetByteCount(text))));
    }

    private static void Length(ArrayBufferWriter<byte> content, int length)
    {
        BinaryPrimitives.WriteInt32BigEndian(content.GetSpan(sizeof(int)), length);
        content.Advance(sizeof(int));
    }
}
