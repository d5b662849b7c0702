using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Messaging.Broker.Filters;

/// <summary>What is anchored at one path, by text. One writer at a time; readers of any thread, without a lock; hot path.</summary>
internal sealed class AnchorTexts<TEntry>
    where TEntry : class
{
    private readonly ConcurrentDictionary<byte[], ImmutableHashSet<TEntry>> _texts = new(concurrencyLevel: 1, capacity: 1, Utf8Comparer.Instance);
    private readonly ConcurrentDictionary<byte[], ImmutableHashSet<TEntry>>.AlternateLookup<ReadOnlySpan<byte>> _lookup;

    public AnchorTexts() => _lookup = _texts.GetAlternateLookup<ReadOnlySpan<byte>>();

    public bool IsEmpty => _texts.IsEmpty;

    /// <summary>Null when nothing is anchored at the text.</summary>
    public ImmutableHashSet<TEntry>? Find(ReadOnlySpan<byte> text) => _lookup.TryGetValue(text, out ImmutableHashSet<TEntry>? entries) ? entries : null;

    public void Add(ReadOnlySpan<byte> text, TEntry entry) => _lookup[text] = (Find(text) ?? []).Add(entry);

    /// <summary>False when it was not there.</summary>
    public bool Remove(ReadOnlySpan<byte> text, TEntry entry)
    {
        if (Find(text) is not { } before)
            return false;
        ImmutableHashSet<TEntry> rest = before.Remove(entry);
        if (rest.IsEmpty)
            _lookup.TryRemove(text, out _);
        else
            _lookup[text] = rest;
        return rest != before;
    }
}
