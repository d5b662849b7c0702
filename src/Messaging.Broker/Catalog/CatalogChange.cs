using Messaging.Broker.Names;

namespace Messaging.Broker.Catalog;

/// <summary>A change of the catalog, of one definition or of many: all of it is made or nothing.</summary>
/// <param name="Keys">All that it may touch, each once: two changes that touch the same one are never decided against the same definitions.</param>
/// <param name="Decide">
/// Puts into the draft what changes, or says why nothing does. Called by the <see cref="CatalogWriter"/>, outside of the sequencer: what it looks at stays
/// so until it is applied. It may be called again, with another draft, before it is: the last call counts.
/// </param>
internal sealed record CatalogChange(IReadOnlyCollection<ResourceKey> Keys, Func<CatalogDraft, BrokerError?> Decide)
{
    /// <summary>It depends on all definitions, such as on the catalog's version: nothing else is in its transaction.</summary>
    public bool IsAlone { get; init; }

    /// <summary>Of one queue.</summary>
    public static CatalogChange Of(QueueChange change) => new([ResourceKey.Of(change.Key)], draft => draft.Decide(change));

    /// <summary>Of one topic.</summary>
    public static CatalogChange Of(TopicChange change) => new([ResourceKey.Of(change.Key)], draft => draft.Decide(change));

    /// <summary>Of one subscription.</summary>
    public static CatalogChange Of(SubscriptionChange change) => new([ResourceKey.Of(change.Key)], draft => draft.Decide(change));
}
