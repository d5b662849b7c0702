using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

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

    /// <summary>The group's part of the key; 0 for none. Outside of the sequencer.</summary>
    public static UInt128 HashOf(string? group)
    {
        if (group is null) return 0;
        Span<byte> name = stackalloc byte[BrokerLimits.NameBytesMax];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(name[..Encoding.UTF8.GetBytes(group, name)], hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }
}
