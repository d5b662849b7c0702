using System.Buffers.Text;
using System.Globalization;
using Messaging.Aws.Wire;
using Messaging.Broker.Messages;

namespace Messaging.Aws.Messages;

/// <summary>
/// A delivered message as the wire has it. A body that is no text of the allowed characters, which only other protocols can send, is told as base64; so is a text attribute. Hot path.
/// </summary>
internal readonly ref struct DeliveredMessage(ref readonly ReceivedMessage message, in Delivery delivery)
{
    private const int NumberDigitsMax = 20;

    private const SystemAttributes Always =
        SystemAttributes.SenderId | SystemAttributes.SentTimestamp | SystemAttributes.ApproximateReceiveCount | SystemAttributes.ApproximateFirstReceiveTimestamp;

    private readonly ref readonly ReceivedMessage _message = ref message;
    private readonly Delivery _delivery = delivery;

    /// <summary>With the body as text, and the digest of that.</summary>
    public void Write(IAnswer answer, ReadOnlySpan<byte> body, ReadOnlySpan<byte> bodyDigest)
    {
        Span<byte> text = stackalloc byte[ReceiptHandle.TextLength];
        _message.Id.TryFormat(text, out int written);
        answer.Text("MessageId"u8, text[..written]);
        new ReceiptHandle(_message.Receipt, _delivery.ReceivedMs).Format(text);
        answer.Text("ReceiptHandle"u8, text);
        answer.Text("MD5OfBody"u8, bodyDigest);
        answer.Text("Body"u8, body);
        if ((_delivery.System & Present) != SystemAttributes.None)
            WriteSystemAttributes(answer);
        MessageAttribute[] attributes = _delivery.Filter.Choose(_message.Attributes);
        // What can't be told as it is, is told otherwise, and its digest is that of what is told.
        foreach (ref MessageAttribute attribute in attributes.AsSpan())
        {
            if (attribute.Kind != AttributeKind.Binary)
                attribute = attribute with { Value = AsText(attribute.Value) };
        }
        SentMessage.WriteDigest(answer, "MD5OfMessageAttributes"u8, attributes);
        if (attributes.Length > 0)
            WriteAttributes(answer, attributes);
    }

    private void WriteSystemAttributes(IAnswer answer)
    {
        answer.BeginMap("Attributes"u8, MapWords.Attributes);
        Text(answer, SystemAttributes.SenderId, "SenderId"u8, _message.Sender ?? _delivery.Account);
        Number(answer, SystemAttributes.SentTimestamp, "SentTimestamp"u8, _message.SentAtMs);
        Number(answer, SystemAttributes.ApproximateReceiveCount, "ApproximateReceiveCount"u8, ReceiveCount);
        Number(answer, SystemAttributes.ApproximateFirstReceiveTimestamp, "ApproximateFirstReceiveTimestamp"u8, _message.FirstReceivedAtMs);
        if (_message.Sequence is { } sequence && Asks(SystemAttributes.SequenceNumber))
        {
            Span<byte> digits = stackalloc byte[NumberDigitsMax];
            answer.Entry("SequenceNumber"u8, SentMessage.FormatSequence(sequence, digits));
        }
        Text(answer, SystemAttributes.MessageDeduplicationId, "MessageDeduplicationId"u8, _message.DeduplicationId);
        Text(answer, SystemAttributes.MessageGroupId, "MessageGroupId"u8, _message.Group);
        Text(answer, SystemAttributes.AWSTraceHeader, "AWSTraceHeader"u8, _message.TraceHeader);
        if (_message.Origin is { } origin && Asks(SystemAttributes.DeadLetterQueueSourceArn))
            Text(answer, SystemAttributes.DeadLetterQueueSourceArn, "DeadLetterQueueSourceArn"u8, new QueueArn(_delivery.Region, origin.Queue.Account, origin.Queue.Name).ToString());
        answer.EndMap();
    }

    private static void WriteAttributes(IAnswer answer, ReadOnlySpan<MessageAttribute> attributes)
    {
        answer.BeginMap("MessageAttributes"u8, MapWords.MessageAttributes);
        foreach (ref readonly MessageAttribute attribute in attributes)
        {
            answer.BeginEntry(XmlText.Legal(attribute.Name));
            if (attribute.Kind == AttributeKind.Binary)
                answer.Blob("BinaryValue"u8, attribute.Value.Span);
            else
                answer.Text("StringValue"u8, attribute.Value.Span);
            answer.Text("DataType"u8, XmlText.Legal(AttributeTypes.Format(attribute)));
            answer.EndEntry();
        }
        answer.EndMap();
    }

    /// <summary>It goes on in a dead-letter queue, where a message keeps its id, and begins anew where it was moved to as a new one.</summary>
    private int ReceiveCount => _message.ReceiveCount + (_message.Origin is { } origin && origin.Id == _message.Id ? origin.ReceiveCount : 0);

    private SystemAttributes Present => Always
        | (_message.Sequence is null ? 0 : SystemAttributes.SequenceNumber)
        | (_message.DeduplicationId is null ? 0 : SystemAttributes.MessageDeduplicationId)
        | (_message.Group is null ? 0 : SystemAttributes.MessageGroupId)
        | (_message.TraceHeader is null ? 0 : SystemAttributes.AWSTraceHeader)
        | (_message.Origin is null ? 0 : SystemAttributes.DeadLetterQueueSourceArn);

    private bool Asks(SystemAttributes attribute) => (_delivery.System & attribute) != 0;

    private void Number(IAnswer answer, SystemAttributes attribute, ReadOnlySpan<byte> name, long value)
    {
        if (!Asks(attribute))
            return;
        Span<byte> digits = stackalloc byte[NumberDigitsMax];
        value.TryFormat(digits, out int written, default, CultureInfo.InvariantCulture);
        answer.Entry(name, digits[..written]);
    }

    private void Text(IAnswer answer, SystemAttributes attribute, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null && Asks(attribute))
            answer.Entry(name, XmlText.Legal(value));
    }

    /// <summary>The bytes where they are a text of the allowed characters, else their base64.</summary>
    public static ReadOnlyMemory<byte> AsText(ReadOnlyMemory<byte> bytes)
    {
        if (MessageText.IsLegal(bytes.Span))
            return bytes;
        byte[] base64 = new byte[Base64.GetMaxEncodedToUtf8Length(bytes.Length)];
        Base64.EncodeToUtf8(bytes.Span, base64, out _, out int written);
        return base64.AsMemory(0, written);
    }
}
