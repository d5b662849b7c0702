using Messaging.Broker.Names;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;
using Messaging.Storage;

namespace Messaging.Broker.Catalog;

/// <summary>What one command of a reset deletes: of all <paramref name="keys"/> those from a place on, as many as it has room for, and at least one.</summary>
internal sealed class ResetBatch(ResourceKey[] keys, int first, SubscriptionDirectory subscriptions)
{
    // The last one may be the widest topic, and is begun while this is not used up.
    private static readonly int BytesUsedMax = CatalogLimits.ResetBatchMax * CatalogJournal.DeleteBytesMax;

    /// <summary>Most of what it appends.</summary>
    public static readonly int BytesMax = BytesUsedMax + TopicJournal.DeleteBytesMax(TopicLimits.PartitionsMax, SubscriptionLimits.StreamsPerTopicMax + (2 * CatalogLimits.DefinitionsMax));

    /// <summary>All that it may delete.</summary>
    public IReadOnlyCollection<ResourceKey> Keys => keys[first..End];

    /// <summary>Where the next batch begins, after this one.</summary>
    public int Next { get; private set; }

    public ResetCounts Gone { get; private set; }

    private int End => Math.Min(keys.Length, first + CatalogLimits.ResetBatchMax);

    /// <summary>Where the log is the truth, inside the command. What somebody else has deleted meanwhile is gone.</summary>
    public void Delete(in Command command, CatalogMirror mirror)
    {
        int bytes = 0;
        for (Next = first; Next < End && bytes < BytesUsedMax; Next++)
        {
            if (mirror.Find(keys[Next], mirror.Version + 1) is not { } row) continue;
            CatalogRow deleted = row with { IsDeleting = true };
            bytes += mirror.BytesMax(deleted);
            Count(keys[Next]);
            mirror.Apply(command, deleted);
        }
    }

    /// <summary>The same as a change of the truth; from the beginning, since it may be decided again.</summary>
    public BrokerError? Delete(CatalogDraft draft)
    {
        (Next, Gone) = (first, default);
        for (; Next < End && draft.Bytes < BytesUsedMax; Next++)
        {
            if (draft.TryDelete(keys[Next])) Count(keys[Next]);
        }

        return null;
    }

    // Before they are gone.
    private void Count(in ResourceKey key) => Gone = key.Kind == ResourceKind.Queue
        ? Gone with { Queues = Gone.Queues + 1 }
        : Gone with { Topics = Gone.Topics + 1, Subscriptions = Gone.Subscriptions + (subscriptions.Of(key.To<TopicKey>())?.Count ?? 0) };
}
