using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Messaging.Broker.Names;
using Messaging.Storage;

namespace Messaging.Broker.Topics;

/// <summary>
/// The topics of this process by name, and their partitions by stream. Look-ups by name are safe at any time and take no lock; all else belongs to the sequencer or to
/// recovery.
/// </summary>
internal sealed class TopicDirectory
{
    private readonly ConcurrentDictionary<TopicKey, LiveTopic> _byKey = new();
    private readonly Dictionary<long, LivePartition> _byStream = [];
    private readonly List<LivePartition> _all = [];

    /// <summary>Partitions of all topics.</summary>
    public int PartitionCount => _all.Count;

    /// <summary>Rises whenever a topic comes, changes or goes.</summary>
    public long Changes { get; private set; }

    public LivePartition this[int index] => _all[index];

    public bool TryGet(in TopicKey key, [NotNullWhen(true)] out LiveTopic? topic) => _byKey.TryGetValue(key, out topic);

    public bool TryGet(long streamId, [NotNullWhen(true)] out LivePartition? partition) => _byStream.TryGetValue(streamId, out partition);

    /// <summary>The stream's partition, made when it is new; its topic may come later.</summary>
    public LivePartition Attach(LogStream stream)
    {
        if (_byStream.TryGetValue(stream.Id, out LivePartition? known)) return known;
        var partition = new LivePartition(stream) { Index = _all.Count };
        _byStream.Add(stream.Id, partition);
        _all.Add(partition);
        return partition;
    }

    /// <summary>From here on it is found by its name.</summary>
    public void Publish(LiveTopic topic)
    {
        _byKey[topic.Key] = topic;
        Changes++;
    }

    /// <summary>It is not found any more; its partitions go with their streams.</summary>
    public void Remove(LiveTopic topic)
    {
        topic.Deleted = true;
        Changes++;
        _byKey.TryRemove(KeyValuePair.Create(topic.Key, topic));
        foreach (LivePartition partition in topic.Partitions) Detach(partition.Stream.Id);
    }

    /// <summary>The stream is gone, if it was a partition's.</summary>
    public void Detach(long streamId)
    {
        if (!_byStream.Remove(streamId, out LivePartition? partition)) return;
        partition.Deleted = true;
        LivePartition last = _all[^1];
        _all[last.Index = partition.Index] = last;
        _all.RemoveAt(_all.Count - 1);
        partition.Waits.Close();
    }
}
