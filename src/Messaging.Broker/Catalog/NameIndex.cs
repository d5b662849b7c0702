using Messaging.Broker.Names;

namespace Messaging.Broker.Catalog;

/// <summary>The names of one kind of resource in the order of lists. Safe for concurrent calls: lists look while others come and go.</summary>
internal sealed class NameIndex<TKey>
    where TKey : struct, IResourceKey<TKey>
{
    private readonly Lock _lock = new();
    private readonly SortedSet<TKey> _names = new(ResourceKeyOrder<TKey>.Instance);

    public int Count => _names.Count;

    public void Add(TKey key)
    {
        lock (_lock)
        {
            _names.Add(key);
        }
    }

    public void Remove(TKey key)
    {
        lock (_lock)
        {
            _names.Remove(key);
        }
    }

    /// <summary>All, in order.</summary>
    public TKey[] ToArray()
    {
        lock (_lock)
        {
            return [.. _names];
        }
    }

    /// <summary>Up to a page of keys after <paramref name="after"/> (exclusive, or null) with the prefix, and whether there are more.</summary>
    public (List<TKey> Keys, bool More) Page(AccountId account, NamespaceName space, string prefix, string? after, int size)
    {
        // The first of all names sorts before any that is legal: only its text counts for the order.
        string from = after is null || string.CompareOrdinal(after, prefix) < 0 ? prefix : after;
        var keys = new List<TKey>(Math.Min(size, BrokerLimits.ListPageSizeMax));
        lock (_lock)
        {
            foreach (TKey key in From(TKey.At(account, space, from)))
            {
                if (key.Account != account || key.Namespace != space || !key.Text.StartsWith(prefix, StringComparison.Ordinal)) break;
                if (after is not null && string.CompareOrdinal(key.Text, after) <= 0) continue;
                if (keys.Count == size) return (keys, true);
                keys.Add(key);
            }
        }

        return (keys, false);
    }

    /// <summary>Up to so many of the account's keys, in order, and whether there are more.</summary>
    public (List<TKey> Keys, bool More) OfAccount(AccountId account, int max)
    {
        var keys = new List<TKey>();
        // The first of all namespaces that are legal.
        if (!NamespaceName.TryParse(" ", out NamespaceName lowest)) return (keys, false);
        lock (_lock)
        {
            foreach (TKey key in From(TKey.At(account, lowest, "")))
            {
                if (key.Account != account) break;
                if (keys.Count == max) return (keys, true);
                keys.Add(key);
            }
        }

        return (keys, false);
    }

    private SortedSet<TKey> From(TKey first) =>
        _names.Count > 0 && _names.Comparer.Compare(first, _names.Max) <= 0 ? _names.GetViewBetween(first, _names.Max) : [];
}
