using Messaging.Broker.Names;
using Messaging.Storage;

namespace Messaging.Broker.Catalog;

/// <summary>
/// The log's catalog as rows, such as those of a truth whose mirror it is, of all kinds of resources. Asked by who alone changes definitions, or in the sequencer; what takes a command is
/// inside of it.
/// </summary>
internal sealed class CatalogMirror(LocalCatalog catalog, CatalogJournal journal, QueueMirror queues, TopicMirror topics, SubscriptionMirror subscriptions)
{
    public long Version => catalog.Version;

    public int Queues => queues.Count;

    public int Topics => topics.Count;

    public int Count => Queues + Topics + subscriptions.Count;

    /// <summary>All, what others need before these: the topics before their subscriptions.</summary>
    public IEnumerable<ResourceKey> Keys => queues.Keys.Concat(topics.Keys).Concat(subscriptions.Keys);

    /// <summary>All but those that go with another one: subscriptions go with their topics.</summary>
    public IEnumerable<ResourceKey> Roots => queues.Keys.Concat(topics.Keys);

    /// <inheritdoc cref="IMirrorPart.Find"/>
    public CatalogRow? Find(in ResourceKey key, long? version = null) => PartOf(key).Find(key, version);

    /// <inheritdoc cref="IMirrorPart.InsteadOf"/>
    public CatalogRow? InsteadOf(CatalogRow row, long version) => row.IsDeleting ? null : PartOf(row.Key).InsteadOf(row, version);

    /// <inheritdoc cref="IMirrorPart.BytesMax"/>
    public int BytesMax(CatalogRow row) => PartOf(row.Key).BytesMax(row);

    /// <inheritdoc cref="IMirrorPart.Apply"/>
    public void Apply(in Command command, CatalogRow row) => PartOf(row.Key).Apply(command, row);

    /// <summary>What a row that was applied has led to.</summary>
    public ChangedDefinition Describe(CatalogRow row, bool created) => row.IsDeleting ? default : PartOf(row.Key).Describe(row.Key, created);

    /// <summary>The mirror is as the truth was at this version, by which nothing may have changed that it can see.</summary>
    public void Reach(in Command command, long version) => journal.Reach(command, version);

    private IMirrorPart PartOf(in ResourceKey key) => key.Kind switch
    {
        ResourceKind.Queue => queues,
        ResourceKind.Topic => topics,
        ResourceKind.Subscription => subscriptions,
    };
}
