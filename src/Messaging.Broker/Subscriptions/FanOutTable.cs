using System.Buffers;
using Messaging.Broker.Filters;
using Messaging.Storage.Records;

namespace Messaging.Broker.Subscriptions;

/// <summary>
/// A topic's subscriptions that get what is published, as of one moment: another one after each change, which costs the same however many there are, but that the end of one without a filter copies the list of
/// those. Who has asked a table asks at the end whether it is still the latest (<see cref="TopicSubscriptions.Table"/>): only then it was of one moment, for tables share memory and the indexes of filters.
/// </summary>
internal sealed class FanOutTable
{
    // Without filters; those behind the count belong to later tables.
    private readonly LiveSubscription[] _all;
    private readonly int _allCount;
    private readonly Filtered _filtered;
    private readonly int _filteredCount;

    private FanOutTable(LiveSubscription[] all, int allCount, Filtered filtered, int filteredCount, ReadOnlyMemory<byte> envelope) =>
        (_all, _allCount, _filtered, _filteredCount, Envelope) = (all, allCount, filtered, filteredCount, envelope);

    public bool IsEmpty => _allCount + _filteredCount == 0;

    /// <summary>Not all of them get everything.</summary>
    public bool HasFilters => _filteredCount > 0;

    /// <summary>What the topic's notifications are stored with (<see cref="Messages.StoredHeaders"/>).</summary>
    public ReadOnlyMemory<byte> Envelope { get; }

    /// <summary>Without any.</summary>
    public static FanOutTable Empty(ReadOnlyMemory<byte> envelope) => new([], 0, new Filtered(), 0, envelope);

    /// <summary>Of the latest table only: its memory is gone on with.</summary>
    public FanOutTable With(LiveSubscription subscription)
    {
        (subscription.IsListed, subscription.ListedPolicy) = (true, subscription.Policy);
        if (subscription.Policy is { } policy)
        {
            _filtered.Of(policy).Add(policy, subscription);
            return new FanOutTable(_all, _allCount, _filtered, _filteredCount + 1, Envelope);
        }

        LiveSubscription[] all = _all;
        if (_allCount == all.Length) Array.Resize(ref all, Math.Max(4, 2 * _allCount));
        all[_allCount] = subscription;
        return new FanOutTable(all, _allCount + 1, _filtered, _filteredCount, Envelope);
    }

    /// <summary>Of the latest table only: another one of the same, as one of them is no longer what it was.</summary>
    public FanOutTable Again() => new(_all, _allCount, _filtered, _filteredCount, Envelope);

    /// <summary>Of the latest table only.</summary>
    public FanOutTable Without(LiveSubscription subscription)
    {
        if (!subscription.IsListed) return this;
        subscription.IsListed = false;
        if (subscription.ListedPolicy is { } policy)
        {
            _filtered.Of(policy).Remove(policy, subscription);
            return new FanOutTable(_all, _allCount, _filtered, _filteredCount - 1, Envelope);
        }

        // The last one takes its place, in memory that no earlier table has.
        LiveSubscription[] all = _all[.._allCount];
        all[Array.IndexOf(all, subscription)] = all[^1];
        return new FanOutTable(all, _allCount - 1, _filtered, _filteredCount, Envelope);
    }

    /// <summary>Those that get the record, each once. Hot path.</summary>
    public void Collect(ReadOnlySpan<byte> record, HashSet<LiveSubscription> matches)
    {
        foreach (LiveSubscription subscription in _all.AsSpan(0, _allCount)) matches.Add(subscription);
        if (_filteredCount == 0 || !RecordBodyReader.TryRead(record, out RecordBodyReader reader)) return;
        StoredAttributes.Place[] places = ArrayPool<StoredAttributes.Place>.Shared.Rent(reader.HeaderCount);
        _filtered.Attributes.CollectAttributes(StoredAttributes.Read(record, reader.Headers, places), matches);
        ArrayPool<StoredAttributes.Place>.Shared.Return(places);
        _filtered.Body.CollectBody(reader.Value, matches);
    }

    /// <summary>Whether one of them, listed or not, gets the record.</summary>
    public static bool Wants(LiveSubscription subscription, ReadOnlySpan<byte> record)
    {
        if (subscription.Policy is not { } policy) return true;
        if (!RecordBodyReader.TryRead(record, out RecordBodyReader reader)) return false;
        if (policy.Scope == FilterScope.Body) return policy.MatchesBody(reader.Value);
        StoredAttributes.Place[] places = ArrayPool<StoredAttributes.Place>.Shared.Rent(reader.HeaderCount);
        bool isWanted = policy.MatchesAttributes(StoredAttributes.Read(record, reader.Headers, places));
        ArrayPool<StoredAttributes.Place>.Shared.Return(places);
        return isWanted;
    }

    private sealed class Filtered
    {
        public FilterIndex<LiveSubscription> Attributes { get; } = new(FilterScope.Attributes);

        public FilterIndex<LiveSubscription> Body { get; } = new(FilterScope.Body);

        public FilterIndex<LiveSubscription> Of(FilterPolicy policy) => policy.Scope == FilterScope.Attributes ? Attributes : Body;
    }
}
