using Messaging.Aws.Messages;
using Messaging.Aws.Wire;
using Messaging.Broker.Messages;

namespace Messaging.Aws.Notifications;

/// <summary>What a publisher is told of a message: its id, the same that every subscriber is told. Hot path.</summary>
internal static class PublishedRecord
{
    private const int SequenceDigits = 20;

    /// <summary>With its place in a FIFO topic; null in another one.</summary>
    public static void Write(IAnswer answer, MessageId id, long? sequence)
    {
        Span<byte> text = stackalloc byte[MessageId.TextLength];
        id.TryFormat(text, out _);
        answer.Text("MessageId"u8, text);
        Span<byte> digits = stackalloc byte[SequenceDigits];
        if (sequence is { } number)
            answer.Text("SequenceNumber"u8, SentMessage.FormatSequence(number, digits));
    }
}
