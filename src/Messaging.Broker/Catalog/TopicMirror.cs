using Messaging.Broker.Names;
using Messaging.Broker.Topics;
using Messaging.Storage;

namespace Messaging.Broker.Catalog;

/// <summary>The mirror's topics. Which streams their partitions have is the log's own affair: a mirror that is made again makes new ones.</summary>
internal sealed class TopicMirror(TopicHost host, LocalCatalog catalog, TopicJournal journal) : IMirrorPart
{
    public int Count => catalog.Topics.Names.Count;

    public IEnumerable<ResourceKey> Keys => catalog.Topics.Names.ToArray().Select(static key => ResourceKey.Of(key));

    public CatalogRow? Find(in ResourceKey key, long? version) => TryGet(key) is { } topic ? Row(topic, version ?? topic.Version) : null;

    // Only of another history. A topic's type can't change and its records must not die; so partitions only grow, and all else is as the row says.
    public CatalogRow? InsteadOf(CatalogRow row, long version)
    {
        if (TryGet(row.Key) is not { } topic) return null;
        var asked = (CatalogRow.OfTopic)row;
        if (topic.Definition.Type != asked.Definition.Type) return Row(topic, version);
        return asked.Definition.Partitions >= topic.Definition.Partitions
            ? null
            : asked with { CreatedVersion = 0, Version = version, Definition = asked.Definition with { Partitions = topic.Definition.Partitions } };
    }

    public int BytesMax(CatalogRow row)
    {
        LiveTopic? topic = TryGet(row.Key);
        var asked = (CatalogRow.OfTopic)row;
        return row.IsDeleting ? TopicJournal.DeleteBytesMax(topic?.Partitions.Length ?? 0, catalog.Subscriptions.Subscriptions.Of(row.Key.To<TopicKey>())?.StreamsMax ?? 0) : TopicJournal.PutBytesMax(asked.Topic, topic, asked.Definition);
    }

    public void Apply(in Command command, CatalogRow row)
    {
        LiveTopic? topic = TryGet(row.Key);
        if (!row.IsDeleting) journal.Put(command, topic, (CatalogRow.OfTopic)row);
        else if (topic is not null) journal.Delete(command, topic, row.Version);
    }

    public ChangedDefinition Describe(in ResourceKey key, bool created) =>
        new(Topic: TryGet(key) is { } topic ? new PutTopicResult(GetTopic.Describe(host, topic), created) : null);

    private static CatalogRow.OfTopic Row(LiveTopic topic, long version) =>
        new(topic.Key, topic.CreatedVersion, version, IsDeleting: false, topic.CreatedMs, topic.ModifiedMs, topic.Definition);

    private LiveTopic? TryGet(in ResourceKey key) => host.Topics.TryGet(key.To<TopicKey>(), out LiveTopic? topic) ? topic : null;
}
