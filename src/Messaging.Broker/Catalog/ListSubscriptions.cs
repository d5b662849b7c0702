using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;
using Messaging.Storage;

namespace Messaging.Broker.Catalog;

/// <summary>A page of a topic's subscriptions, in ordinal order of names; as <see cref="ListQueues"/> pages.</summary>
internal sealed class ListSubscriptions(TopicHost host, SubscriptionDirectory subscriptions)
{
    public async ValueTask<Result<SubscriptionPage>> RunAsync(TopicKey topic, string? prefix, int pageSize, string? pageToken, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        cancellationToken.ThrowIfCancellationRequested();
        var list = new PagedList("subscriptions", topic.Account, topic.Namespace, topic.Name.Value, prefix);
        string? after = null;
        BrokerError? refusal = host.Shared.WhyStopping() ?? list.Read(pageSize, pageToken, out after);
        if (refusal is not null) return refusal;
        SubscriptionPage? page = Look(topic, list, after, pageSize);
        await host.Engine.SyncedAsync();
        return page is null ? TopicHost.TopicNotFound(topic) : page;
    }

    private SubscriptionPage? Look(in TopicKey topic, in PagedList list, string? after, int pageSize)
    {
        using Command command = host.Engine.BeginCommand(0);
        if (!host.Topics.TryGet(topic, out _)) return null;
        if (subscriptions.Of(topic) is not { } table) return new SubscriptionPage([], null);
        (List<LiveSubscription> found, bool more) = table.Page(list.Prefix ?? "", after, pageSize);
        long characters = 0;
        var page = new List<SubscriptionDescription>(found.Count);
        foreach (LiveSubscription subscription in found)
        {
            characters += subscription.Definition.Characters;
            // Definitions are large or small, and a page is never more than an answer can be.
            more |= page.Count > 0 && characters > BrokerLimits.ListPageCharactersMax;
            if (page.Count > 0 && characters > BrokerLimits.ListPageCharactersMax) break;
            page.Add(GetSubscription.Describe(host.Keys, subscription));
        }

        return new SubscriptionPage(page, more ? list.TokenOf(page[^1].Key.Name.Value) : null);
    }
}
