using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Messaging.Broker.Messages;

/// <summary>
/// The first half of a SHA-256: what stands for a key or an id wherever one is remembered, so that each costs the same. Nobody can find two texts with one
/// hash in 2^64 tries. A value.
/// </summary>
internal readonly struct Hash128(ulong high, ulong low) : IEquatable<Hash128>
{
    public const int Bytes = 16;

    private readonly ulong _high = high;
    private readonly ulong _low = low;

    public static Hash128 Of(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, hash);
        return Read(hash);
    }

    /// <summary>Of the first <see cref="Bytes"/> bytes.</summary>
    public static Hash128 Read(ReadOnlySpan<byte> source) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(source), BinaryPrimitives.ReadUInt64BigEndian(source[8..]));

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _high);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _low);
    }

    public bool Equals(Hash128 other) => _high == other._high && _low == other._low;

    public override bool Equals(object? obj) => obj is Hash128 other && Equals(other);

    // Seeded anew by each process: clients choose what is hashed, and could fill one bucket of a map.
    public override int GetHashCode() => HashCode.Combine(_high, _low);
}
