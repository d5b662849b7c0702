using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Messaging.Broker.Names;
using Messaging.Storage.Records;

namespace Messaging.Broker.Queues;

/// <summary>
/// What names a lane within its queue: a priority, and the first 16 bytes of the SHA-256 of a message group's name, or 0 for messages without one. The name
/// itself stands in the records. A value.
/// </summary>
internal readonly record struct LaneKey(UInt128 Group, int Priority)
{
    public const int GroupBytes = 16;

    /// <summary>Messages without a group and of the lowest priority need no lane.</summary>
    public bool IsPlain => Group == 0 && Priority == 0;

    /// <summary>That of a topic's record in a queue: its key is the group where it can be one. Outside of the sequencer.</summary>
    public static LaneKey OfKey(ReadOnlySpan<byte> body) =>
        RecordBodyReader.TryRead(body, out RecordBodyReader record) && !record.KeyIsNull && NameRules.IsLegal(record.Key) ? new LaneKey(HashOf(record.Key), 0) : default;

    /// <summary>The group's part of the key; 0 for none. Outside of the sequencer.</summary>
    public static UInt128 HashOf(string? group)
    {
        if (group is null) return 0;
        Span<byte> name = stackalloc byte[BrokerLimits.NameBytesMax];
        return HashOf(name[..Encoding.UTF8.GetBytes(group, name)]);
    }

    private static UInt128 HashOf(ReadOnlySpan<byte> group)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(group, hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }
}
