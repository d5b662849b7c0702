using System.Buffers;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Topics;
using Messaging.Storage;

namespace Messaging.Broker.Catalog;

/// <summary>The embedded catalog's part that speaks of topics: their definitions in memory, by entries of the system stream and its snapshot. Guarded by the sequencer, or by recovery; only <see cref="Names"/> may be asked at any time.</summary>
internal sealed class TopicCatalog(TopicDirectory topics)
{
    // By their first streams, which nothing else ever has.
    private readonly Dictionary<long, LiveTopic> _topics = [];

    // Partitions whose streams have not come yet: recovery only.
    private readonly Dictionary<long, (LiveTopic Topic, int Number)> _unattached = [];

    /// <summary>The names of topics, looked up by anyone.</summary>
    public NameIndex<TopicKey> Names { get; } = new();

    public TopicDirectory Topics => topics;

    public void ApplyPut(TopicRecord record)
    {
        if (!_topics.TryGetValue(record.FirstStreamId, out LiveTopic? topic))
        {
            _topics.Add(record.FirstStreamId, topic = new LiveTopic(record.Key));
            Names.Add(record.Key);
        }

        Grow(topic, record);
        topic.Definition = record.Definition;
        (topic.CreatedVersion, topic.Version, topic.CreatedMs, topic.ModifiedMs) = (record.CreatedVersion, record.Version, record.CreatedMs, record.ModifiedMs);
        topics.Publish(topic);
    }

    /// <summary>The topic that is gone; null where it was not there.</summary>
    public LiveTopic? ApplyDeleted(long firstStreamId)
    {
        if (!_topics.Remove(firstStreamId, out LiveTopic? topic)) return null;
        Names.Remove(topic.Key);
        topics.Remove(topic);
        return topic;
    }

    /// <summary>A partition's stream has come.</summary>
    public LivePartition Attach(LogStream stream)
    {
        LivePartition partition = topics.Attach(stream);
        if (_unattached.Remove(stream.Id, out (LiveTopic Topic, int Number) place)) Place(place.Topic.Partitions, place.Topic, place.Number, partition);
        return partition;
    }

    /// <summary>After recovery: every partition of a topic has its stream, and every partition's stream its topic.</summary>
    public void CheckWhole()
    {
        Invariant.Check(_unattached.Count == 0, "A partition of the catalog has no stream.");
        _unattached.TrimExcess();
        for (int i = 0; i < topics.PartitionCount; i++) Invariant.Check(topics[i].Topic is not null, "A partition's stream has no topic in the catalog.");
    }

    public void Write(ref BufferEntryWriter writer)
    {
        writer.Unsigned(_topics.Count);
        foreach (LiveTopic topic in _topics.Values) RecordOf(topic).Write(ref writer);
    }

    public void Restore(ref EntryReader reader)
    {
        for (long left = reader.Unsigned(); left > 0; left--) ApplyPut(TopicRecord.Read(ref reader));
    }

    /// <summary>The bytes of an entry into a buffer of the caller's.</summary>
    public static void WriteEntry(IBufferWriter<byte> destination, TopicRecord record)
    {
        var writer = new BufferEntryWriter(destination);
        writer.Byte((byte)CatalogEntryKind.TopicDefined);
        record.Write(ref writer);
        writer.Flush();
    }

    private static TopicRecord RecordOf(LiveTopic topic) => new(
        StreamRun.Of(topic.Partitions.Select(partition => partition.Stream.Id)), topic.Key, topic.Definition, topic.CreatedVersion, topic.Version, topic.CreatedMs,
        topic.ModifiedMs);

    private void Grow(LiveTopic topic, TopicRecord record)
    {
        int number = 0;
        LivePartition[] before = topic.Partitions;
        if (before.Length == record.Definition.Partitions) return;
        var grown = new LivePartition[record.Definition.Partitions];
        before.CopyTo(grown, 0);
        foreach (StreamRun run in record.Streams)
        {
            for (long id = run.First; id < run.First + run.Count; id++, number++)
            {
                if (number < before.Length) continue;
                if (topics.TryGet(id, out LivePartition? partition)) Place(grown, topic, number, partition);
                else _unattached[id] = (topic, number);
            }
        }

        topic.Partitions = grown;
    }

    private static void Place(LivePartition[] partitions, LiveTopic topic, int number, LivePartition partition)
    {
        partitions[number] = partition;
        (partition.Topic, partition.Number) = (topic, number);
    }
}
