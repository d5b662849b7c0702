using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Messaging.Broker.Names;

namespace Messaging.Broker.Subscriptions;

/// <summary>
/// The subscriptions of this process by topic and name, and by number. Look-ups are safe at any time and take no lock; all else belongs to the sequencer or to recovery. A change here costs the
/// same however many there are, unlike in the topic's <see cref="FanOutTable"/>; the end of a topic costs as much as it has of them.
/// </summary>
internal sealed class SubscriptionDirectory
{
    private readonly ConcurrentDictionary<TopicKey, SubscriptionTable> _byTopic = new();
    private readonly ConcurrentDictionary<long, LiveSubscription> _byNumber = new();
    private readonly Dictionary<AccountId, int> _filters = [];

    /// <summary>Of all topics.</summary>
    public int Count { get; private set; }

    /// <summary>Those that have gathered something and are not paused: nearly all are <see cref="LiveSubscription.IsDraining"/>. Kept by the catalog.</summary>
    public HashSet<LiveSubscription> Draining { get; } = [];

    /// <summary>All, topic by topic.</summary>
    public IEnumerable<LiveSubscription> All => _byTopic.Values.SelectMany(static table => table.All);

    /// <summary>The topic's; null where it has none.</summary>
    public SubscriptionTable? Of(in TopicKey topic) => _byTopic.GetValueOrDefault(topic);

    public bool TryGet(in SubscriptionKey key, [NotNullWhen(true)] out LiveSubscription? subscription)
    {
        subscription = null;
        return _byTopic.TryGetValue(key.Topic, out SubscriptionTable? table) && table.TryGet(key.Name, out subscription);
    }

    public bool TryGet(long number, [NotNullWhen(true)] out LiveSubscription? subscription) => _byNumber.TryGetValue(number, out subscription);

    /// <summary>It is found from here on; it has its definition.</summary>
    public void Add(LiveSubscription subscription)
    {
        _byTopic.GetOrAdd(subscription.Key.Topic, static _ => new SubscriptionTable()).Add(subscription);
        bool isNew = _byNumber.TryAdd(subscription.Number, subscription);
        Invariant.Check(isNew, "A subscription's number was given twice.");
        Count++;
        CountFilter(subscription, subscription.Definition, 1);
    }

    /// <summary>The definition of one that is there is this one from here on.</summary>
    public void Define(LiveSubscription subscription, SubscriptionDefinition definition)
    {
        CountFilter(subscription, subscription.Definition, -1);
        _byTopic[subscription.Key.Topic].Define(subscription, definition);
        CountFilter(subscription, definition, 1);
    }

    /// <summary>Subscriptions of the account that have a filter.</summary>
    public int FiltersOf(AccountId account) => _filters.GetValueOrDefault(account);

    /// <summary>It is not found any more.</summary>
    public void Remove(LiveSubscription subscription)
    {
        SubscriptionTable table = _byTopic[subscription.Key.Topic];
        CountFilter(subscription, subscription.Definition, -1);
        table.Remove(subscription);
        if (table.Count == 0) _byTopic.TryRemove(subscription.Key.Topic, out _);
        Forget(subscription);
    }

    /// <summary>The topic is gone, and all of its subscriptions are.</summary>
    public void RemoveTopic(in TopicKey topic)
    {
        if (!_byTopic.TryRemove(topic, out SubscriptionTable? table)) return;
        foreach (LiveSubscription subscription in table.All) Forget(subscription);
        CountFilters(topic.Account, -table.Filters);
    }

    private void CountFilter(LiveSubscription subscription, SubscriptionDefinition definition, int change)
    {
        if (definition.Filter is null) return;
        _byTopic[subscription.Key.Topic].Filters += change;
        CountFilters(subscription.Key.Topic.Account, change);
    }

    private void CountFilters(AccountId account, int change)
    {
        int filters = _filters.GetValueOrDefault(account) + change;
        if (filters == 0) _filters.Remove(account);
        else _filters[account] = filters;
    }

    private void Forget(LiveSubscription subscription)
    {
        subscription.Deleted = true;
        Draining.Remove(subscription);
        _byNumber.TryRemove(subscription.Number, out _);
        Count--;
    }
}
