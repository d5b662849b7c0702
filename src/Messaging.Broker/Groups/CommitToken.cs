using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using Messaging.Broker.Messages;

namespace Messaging.Broker.Groups;

/// <summary>
/// What a fetch shows to commit or to give back what it was given: opaque to clients. It survives a restart and dies with a deleted group. Nothing is
/// remembered for it: it carries what it speaks of and a MAC. Immutable; whether the MAC is right is decided by whoever takes it.
/// </summary>
/// <remarks>
/// Bytes, little endian: version u32 = 1 | leases u32 | group's stream id i64 | (partition's stream id i64 | next offset i64 | nonce i64)... | MAC 16 bytes.
/// On the wire: base64url without padding. The MAC is over the group's stream id and what each lease has, in this order; <see cref="MessageKeys.MacOfWords"/> says how.
/// </remarks>
public sealed class CommitToken
{
    private const uint Version = 1;
    private const int HeadBytes = 16;
    private const int LeaseBytes = 24;
    private const int MacBytes = 16;
    private const int BytesMax = HeadBytes + (GroupLimits.LeasesPerFetchMax * LeaseBytes) + MacBytes;

    /// <summary>Characters of the longest text form.</summary>
    public const int TextLengthMax = ((BytesMax * 4) + 2) / 3;

    private readonly TokenLease[] _leases;
    private readonly UInt128 _mac;

    private CommitToken(long groupStreamId, TokenLease[] leases, UInt128 mac) => (GroupStreamId, _leases, _mac) = (groupStreamId, leases, mac);

    internal long GroupStreamId { get; }

    internal IReadOnlyList<TokenLease> Leases => _leases;

    /// <summary>False for what can't be a token of this server; a forged one parses, and is refused by the operation.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out CommitToken? token)
    {
        token = null;
        Span<byte> bytes = stackalloc byte[BytesMax];
        if (text is null || text.Length > TextLengthMax || !Base64Url.IsValid(text, out int length) || length > BytesMax) return false;
        if (!Base64Url.TryDecodeFromChars(text, bytes, out int written) || written < HeadBytes + LeaseBytes + MacBytes) return false;
        bytes = bytes[..written];
        long count = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Version || HeadBytes + (count * LeaseBytes) + MacBytes != written) return false;
        var leases = new TokenLease[count];
        for (int i = 0; i < leases.Length; i++) leases[i] = ReadLease(bytes[(HeadBytes + (i * LeaseBytes))..]);
        token = new CommitToken(BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]), leases, BinaryPrimitives.ReadUInt128LittleEndian(bytes[^MacBytes..]));
        return true;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        byte[] bytes = new byte[HeadBytes + (_leases.Length * LeaseBytes) + MacBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Version);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), _leases.Length);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), GroupStreamId);
        for (int i = 0; i < _leases.Length; i++) WriteLease(bytes.AsSpan(HeadBytes + (i * LeaseBytes)), _leases[i]);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes.AsSpan(bytes.Length - MacBytes), _mac);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>For these leases; 1 to <see cref="GroupLimits.LeasesPerFetchMax"/>.</summary>
    internal static CommitToken Of(MessageKeys keys, long groupStreamId, TokenLease[] leases)
    {
        Invariant.Check(leases.Length is > 0 and <= GroupLimits.LeasesPerFetchMax, "A commit token has as many leases as a fetch may take.");
        return new CommitToken(groupStreamId, leases, keys.MacOfWords(Words(groupStreamId, leases)));
    }

    /// <summary>Whether it is one of this server, compared in constant time.</summary>
    internal bool IsGenuine(MessageKeys keys) => keys.IsOfWords(Words(GroupStreamId, _leases), _mac);

    private static long[] Words(long groupStreamId, TokenLease[] leases)
    {
        long[] words = new long[1 + (3 * leases.Length)];
        words[0] = groupStreamId;
        for (int i = 0; i < leases.Length; i++)
        {
            words[(3 * i) + 1] = leases[i].Partition.StreamId;
            words[(3 * i) + 2] = leases[i].Next;
            words[(3 * i) + 3] = leases[i].Nonce;
        }

        return words;
    }

    private static TokenLease ReadLease(ReadOnlySpan<byte> source) => new(
        new PartitionRef(BinaryPrimitives.ReadInt64LittleEndian(source)),
        BinaryPrimitives.ReadInt64LittleEndian(source[8..]),
        BinaryPrimitives.ReadInt64LittleEndian(source[16..]));

    private static void WriteLease(Span<byte> destination, TokenLease lease)
    {
        BinaryPrimitives.WriteInt64LittleEndian(destination, lease.Partition.StreamId);
        BinaryPrimitives.WriteInt64LittleEndian(destination[8..], lease.Next);
        BinaryPrimitives.WriteInt64LittleEndian(destination[16..], lease.Nonce);
    }
}
