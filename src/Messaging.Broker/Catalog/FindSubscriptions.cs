using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;
using Messaging.Storage;

namespace Messaging.Broker.Catalog;

/// <summary>Subscriptions by something else than their names, of one moment; answered once that moment is synced.</summary>
internal sealed class FindSubscriptions(TopicHost host, LocalCatalog catalog)
{
    private const char Separator = '/';

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

    /// <summary>Pages are in the order of topics, and within one of names. A token is the last one's topic and name, each encoded.</summary>
    public async ValueTask<Result<SubscriptionPage>> OfNamespaceAsync(
        AccountId account, NamespaceName space, int pageSize, string? pageToken, CancellationToken cancellationToken)
    {
        string[] after = pageToken?.Split(Separator) ?? [];
        BrokerError? wrong = NamePages.Check(pageSize, after is [] ? null : after[0]) ?? NamePages.Check(pageSize, after is [_, var name] ? name : null);
        if (wrong is not null || after.Length > 2) return wrong ?? NamePages.Check(pageSize, "")!;
        return await LookAsync<SubscriptionPage>(() => Page(account, space, pageSize, NamePages.NameIn(after.ElementAtOrDefault(0)), NamePages.NameIn(after.ElementAtOrDefault(1))), cancellationToken);
    }

    private SubscriptionPage Page(AccountId account, NamespaceName space, int pageSize, string? topicName, string? afterName)
    {
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
        return new SubscriptionPage(page, $"{NamePages.TokenOf(last.Topic.Name.Value)}{Separator}{NamePages.TokenOf(last.Name.Value)}");
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
