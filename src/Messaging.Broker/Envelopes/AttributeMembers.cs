using System.Buffers;
using System.Buffers.Text;
using Messaging.Broker.Messages;

namespace Messaging.Broker.Envelopes;

/// <summary>MessageAttributes of a document: each with its type and its value, one line each in the layout of lines. Pure. Hot path.</summary>
internal static class AttributeMembers
{
    private static ReadOnlySpan<byte> Member => "MessageAttributes"u8;

    public static void Write(IBufferWriter<byte> output, ref MemberWriter members, IReadOnlyList<MessageAttribute> attributes)
    {
        members.Name(Member);
        members.Open();
        for (int index = 0; index < attributes.Count; index++)
        {
            MessageAttribute attribute = attributes[index];
            members.Name(attribute.Name);
            WriteEntry(output, attribute);
        }

        members.Close();
    }

    /// <summary>A function's documents have the member also when it is empty.</summary>
    public static void WriteNone(ref MemberWriter members) => members.Literal(Member, "{}"u8);

    private static void WriteEntry(IBufferWriter<byte> output, in MessageAttribute attribute)
    {
        output.Write("{\"Type\":\""u8);
        output.Write(attribute.Kind switch
        {
            AttributeKind.String => "String"u8,
            AttributeKind.Number => "Number"u8,
            AttributeKind.Binary => "Binary"u8,
        });
        if (attribute.CustomType is { } label)
        {
            output.Write("."u8);
            JsonText.Write(output, label);
        }

        output.Write("\",\"Value\":\""u8);
        if (attribute.Kind == AttributeKind.Binary)
            WriteBase64(output, attribute.Value.Span);
        else
            JsonText.Write(output, Utf8Text.Sound(attribute.Value).Span);
        output.Write("\"}"u8);
    }

    private static void WriteBase64(IBufferWriter<byte> output, ReadOnlySpan<byte> value)
    {
        Base64.EncodeToUtf8(value, output.GetSpan(Base64.GetMaxEncodedToUtf8Length(value.Length)), out _, out int written);
        output.Advance(written);
    }
}
