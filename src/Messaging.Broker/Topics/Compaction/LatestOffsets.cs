using Messaging.Broker.Messages;

namespace Messaging.Broker.Topics.Compaction;

/// <summary>The offset of the latest record of each key that one pass has seen, by the hash of the key, so that each costs the same (Kafka's offset map). Used by one thread.</summary>
internal sealed class LatestOffsets(int keysMax)
{
    private readonly Dictionary<Hash128, long> _offsets = [];

    /// <summary>Whether so many records more surely fit; those of one batch always do when there is nothing else.</summary>
    public bool HasRoomFor(int records) => _offsets.Count == 0 || _offsets.Count + (long)records <= keysMax;

    /// <summary>In the order of the offsets.</summary>
    public void Add(ReadOnlySpan<byte> key, long offset) => _offsets[Hash128.Of(key)] = offset;

    /// <summary>Whether the key has a later record than this one.</summary>
    public bool HasLater(ReadOnlySpan<byte> key, long offset) => _offsets.TryGetValue(Hash128.Of(key), out long latest) && latest > offset;
}
