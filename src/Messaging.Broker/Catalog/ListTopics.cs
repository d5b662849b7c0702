using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Topics;
using Messaging.Storage;

namespace Messaging.Broker.Catalog;

/// <summary>A page of a namespace's topics, in ordinal order of names; as <see cref="ListQueues"/> pages.</summary>
internal sealed class ListTopics(TopicHost host, LocalCatalog catalog)
{
    public async ValueTask<Result<TopicPage>> RunAsync(
        AccountId account, NamespaceName space, string? prefix, int pageSize, string? pageToken, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        cancellationToken.ThrowIfCancellationRequested();
        var list = new PagedList("topics", account, space, Prefix: prefix);
        string? after = null;
        BrokerError? refusal = host.Shared.WhyStopping() ?? list.Read(pageSize, pageToken, out after);
        if (refusal is not null) return refusal;
        (List<TopicKey> keys, bool more) = catalog.Topics.Names.Page(account, space, prefix ?? "", after, pageSize);
        List<TopicDescription> page = Look(keys, out TopicName? last);
        await host.Engine.SyncedAsync();
        return new TopicPage(page, last is { } name ? list.TokenOf(name.Value) : more ? list.TokenOf(keys[^1].Name.Value) : null);
    }

    // With the last name where the page ends before its keys do: a page is never more than an answer can be.
    private List<TopicDescription> Look(List<TopicKey> keys, out TopicName? last)
    {
        last = null;
        long characters = 0;
        var page = new List<TopicDescription>(keys.Count);
        using Command command = host.Engine.BeginCommand(0);
        foreach (TopicKey key in keys)
        {
            if (!host.Topics.TryGet(key, out LiveTopic? topic)) continue;
            characters += DefinitionTexts.Characters(topic.Definition.Tags) + DefinitionTexts.Characters(topic.Definition.Annotations);
            if (page.Count > 0 && characters > BrokerLimits.ListPageCharactersMax)
            {
                last = page[^1].Key.Name;
                break;
            }

            page.Add(GetTopic.Describe(host, topic));
        }

        return page;
    }
}
