using System.Buffers.Binary;
using System.Buffers.Text;
using Messaging.Broker.Messages;

namespace Messaging.Aws.Wire;

/// <summary>
/// What a receiver deletes a message by: the broker's receipt, and when it was received, by which the total of its visibility timeouts is bounded. The time is not under the receipt's MAC: whoever changes
/// it keeps a message of its own longer, and nothing else. A value. Hot path.
/// </summary>
/// <remarks>Text: <see cref="Receipt.TextLength"/> characters, then 11 of base64url: ms since 1970 as 8 bytes, big endian.</remarks>
internal readonly record struct ReceiptHandle(Receipt Receipt, long ReceivedMs)
{
    private const int TimeTextLength = 11;

    public const int TextLength = Receipt.TextLength + TimeTextLength;

    public void Format(Span<byte> utf8)
    {
        Span<byte> time = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(time, ReceivedMs);
        Receipt.TryFormat(utf8, out _);
        Base64Url.TryEncodeToUtf8(time, utf8[Receipt.TextLength..], out _);
    }

    /// <summary>False for what can't be a handle of this server.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out ReceiptHandle handle)
    {
        handle = default;
        Span<byte> time = stackalloc byte[sizeof(long)];
        if (utf8.Length != TextLength || !Receipt.TryParse(utf8[..Receipt.TextLength], out Receipt receipt))
            return false;
        ReadOnlySpan<byte> text = utf8[Receipt.TextLength..];
        if (!Base64Url.IsValid(text, out int length) || length != sizeof(long) || !Base64Url.TryDecodeFromUtf8(text, time, out _))
            return false;
        handle = new ReceiptHandle(receipt, BinaryPrimitives.ReadInt64BigEndian(time));
        return true;
    }
}
