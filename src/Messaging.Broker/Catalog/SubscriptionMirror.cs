using Messaging.Broker.Copies;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Subscriptions;
using Messaging.Storage;

namespace Messaging.Broker.Catalog;

/// <summary>The mirror's subscriptions. Whether one is paused is the log's own affair.</summary>
internal sealed class SubscriptionMirror(LocalCatalog catalog, SubscriptionJournal journal, MessageKeys keys) : IMirrorPart
{
    private readonly SubscriptionDirectory _subscriptions = catalog.Subscriptions.Subscriptions;

    public int Count => _subscriptions.Count;

    public IEnumerable<ResourceKey> Keys => catalog.Topics.Names.ToArray().SelectMany(OfTopic);

    public CatalogRow? Find(in ResourceKey key, long? version) => TryGet(key) is { } subscription ? Row(subscription, version ?? subscription.Version) : null;

    // Of another history a subscription may have begun elsewhere, which is over: the row can be applied.
    public CatalogRow? InsteadOf(CatalogRow row, long version) => null;

    public int BytesMax(CatalogRow row)
    {
        var asked = (CatalogRow.OfSubscription)row;
        return row.IsDeleting ? SubscriptionJournal.DeleteBytesMax : SubscriptionJournal.PutBytesMax(asked.Subscription, asked.Definition) + CopyJournal.BeginBytesMax(catalog.Topics.Topics, asked.Subscription.Topic, asked.Definition);
    }

    public void Apply(in Command command, CatalogRow row)
    {
        LiveSubscription? subscription = TryGet(row.Key);
        if (!row.IsDeleting) journal.Put(command, subscription, (CatalogRow.OfSubscription)row);
        else if (subscription is not null) journal.Delete(command, subscription, row.Version);
    }

    public ChangedDefinition Describe(in ResourceKey key, bool created) =>
        new(Subscription: TryGet(key) is { } subscription ? new PutSubscriptionResult(GetSubscription.Describe(keys, subscription), created) : null);

    private IEnumerable<ResourceKey> OfTopic(TopicKey topic) =>
        _subscriptions.Of(topic)?.Page("", null, int.MaxValue).Page.Select(static subscription => ResourceKey.Of(subscription.Key)) ?? [];

    private static CatalogRow.OfSubscription Row(LiveSubscription subscription, long version) => new(
        subscription.Key, subscription.CreatedVersion, version, IsDeleting: false, subscription.CreatedMs, subscription.ModifiedMs, subscription.Definition);

    private LiveSubscription? TryGet(in ResourceKey key) => _subscriptions.TryGet(key.ToSubscription(), out LiveSubscription? subscription) ? subscription : null;
}
