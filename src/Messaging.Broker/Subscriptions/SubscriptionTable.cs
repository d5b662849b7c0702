using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Messaging.Broker.Names;

namespace Messaging.Broker.Subscriptions;

/// <summary>
/// The subscriptions of one topic: by name, in the order of names and by target, for anyone at any time; changed by the sequencer or recovery. No change here costs more for
/// there being many: what copies is the end of one in the topic's <see cref="FanOutTable"/>.
/// </summary>
internal sealed class SubscriptionTable
{
    private readonly ConcurrentDictionary<string, LiveSubscription> _byName = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly SortedSet<string> _names = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<SubscriptionTarget, LiveSubscription> _byTarget = new();
    private int _pushed;

    public int Count => _names.Count;

    /// <summary>Those with a filter. Counted by the directory.</summary>
    public int Filters { get; set; }

    /// <summary>Delivery queues that they have, or are to get in the same frame, and queues in which they gather.</summary>
    public int StreamCount => _pushed + Gathering;

    /// <summary>As many as there may be by the time that a change is made which is decided now: no catalog is asked for a pause.</summary>
    public int StreamsMax => Math.Max(StreamCount, Math.Min(2 * Count, SubscriptionLimits.StreamsPerTopicMax));

    /// <summary>Those that gather. Counted by the catalog.</summary>
    public int Gathering { get; set; }

    /// <summary>All, in no order.</summary>
    public IEnumerable<LiveSubscription> All => _byName.Values;

    public bool TryGet(SubscriptionName name, [NotNullWhen(true)] out LiveSubscription? subscription) => _byName.TryGetValue(name.Value, out subscription);

    /// <summary>
    /// The first of those with this target, with the others behind it (<see cref="LiveSubscription.SameTarget"/>). There is at most one, unless two catalogs of different histories were
    /// brought together.
    /// </summary>
    public LiveSubscription? FirstOf(SubscriptionTarget target) => _byTarget.GetValueOrDefault(target);

    /// <summary>Up to a page of them after <paramref name="after"/> (exclusive, or null) with the prefix, and whether there are more.</summary>
    public (List<LiveSubscription> Page, bool More) Page(string prefix, string? after, int size)
    {
        string from = after is null || string.CompareOrdinal(after, prefix) < 0 ? prefix : after;
        var page = new List<LiveSubscription>(Math.Min(size, BrokerLimits.ListPageSizeMax));
        lock (_lock)
        {
            if (_names.Count == 0 || string.CompareOrdinal(from, _names.Max) > 0) return (page, false);
            foreach (string name in _names.GetViewBetween(from, _names.Max))
            {
                if (!name.StartsWith(prefix, StringComparison.Ordinal)) break;
                if (name == after) continue;
                if (page.Count == size) return (page, true);
                page.Add(_byName[name]);
            }
        }

        return (page, false);
    }

    public void Add(LiveSubscription subscription)
    {
        Link(subscription);
        lock (_lock)
        {
            _byName[subscription.Key.Name.Value] = subscription;
            _names.Add(subscription.Key.Name.Value);
        }
    }

    public void Define(LiveSubscription subscription, SubscriptionDefinition definition)
    {
        bool isMoved = subscription.Definition.Target != definition.Target;
        if (isMoved) Unlink(subscription);
        subscription.Definition = definition;
        if (isMoved) Link(subscription);
    }

    public void Remove(LiveSubscription subscription)
    {
        Unlink(subscription);
        lock (_lock)
        {
            _byName.TryRemove(subscription.Key.Name.Value, out _);
            _names.Remove(subscription.Key.Name.Value);
        }
    }

    private void Link(LiveSubscription subscription)
    {
        if (subscription.Definition.Target.IsPushed) _pushed++;
        subscription.SameTarget = FirstOf(subscription.Definition.Target);
        _byTarget[subscription.Definition.Target] = subscription;
    }

    private void Unlink(LiveSubscription subscription)
    {
        if (subscription.Definition.Target.IsPushed) _pushed--;
        LiveSubscription before = _byTarget[subscription.Definition.Target];
        if (before == subscription && subscription.SameTarget is null) _byTarget.TryRemove(subscription.Definition.Target, out _);
        else if (before == subscription) _byTarget[subscription.Definition.Target] = subscription.SameTarget!;
        else
        {
            while (before.SameTarget != subscription) before = before.SameTarget!;
            before.SameTarget = subscription.SameTarget;
        }

        subscription.SameTarget = null;
    }
}
