using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;
using Messaging.Storage;

namespace Messaging.Broker.Catalog;

/// <summary>Subscriptions by something else than their names, of one moment; answered once that moment is synced.</summary>
internal sealed class FindSubscriptions(TopicHost host, LocalCatalog catalog)
{
    // No name has it.
    private const char Separator = '\n';

    private readonly SubscriptionDirectory _subscriptions = catalog.Subscriptions.Subscriptions;

    public ValueTask<Result<SubscriptionDescription>> ByIdAsync(Guid id, CancellationToken cancellationToken) => LookAsync(
        () => host.Keys.TryLocateSubscription(id, out long number) && _subscriptions.TryGet(number, out LiveSubscription? found)
            ? (Result<SubscriptionDescription>)GetSubscription.Describe(host.Keys, found)
            : new BrokerError(ErrorCode.SubscriptionNotFound, $"No subscription has the id {id:D}."),
        cancellationToken);

    public ValueTask<Result<SubscriptionDescription>> ByTargetAsync(TopicKey topic, SubscriptionTarget target, CancellationToken cancellationToken) => LookAsync(
        () => !host.Topics.TryGet(topic, out _) ? TopicHost.TopicNotFound(topic)
            : _subscriptions.Of(topic)?.FirstOf(target) is { } found ? (Result<SubscriptionDescription>)GetSubscription.Describe(host.Keys, found)
            : new BrokerError(ErrorCode.SubscriptionNotFound, $"The topic \"{topic.Name}\" has no subscription with this target."),
        cancellationToken);

    public ValueTask<Result<SubscriptionCounts>> CountAsync(TopicKey topic, CancellationToken cancellationToken) => LookAsync<SubscriptionCounts>(
        () =>
        {
            if (!host.Topics.TryGet(topic, out _)) return TopicHost.TopicNotFound(topic);
            SubscriptionTable? table = _subscriptions.Of(topic);
            return new SubscriptionCounts(table?.Count ?? 0, table?.All.Count(static one => one.IsPending) ?? 0, table?.Filters ?? 0, _subscriptions.FiltersOf(topic.Account));
        },
        cancellationToken);

    /// <summary>Pages are in the order of topics, and within one of names. A page begins behind the last one's topic and name.</summary>
    public async ValueTask<Result<SubscriptionPage>> OfNamespaceAsync(
        AccountId account, NamespaceName space, int pageSize, string? pageToken, CancellationToken cancellationToken)
    {
        var list = new PagedList("allSubscriptions", account, space);
        if (list.Read(pageSize, pageToken, out string? after) is { } wrong) return wrong;
        return await LookAsync<SubscriptionPage>(() => Page(list, pageSize, after), cancellationToken);
    }

    private SubscriptionPage Page(in PagedList list, int pageSize, string? after)
    {
        (AccountId account, NamespaceName space) = (list.Account, list.Space);
        string[] names = after?.Split(Separator) ?? [];
        (string? topicName, string? afterName) = (names.ElementAtOrDefault(0), names.ElementAtOrDefault(1));
        var page = new List<SubscriptionDescription>(pageSize);
        if (topicName is not null && TopicName.TryParse(topicName, out TopicName first)) Add(page, new TopicKey(account, space, first), afterName, pageSize);
        for (bool more = true; more && page.Count <= pageSize;)
        {
            (List<TopicKey> topics, more) = catalog.Topics.Names.Page(account, space, "", topicName, BrokerLimits.ListPageSizeMax);
            foreach (TopicKey topic in topics)
            {
                topicName = topic.Name.Value;
                Add(page, topic, null, pageSize);
                if (page.Count > pageSize) break;
            }
        }

        if (page.Count <= pageSize) return new SubscriptionPage(page, null);
        page.RemoveAt(pageSize);
        SubscriptionKey last = page[^1].Key;
        return new SubscriptionPage(page, list.TokenOf($"{last.Topic.Name}{Separator}{last.Name}"));
    }

    // One more than a page has says that another page follows.
    private void Add(List<SubscriptionDescription> page, in TopicKey topic, string? after, int pageSize)
    {
        if (_subscriptions.Of(topic) is not { } table) return;
        foreach (LiveSubscription subscription in table.Page("", after, pageSize + 1 - page.Count).Page) page.Add(GetSubscription.Describe(host.Keys, subscription));
    }

    private async ValueTask<Result<T>> LookAsync<T>(Func<Result<T>> look, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        cancellationToken.ThrowIfCancellationRequested();
        if (host.Shared.WhyStopping() is { } refusal) return refusal;
        Result<T> found = Inside(look);
        // That there is none may be a deletion that is not synced yet.
        await host.Engine.SyncedAsync();
        return found;
    }

    private Result<T> Inside<T>(Func<Result<T>> look)
    {
        using Command command = host.Engine.BeginCommand(0);
        return look();
    }
}
