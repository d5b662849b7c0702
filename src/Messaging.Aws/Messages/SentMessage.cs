using System.Globalization;
using Messaging.Aws.Wire;
using Messaging.Broker.Messages;

namespace Messaging.Aws.Messages;

/// <summary>What a sender is told of a message: its id, its place in a FIFO queue, and digests of what came. Hot path.</summary>
internal static class SentMessage
{
    private const int SequenceDigits = 20;

    /// <summary>With the digest of the body's text.</summary>
    public static void Write(IAnswer answer, MessageDraft draft, in SendOutcome outcome, ReadOnlySpan<byte> bodyDigest)
    {
        Span<byte> text = stackalloc byte[MessageId.TextLength];
        outcome.Id.TryFormat(text, out _);
        answer.Text("MessageId"u8, text);
        answer.Text("MD5OfMessageBody"u8, bodyDigest);
        WriteDigest(answer, "MD5OfMessageAttributes"u8, draft.CheckedAttributes);
        WriteDigest(answer, "MD5OfMessageSystemAttributes"u8, draft.CheckedSystemAttributes);
        if (outcome.Sequence is { } sequence)
            WriteSequence(answer, sequence);
    }

    /// <summary>As a member of this name where there are attributes.</summary>
    public static void WriteDigest(IAnswer answer, ReadOnlySpan<byte> name, ReadOnlySpan<MessageAttribute> attributes)
    {
        if (attributes.IsEmpty)
            return;
        Span<byte> digest = stackalloc byte[BodyDigest.TextLength];
        AttributeDigest.Write(attributes, digest);
        answer.Text(name, digest);
    }

    /// <summary>20 digits, so that they sort as texts too.</summary>
    public static ReadOnlySpan<byte> FormatSequence(long sequence, Span<byte> text)
    {
        sequence.TryFormat(text, out int written, "D20", CultureInfo.InvariantCulture);
        return text[..written];
    }

    private static void WriteSequence(IAnswer answer, long sequence)
    {
        Span<byte> text = stackalloc byte[SequenceDigits];
        answer.Text("SequenceNumber"u8, FormatSequence(sequence, text));
    }
}
