using System.Buffers.Binary;

namespace Messaging.Broker.Topics;

/// <summary>
/// Which partition a key goes to: that of Kafka's own clients, so that producers of both kinds agree (DefaultPartitioner, BuiltInPartitioner: murmur2, made positive,
/// modulo the partitions). Hot path: no allocation.
/// </summary>
internal static class KeyPartitioner
{
    // MurmurHash2 by Austin Appleby, with the seed that Kafka chose.
    private const uint Seed = 0x9747B28C;
    private const uint Factor = 0x5BD1E995;
    private const int Shift = 24;

    /// <summary>The partition, from 0; stays the same while their number does.</summary>
    public static int Of(ReadOnlySpan<byte> key, int partitions) => (Murmur2(key) & int.MaxValue) % partitions;

    /// <summary>Kafka's Utils.murmur2: signed, as Java has it.</summary>
    internal static int Murmur2(ReadOnlySpan<byte> key)
    {
        uint hash = Seed ^ (uint)key.Length;
        while (key.Length >= sizeof(uint))
        {
            uint word = BinaryPrimitives.ReadUInt32LittleEndian(key) * Factor;
            hash = (hash * Factor) ^ ((word ^ (word >> Shift)) * Factor);
            key = key[sizeof(uint)..];
        }

        if (key.Length > 2) hash ^= (uint)key[2] << 16;
        if (key.Length > 1) hash ^= (uint)key[1] << 8;
        if (key.Length > 0) hash = (hash ^ key[0]) * Factor;
        hash = (hash ^ (hash >> 13)) * Factor;
        return (int)(hash ^ (hash >> 15));
    }
}
