using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace Messaging.Broker.Messages;

/// <summary>
/// Where the next page of a browsed queue begins: opaque to clients, and good for that queue only, since the MAC is over its stream. A value; whether the MAC is
/// right is for <see cref="MessageKeys"/> to say.
/// </summary>
/// <remarks>Bytes, little endian: offset i64 | MAC 16 bytes. On the wire: base64url without padding.</remarks>
internal readonly record struct PageToken(long Offset, UInt128 Mac)
{
    private const int Bytes = 24;
    private const int TextLength = 32;

    public static bool TryParse([NotNullWhen(true)] string? text, out PageToken token)
    {
        token = default;
        Span<byte> bytes = stackalloc byte[Bytes];
        if (text is not { Length: TextLength } || !Base64Url.IsValid(text, out int length) || length != Bytes) return false;
        if (!Base64Url.TryDecodeFromChars(text, bytes, out int written) || written != Bytes) return false;
        token = new PageToken(BinaryPrimitives.ReadInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt128LittleEndian(bytes[8..]));
        return true;
    }

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Offset);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes[8..], Mac);
        return Base64Url.EncodeToString(bytes);
    }
}
