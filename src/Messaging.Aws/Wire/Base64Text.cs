using System.Buffers;
using System.Buffers.Text;

namespace Messaging.Aws.Wire;

/// <summary>Base64 with padding (RFC 4648, section 4), decoded into the request's scratch memory. Hot path.</summary>
internal static class Base64Text
{
    public static bool TryDecode(ReadOnlySpan<byte> text, Scratch scratch, out ReadOnlyMemory<byte> bytes)
    {
        Memory<byte> decoded = scratch.Take(Base64.GetMaxDecodedFromUtf8Length(text.Length));
        bool isBase64 = Base64.DecodeFromUtf8(text, decoded.Span, out _, out int written) == OperationStatus.Done;
        bytes = decoded[..written];
        return isBase64;
    }
}
