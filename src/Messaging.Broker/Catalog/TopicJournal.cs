using System.Buffers;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;
using Messaging.Storage;

namespace Messaging.Broker.Catalog;

/// <summary>Changes of topics as entries of the log, with the streams of their partitions: appended and applied, inside one command.</summary>
internal sealed class TopicJournal(QueueHost host, LocalCatalog catalog)
{
    private static readonly int PartitionBytes = Command.StateBytes(0) + Command.StateBytes(1);

    // The sequencer's: one entry in the making.
    private readonly ArrayBufferWriter<byte> _entry = new();

    /// <summary>Most of what a put appends that brings a topic to this definition.</summary>
    public static int PutBytesMax(TopicKey key, LiveTopic? topic, TopicDefinition definition)
    {
        var entry = new ArrayBufferWriter<byte>();
        IEnumerable<long> streams = (topic?.Partitions ?? []).Select(partition => partition.Stream.Id);
        List<StreamRun> runs = StreamRun.Of(streams);
        runs.Add(new StreamRun(long.MaxValue, definition.Partitions));
        TopicCatalog.WriteEntry(entry, new TopicRecord(runs, key, definition, long.MaxValue, long.MaxValue, long.MaxValue, long.MaxValue));
        return Command.StateBytes(entry.WrittenCount) + ((definition.Partitions - (topic?.Partitions.Length ?? 0)) * PartitionBytes);
    }

    /// <summary>Most of what the deletion of a topic of so many partitions, whose subscriptions have so many streams (<see cref="SubscriptionTable.StreamsMax"/>), appends.</summary>
    public static int DeleteBytesMax(int partitions, int streams) => Command.StateBytes(1 + (2 * EntryWriter.VarintBytesMax)) + ((partitions + streams) * Command.StateBytes(0));

    /// <summary>
    /// The topic, which is made where it is null, gets the row's definition, and streams for the partitions that it lacks. One that is there stays the one that was created when it was.
    /// </summary>
    public LiveTopic Put(in Command command, LiveTopic? topic, CatalogRow.OfTopic row)
    {
        List<long> streams = [.. (topic?.Partitions ?? []).Select(partition => partition.Stream.Id)];
        while (streams.Count < row.Definition.Partitions)
        {
            LogStream stream = command.CreateStream();
            command.AppendState(stream, [(byte)PartitionEntryKind.Opened]);
            catalog.Topics.Attach(stream);
            streams.Add(stream.Id);
        }

        long createdVersion = topic?.CreatedVersion ?? (row.CreatedVersion > 0 ? row.CreatedVersion : row.Version);
        var record = new TopicRecord(StreamRun.Of(streams), row.Topic, row.Definition, createdVersion, row.Version, row.CreatedMs, row.ModifiedMs);
        _entry.ResetWrittenCount();
        TopicCatalog.WriteEntry(_entry, record);
        command.AppendState(host.Engine.System, _entry.WrittenSpan);
        catalog.ApplyPut(record);
        catalog.Topics.Topics.TryGet(row.Topic, out LiveTopic? put);
        return put!;
    }

    /// <summary>A change where the log is the truth: the catalog's next version.</summary>
    public LiveTopic Put(in Command command, LiveTopic? topic, TopicKey key, TopicDefinition definition, long now)
    {
        long version = catalog.Version + 1;
        return Put(command, topic, new CatalogRow.OfTopic(key, version, version, IsDeleting: false, topic?.CreatedMs ?? now, now, definition));
    }

    /// <summary>With its records, its subscriptions and what waits for them; whoever waits for more is told.</summary>
    public void Delete(in Command command, LiveTopic topic, long version)
    {
        command.AppendState(host.Engine.System, CatalogEntries.TopicDeleted(topic.FirstStreamId, version));
        foreach (LivePartition partition in topic.Partitions) command.DropStream(partition.Stream);
        List<LiveQueue> queues = [.. (catalog.Subscriptions.Subscriptions.Of(topic.Key)?.All ?? []).SelectMany(static subscription => (LiveQueue?[])[subscription.DeliveryQueue, subscription.Gathering]).OfType<LiveQueue>()];
        foreach (LiveQueue queue in queues) command.DropStream(queue.Stream);
        catalog.ApplyTopicDeleted(topic.FirstStreamId, version);
        foreach (LiveQueue queue in queues) host.Wakes.Close(queue);
    }
}
