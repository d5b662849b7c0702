using Messaging.Broker.Names;
using Messaging.Broker.Subscriptions;

namespace Messaging.Broker.Topics;

/// <summary>
/// One topic of this process: its definition and its partitions. Guarded by the sequencer; <see cref="Key"/>, <see cref="Definition"/> and <see cref="Partitions"/> may be
/// read outside, as of some moment.
/// </summary>
internal sealed class LiveTopic(TopicKey key)
{
    private volatile LivePartition[] _partitions = [];

    public TopicKey Key { get; } = key;

    public TopicDefinition Definition { get; set; } = TopicDefinition.Default;

    /// <summary>By number. Replaced by a longer one when the topic grows.</summary>
    public LivePartition[] Partitions
    {
        get => _partitions;
        set => _partitions = value;
    }

    /// <summary>Where records without a key go.</summary>
    public StickyPartitioner Sticky { get; } = new();

    /// <summary>Where its records also go.</summary>
    public TopicSubscriptions Subscriptions { get; } = new(key);

    /// <summary>The catalog's version at which it was created: what tells it from a later topic of its name.</summary>
    public long CreatedVersion { get; set; }

    public long Version { get; set; }

    public long CreatedMs { get; set; }

    public long ModifiedMs { get; set; }

    /// <summary>Dropped: what found it before must not go on.</summary>
    public bool Deleted { get; set; }

    /// <summary>The stream of its first partition, which no other topic ever has: what its id is made of.</summary>
    public long FirstStreamId => _partitions[0].Stream.Id;

    /// <summary>Remembers the answers to idempotency keys.</summary>
    public LivePartition First => _partitions[0];
}
