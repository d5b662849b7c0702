using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Storage;

namespace Messaging.Broker.Groups;

/// <summary>A page of a namespace's groups, in ordinal order of names; as <see cref="ListTopics"/> pages.</summary>
internal sealed class ListGroups(GroupHost host)
{
    public async ValueTask<Result<GroupPage>> RunAsync(
        AccountId account, NamespaceName space, string? prefix, int pageSize, string? pageToken, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Topics.Calls.Enter();
        cancellationToken.ThrowIfCancellationRequested();
        var list = new PagedList("groups", account, space, Prefix: prefix);
        string? after = null;
        BrokerError? refusal = host.Topics.Shared.WhyStopping() ?? list.Read(pageSize, pageToken, out after);
        if (refusal is not null) return refusal;
        (List<GroupKey> keys, bool more) = host.Groups.Names.Page(account, space, prefix ?? "", after, pageSize);
        List<GroupSummary> page = Look(keys);
        await host.Engine.SyncedAsync();
        return new GroupPage(page, more ? list.TokenOf(keys[^1].Name.Value) : null);
    }

    private List<GroupSummary> Look(List<GroupKey> keys)
    {
        var page = new List<GroupSummary>(keys.Count);
        using Command command = host.Engine.BeginCommand(0);
        long now = host.Topics.Clock.NowMs();
        foreach (GroupKey key in keys)
        {
            if (!host.Groups.TryGet(key, out LiveGroup? group)) continue;
            group.State.Advance(now);
            page.Add(new GroupSummary(key, group.State.Status, group.State.Members.Count, group.State.Offsets.Count));
        }

        return page;
    }
}
