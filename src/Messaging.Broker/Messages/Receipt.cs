using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Messaging.Broker.Messages;

/// <summary>
/// What a receiver shows to acknowledge, extend or release: opaque to clients. It survives a restart, dies with a deleted queue,
/// and a stale one is told apart. Nothing is remembered for it: it carries what it speaks of and a MAC. A value; whether the
/// MAC is right is decided by the operation that takes it.
/// </summary>
/// <remarks>
/// Bytes, little endian: version u8 = 1 | zero u24 | receive count u32 | stream id i64 | offset i64 | MAC 16 bytes. On the wire: base64url without padding.
/// </remarks>
public readonly struct Receipt : IEquatable<Receipt>
{
    /// <summary>Characters of the text form, as UTF-8 or UTF-16.</summary>
    public const int TextLength = 54;

    internal const int Bytes = 40;
    internal const uint Version = 1;

    internal Receipt(long streamId, long offset, int receiveCount, UInt128 mac) =>
        (StreamId, Offset, ReceiveCount, Mac) = (streamId, offset, receiveCount, mac);

    internal long StreamId { get; }

    internal long Offset { get; }

    internal int ReceiveCount { get; }

    internal UInt128 Mac { get; }

    /// <summary>False for what can't be a receipt of this server; a forged one parses and is refused by the operation.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out Receipt receipt)
    {
        receipt = default;
        Span<byte> bytes = stackalloc byte[Bytes];
        if (utf8.Length != TextLength || !Base64Url.IsValid(utf8, out int length) || length != Bytes) return false;
        if (!Base64Url.TryDecodeFromUtf8(utf8, bytes, out int written) || written != Bytes) return false;
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Version) return false;
        receipt = new Receipt(
            BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]),
            BinaryPrimitives.ReadUInt128LittleEndian(bytes[24..]));
        return true;
    }

    /// <summary>False for what can't be a receipt of this server.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Receipt receipt)
    {
        receipt = default;
        Span<byte> utf8 = stackalloc byte[TextLength];
        return text is { Length: TextLength } && Ascii.FromUtf16(text, utf8, out _) == System.Buffers.OperationStatus.Done && TryParse(utf8, out receipt);
    }

    /// <summary>Writes <see cref="TextLength"/> characters of base64url.</summary>
    public bool TryFormat(Span<byte> utf8, out int written)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Version);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], ReceiveCount);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], StreamId);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], Offset);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes[24..], Mac);
        return Base64Url.TryEncodeToUtf8(bytes, utf8, out written);
    }

    /// <inheritdoc/>
    public bool Equals(Receipt other) =>
        StreamId == other.StreamId && Offset == other.Offset && ReceiveCount == other.ReceiveCount && Mac == other.Mac;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Receipt other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Mac.GetHashCode();

    /// <inheritdoc/>
    public override string ToString()
    {
        Span<byte> utf8 = stackalloc byte[TextLength];
        TryFormat(utf8, out _);
        return Encoding.ASCII.GetString(utf8);
    }

    /// <summary>Same bytes.</summary>
    public static bool operator ==(Receipt left, Receipt right) => left.Equals(right);

    /// <summary>Other bytes.</summary>
    public static bool operator !=(Receipt left, Receipt right) => !left.Equals(right);
}
