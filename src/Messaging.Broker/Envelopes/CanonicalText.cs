using System.Text;
using Messaging.Broker.Messages;

namespace Messaging.Broker.Envelopes;

/// <summary>
/// What a signature is over: names and values of some members, a line each, in the order of the names (SNS Developer Guide, "Manually verifying the signature"). The sequence number, the attributes and whatever differs
/// between subscribers are not among them. Pure. Hot path.
/// </summary>
internal static class CanonicalText
{
    // Names, line ends, the id and the time are below 200 bytes.
    private const int FixedBytes = 256;

    // UTF-8 of one UTF-16 unit.
    private const int UnitBytesMax = 3;

    public static int BytesMax(NotificationDocument document) =>
        FixedBytes + document.Message.Length + (UnitBytesMax * ((document.Subject?.Length ?? 0) + document.TopicArn.Length));

    public static int BytesMax(ConfirmationDocument document) =>
        FixedBytes + (UnitBytesMax * (document.Message.Length + document.SubscribeUrl.Length + document.Token.Length + document.TopicArn.Length));

    public static ReadOnlySpan<byte> Write(NotificationDocument document, Span<byte> buffer)
    {
        Span<byte> text = stackalloc byte[MessageId.TextLength];
        var lines = new Lines(buffer);
        lines.Pair("Message"u8, document.Message.Span);
        document.Id.TryFormat(text, out int length);
        lines.Pair("MessageId"u8, text[..length]);
        if (document.Subject is { } subject) lines.Pair("Subject"u8, subject);
        lines.Pair("Timestamp"u8, Utf8Text.Time(document.PublishedAtMs, text));
        lines.Pair("TopicArn"u8, document.TopicArn);
        lines.Pair("Type"u8, "Notification"u8);
        return lines.Written;
    }

    public static ReadOnlySpan<byte> Write(ConfirmationDocument document, Span<byte> buffer)
    {
        Span<byte> text = stackalloc byte[MessageId.TextLength];
        var lines = new Lines(buffer);
        lines.Pair("Message"u8, document.Message);
        document.Id.TryFormat(text, out int length);
        lines.Pair("MessageId"u8, text[..length]);
        lines.Pair("SubscribeURL"u8, document.SubscribeUrl);
        lines.Pair("Timestamp"u8, Utf8Text.Time(document.AskedAtMs, text));
        lines.Pair("Token"u8, document.Token);
        lines.Pair("TopicArn"u8, document.TopicArn);
        lines.Pair("Type"u8, document.TypeName);
        return lines.Written;
    }

    private ref struct Lines(Span<byte> buffer)
    {
        private readonly Span<byte> _buffer = buffer;
        private int _length;

        public readonly ReadOnlySpan<byte> Written => _buffer[.._length];

        public void Pair(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value)
        {
            Line(name);
            Line(value);
        }

        public void Pair(scoped ReadOnlySpan<byte> name, string value)
        {
            Line(name);
            _length += Encoding.UTF8.GetBytes(value, _buffer[_length..]);
            _buffer[_length++] = (byte)'\n';
        }

        private void Line(scoped ReadOnlySpan<byte> text)
        {
            text.CopyTo(_buffer[_length..]);
            _length += text.Length;
            _buffer[_length++] = (byte)'\n';
        }
    }
}
