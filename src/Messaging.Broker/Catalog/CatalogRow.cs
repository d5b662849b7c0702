using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Catalog;

/// <summary>What the truth holds of one queue, topic or subscription. Immutable.</summary>
/// <param name="CreatedVersion">
/// The version that created it: its incarnation. 0 in a row that is written means: as it is, and where there is none, older than all that a mirror may lack.
/// </param>
/// <param name="Version">The version of its latest change.</param>
/// <param name="IsDeleting">It is deleted: the row stays until the mirror has dropped its streams, which die by this word and never by a row's absence.</param>
/// <param name="CreatedMs">Milliseconds since 1970.</param>
/// <param name="ModifiedMs">Milliseconds since 1970.</param>
public abstract record CatalogRow(long CreatedVersion, long Version, bool IsDeleting, long CreatedMs, long ModifiedMs)
{
    /// <summary>Of which there is one row.</summary>
    public abstract ResourceKey Key { get; }

    /// <summary>That of a queue.</summary>
    /// <param name="Queue">The queue.</param>
    /// <param name="CreatedVersion">As above.</param>
    /// <param name="Version">As above.</param>
    /// <param name="IsDeleting">As above.</param>
    /// <param name="CreatedMs">As above.</param>
    /// <param name="ModifiedMs">As above.</param>
    /// <param name="Definition">As it is, or was before the deletion.</param>
    public sealed record OfQueue(
        QueueKey Queue, long CreatedVersion, long Version, bool IsDeleting, long CreatedMs, long ModifiedMs, QueueDefinition Definition)
        : CatalogRow(CreatedVersion, Version, IsDeleting, CreatedMs, ModifiedMs)
    {
        /// <inheritdoc/>
        public override ResourceKey Key => ResourceKey.Of(Queue);
    }

    /// <summary>That of a topic; its streams are the mirror's own affair.</summary>
    /// <param name="Topic">The topic.</param>
    /// <param name="CreatedVersion">As above.</param>
    /// <param name="Version">As above.</param>
    /// <param name="IsDeleting">As above.</param>
    /// <param name="CreatedMs">As above.</param>
    /// <param name="ModifiedMs">As above.</param>
    /// <param name="Definition">As it is, or was before the deletion.</param>
    public sealed record OfTopic(
        TopicKey Topic, long CreatedVersion, long Version, bool IsDeleting, long CreatedMs, long ModifiedMs, TopicDefinition Definition)
        : CatalogRow(CreatedVersion, Version, IsDeleting, CreatedMs, ModifiedMs)
    {
        /// <inheritdoc/>
        public override ResourceKey Key => ResourceKey.Of(Topic);
    }

    /// <summary>That of a subscription. With its topic it goes without a word of its own.</summary>
    /// <param name="Subscription">The subscription.</param>
    /// <param name="CreatedVersion">As above.</param>
    /// <param name="Version">As above.</param>
    /// <param name="IsDeleting">As above.</param>
    /// <param name="CreatedMs">As above.</param>
    /// <param name="ModifiedMs">As above.</param>
    /// <param name="Definition">As it is, or was before the deletion.</param>
    public sealed record OfSubscription(
        SubscriptionKey Subscription, long CreatedVersion, long Version, bool IsDeleting, long CreatedMs, long ModifiedMs, SubscriptionDefinition Definition)
        : CatalogRow(CreatedVersion, Version, IsDeleting, CreatedMs, ModifiedMs)
    {
        /// <inheritdoc/>
        public override ResourceKey Key => ResourceKey.Of(Subscription);
    }
}
