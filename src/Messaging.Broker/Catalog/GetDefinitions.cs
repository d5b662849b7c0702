using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Topics;
using Messaging.Storage;

namespace Messaging.Broker.Catalog;

/// <summary>
/// All definitions of an account as of one moment, told once that moment is synced. Bounded (<see cref="CatalogLimits.DefinitionsMax"/>), so that the
/// sequencer is held briefly and what is answered can be applied again.
/// </summary>
internal sealed class GetDefinitions(TopicHost topics, LocalCatalog catalog)
{
    private static readonly BrokerError TooMany = new(
        ErrorCode.DefinitionsTooLarge,
        $"There are more than {CatalogLimits.DefinitionsMax} queues, topics and subscriptions, which is the most that a document of definitions has; list them page by page instead.");

    private readonly QueueHost _queues = topics.Shared;

    public async ValueTask<Result<CatalogDefinitions>> RunAsync(AccountId account, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = _queues.Calls.Enter();
        cancellationToken.ThrowIfCancellationRequested();
        if (_queues.WhyStopping() is { } refusal) return refusal;
        CatalogDefinitions? found = Look(account);
        await _queues.Engine.SyncedAsync();
        return found is null ? TooMany : found;
    }

    private CatalogDefinitions? Look(AccountId account)
    {
        using Command command = _queues.Engine.BeginCommand(0);
        (List<QueueKey> queueKeys, bool moreQueues) = catalog.Names.OfAccount(account, CatalogLimits.DefinitionsMax);
        (List<TopicKey> topicKeys, bool moreTopics) = catalog.Topics.Names.OfAccount(account, CatalogLimits.DefinitionsMax - queueKeys.Count);
        if (moreQueues || moreTopics) return null;
        var queues = new List<QueueDefinitionEntry>(queueKeys.Count);
        foreach (QueueKey key in queueKeys)
        {
            if (_queues.Queues.TryGet(key, out LiveQueue? queue)) queues.Add(new QueueDefinitionEntry(key, queue.Definition));
        }

        var found = new List<TopicDefinitionEntry>(topicKeys.Count);
        foreach (TopicKey key in topicKeys)
        {
            if (topics.Topics.TryGet(key, out LiveTopic? topic)) found.Add(new TopicDefinitionEntry(key, topic.Definition));
        }

        return Subscriptions(topicKeys, CatalogLimits.DefinitionsMax - queueKeys.Count - topicKeys.Count) is { } subscriptions
            ? new CatalogDefinitions(new DefinitionsDocument { Queues = queues, Topics = found, Subscriptions = subscriptions }, catalog.Version)
            : null;
    }

    // Null where there are more than so many.
    private List<SubscriptionDefinitionEntry>? Subscriptions(List<TopicKey> topicKeys, int max)
    {
        var found = new List<SubscriptionDefinitionEntry>();
        foreach (TopicKey topic in topicKeys)
        {
            if (catalog.Subscriptions.Subscriptions.Of(topic) is not { } table) continue;
            if (found.Count + table.Count > max) return null;
            found.AddRange(table.Page("", null, max).Page.Select(static subscription => new SubscriptionDefinitionEntry(subscription.Key, subscription.Definition)));
        }

        return found;
    }
}
