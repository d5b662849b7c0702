using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;

namespace Messaging.Broker.Queues;

/// <summary>Under what id a message is deduplicated: its own, or by content as Amazon SQS does. Pure; called outside of the sequencer. Hot path.</summary>
internal static class DeduplicationIds
{
    /// <summary>Bytes of an id by content: a SHA-256 in hexadecimal digits.</summary>
    private const int ContentIdBytes = 2 * SHA256.HashSizeInBytes;

    private static readonly string Rule = $"A deduplication id is 1 to {MessageLimits.DeduplicationIdBytesMax} bytes of UTF-8 without control characters.";

    /// <summary>The rule that the id breaks, or null. <paramref name="where"/>: "queue" or "topic"; <paramref name="list"/>: where the message stands in its call.</summary>
    public static BrokerError? Check(string? id, DeduplicationDefinition? definition, string where, string list, int index)
    {
        if (id is null) return null;
        string? broken = definition is null ? $"The {where} does not deduplicate: its definition has no deduplication."
            : NameRules.IsLegal(id, MessageLimits.DeduplicationIdBytesMax) ? null
            : Rule;
        return broken is null ? null : new BrokerError(ErrorCode.InvalidValue, broken, $"{list}[{index}].deduplicationId");
    }

    /// <summary>Bytes of the id of a message that was given this one, or none; 0 where it is stored however often it is sent.</summary>
    public static int Measure(string? given, DeduplicationDefinition? definition)
    {
        if (given is not null) return Encoding.UTF8.GetByteCount(given);
        return definition is { ContentBased: true } ? ContentIdBytes : 0;
    }

    /// <summary>Writes the id of a message that has one, and returns its bytes.</summary>
    public static int Write(string? given, ReadOnlySpan<byte> body, Span<byte> id)
    {
        if (given is not null) return Encoding.UTF8.GetBytes(given, id);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, hash);
        Convert.TryToHexStringLower(hash, id, out int written);
        return written;
    }

    /// <summary>What stands for the id in its scope: an id of the queue's is one of a message without a group, of which there is nothing here.</summary>
    public static Hash128 Hash(DeduplicationScope scope, ReadOnlySpan<byte> group, ReadOnlySpan<byte> id)
    {
        Span<byte> content = stackalloc byte[sizeof(ushort) + BrokerLimits.NameBytesMax + MessageLimits.DeduplicationIdBytesMax];
        int groupBytes = scope == DeduplicationScope.Queue ? 0 : group.Length;
        if (groupBytes > 0) group.CopyTo(content[sizeof(ushort)..]);
        BinaryPrimitives.WriteUInt16LittleEndian(content, (ushort)groupBytes);
        id.CopyTo(content[(sizeof(ushort) + groupBytes)..]);
        return Hash128.Of(content[..(sizeof(ushort) + groupBytes + id.Length)]);
    }
}
