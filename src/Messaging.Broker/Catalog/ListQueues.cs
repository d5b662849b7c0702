using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Storage;

namespace Messaging.Broker.Catalog;

/// <summary>A page of a namespace's queues, in ordinal order of names.</summary>
internal sealed class ListQueues(QueueHost host, LocalCatalog catalog)
{
    public async ValueTask<Result<QueuePage>> RunAsync(
        AccountId account, NamespaceName space, string? prefix, int pageSize, string? pageToken, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        cancellationToken.ThrowIfCancellationRequested();
        var list = new PagedList("queues", account, space, Prefix: prefix);
        string? after = null;
        BrokerError? refusal = host.WhyStopping() ?? list.Read(pageSize, pageToken, out after);
        if (refusal is not null) return refusal;
        (List<QueueKey> keys, bool more) = catalog.Names.Page(account, space, prefix ?? "", after, pageSize);
        List<QueueDescription> page = Look(keys, out QueueName? last);
        await host.Engine.SyncedAsync();
        return new QueuePage(page, last is { } name ? list.TokenOf(name.Value) : more ? list.TokenOf(keys[^1].Name.Value) : null);
    }

    // With the last name where the page ends before its keys do: definitions are large or small, and a page is never more than an answer can be.
    private List<QueueDescription> Look(List<QueueKey> keys, out QueueName? last)
    {
        last = null;
        long characters = 0;
        var page = new List<QueueDescription>(keys.Count);
        using Command command = host.Engine.BeginCommand(0);
        long now = host.Clock.NowMs();
        foreach (QueueKey key in keys)
        {
            if (!host.Queues.TryGet(key, out LiveQueue? queue)) continue;
            characters += DefinitionTexts.Characters(queue.Definition!.Tags) + DefinitionTexts.Characters(queue.Definition.Annotations);
            if (page.Count > 0 && characters > BrokerLimits.ListPageCharactersMax)
            {
                last = page[^1].Key.Name;
                break;
            }

            page.Add(GetQueue.Describe(queue, now));
        }

        return page;
    }
}
