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

    private static readonly string Rule = $"A deduplication id is 1 to {BrokerLimits.DeduplicationIdBytesMax} bytes of UTF-8 without control characters.";

    /// <summary>The rule that the message's id breaks, or null.</summary>
    public static BrokerError? Check(in OutgoingMessage message, DeduplicationDefinition? definition, int index)
    {
        if (message.DeduplicationId is not { } id) return null;
        string? broken = definition is null ? "The queue does not deduplicate: its definition has no deduplication."
            : NameRules.IsLegal(id, BrokerLimits.DeduplicationIdBytesMax) ? null
            : Rule;
        return broken is null ? null : new BrokerError(ErrorCode.InvalidValue, broken, $"messages[{index}].deduplicationId");
    }

    /// <summary>Bytes of the message's id; 0 where it is stored however often it is sent.</summary>
    public static int Measure(in OutgoingMessage message, DeduplicationDefinition? definition)
    {
        if (message.DeduplicationId is { } id) return Encoding.UTF8.GetByteCount(id);
        return definition is { ContentBased: true } ? ContentIdBytes : 0;
    }

    /// <summary>Writes the id of a message that has one.</summary>
    public static void Write(in OutgoingMessage message, Span<byte> id)
    {
        if (message.DeduplicationId is { } given)
        {
            Encoding.UTF8.GetBytes(given, id);
            return;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(message.Body.Span, hash);
        Convert.TryToHexStringLower(hash, id, out _);
    }

    /// <summary>What stands for the id in its scope: an id of the queue's is one of a message without a group.</summary>
    public static Hash128 Hash(DeduplicationScope scope, string? group, ReadOnlySpan<byte> id)
    {
        Span<byte> content = stackalloc byte[sizeof(ushort) + BrokerLimits.NameBytesMax + BrokerLimits.DeduplicationIdBytesMax];
        int groupBytes = scope == DeduplicationScope.Queue || group is null ? 0 : Encoding.UTF8.GetBytes(group, content[sizeof(ushort)..]);
        BinaryPrimitives.WriteUInt16LittleEndian(content, (ushort)groupBytes);
        id.CopyTo(content[(sizeof(ushort) + groupBytes)..]);
        return Hash128.Of(content[..(sizeof(ushort) + groupBytes + id.Length)]);
    }
}
