using System.Runtime.InteropServices;
using Messaging.Broker.Names;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Groups;

/// <summary>Fetches that wait until offsets or leases of their group change; by name, for the group need not be there yet. Safe for concurrent calls.</summary>
internal sealed class GroupWaits
{
    private readonly Lock _lock = new();
    private readonly Dictionary<GroupKey, List<FetchWaiter>> _waiting = [];

    /// <summary>From here on the waiter is ended by a change; who calls looks again afterwards, for what came before.</summary>
    public void Add(in GroupKey key, FetchWaiter waiter)
    {
        lock (_lock)
        {
            ref List<FetchWaiter>? waiting = ref CollectionsMarshal.GetValueRefOrAddDefault(_waiting, key, out _);
            (waiting ??= []).Add(waiter);
        }
    }

    /// <summary>It waits no more.</summary>
    public void Remove(in GroupKey key, FetchWaiter waiter)
    {
        lock (_lock)
        {
            if (_waiting.TryGetValue(key, out List<FetchWaiter>? waiting) && waiting.Remove(waiter) && waiting.Count == 0) _waiting.Remove(key);
        }
    }

    /// <summary>Offsets or leases of the group change.</summary>
    public void Wake(in GroupKey key)
    {
        lock (_lock)
        {
            if (!_waiting.Remove(key, out List<FetchWaiter>? waiting)) return;
            foreach (FetchWaiter waiter in waiting) waiter.End(FetchEnd.Appended);
        }
    }
}
