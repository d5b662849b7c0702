using System.Buffers;
using Messaging.Broker.Filters;
using Messaging.Storage.Records;

namespace Messaging.Broker.Subscriptions;

/// <summary>
/// A topic's subscriptions that get what is published, as they are at one moment: immutable, read by anyone, and another one after each change. Tables of one topic share memory: adding costs the same however
/// many there are.
/// </summary>
internal sealed class FanOutTable
{
    // Those behind the counts belong to later tables.
    private readonly Part _all;
    private readonly Part _filtered;

    private FanOutTable(Part all, Part filtered, ReadOnlyMemory<byte> envelope) => (_all, _filtered, Envelope) = (all, filtered, envelope);

    public bool IsEmpty => _all.Count + _filtered.Count == 0;

    /// <summary>Not all of them get everything.</summary>
    public bool HasFilters => _filtered.Count > 0;

    /// <summary>What the topic's notifications are stored with (<see cref="Messages.StoredHeaders"/>).</summary>
    public ReadOnlyMemory<byte> Envelope { get; }

    /// <summary>Without any.</summary>
    public static FanOutTable Empty(ReadOnlyMemory<byte> envelope) => new(Part.Empty, Part.Empty, envelope);

    /// <summary>Of the latest table only: its memory is gone on with.</summary>
    public FanOutTable With(LiveSubscription subscription) => subscription.Policy is null
        ? new FanOutTable(_all.With(subscription), _filtered, Envelope)
        : new FanOutTable(_all, _filtered.With(subscription), Envelope);

    public FanOutTable Without(LiveSubscription subscription) => new(_all.Without(subscription), _filtered.Without(subscription), Envelope);

    /// <summary>Those that get the record, in no order. Hot path.</summary>
    public void Collect(ReadOnlySpan<byte> record, List<LiveSubscription> matches)
    {
        matches.AddRange(_all.Span);
        if (_filtered.Count == 0 || !RecordBodyReader.TryRead(record, out RecordBodyReader reader)) return;
        StoredAttributes.Place[] places = ArrayPool<StoredAttributes.Place>.Shared.Rent(reader.HeaderCount);
        StoredAttributes attributes = StoredAttributes.Read(record, reader.Headers, places);
        foreach (LiveSubscription subscription in _filtered.Span)
        {
            FilterPolicy policy = subscription.Policy!;
            if (policy.Scope == FilterScope.Body ? policy.MatchesBody(reader.Value) : policy.MatchesAttributes(attributes)) matches.Add(subscription);
        }

        ArrayPool<StoredAttributes.Place>.Shared.Return(places);
    }

    private readonly record struct Part(LiveSubscription[] Items, int Count)
    {
        public static Part Empty => new([], 0);

        public ReadOnlySpan<LiveSubscription> Span => Items.AsSpan(0, Count);

        public Part With(LiveSubscription subscription)
        {
            LiveSubscription[] items = Items;
            if (Count == items.Length) Array.Resize(ref items, Math.Max(4, 2 * Count));
            items[Count] = subscription;
            return new Part(items, Count + 1);
        }

        public Part Without(LiveSubscription subscription)
        {
            int at = Array.IndexOf(Items, subscription, 0, Count);
            if (at < 0) return this;
            var items = new LiveSubscription[Count - 1];
            Array.Copy(Items, items, at);
            Array.Copy(Items, at + 1, items, at, items.Length - at);
            return new Part(items, items.Length);
        }
    }
}
