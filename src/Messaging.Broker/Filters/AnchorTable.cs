using System.Collections.Concurrent;

namespace Messaging.Broker.Filters;

/// <summary>What is anchored at which path and text. One writer at a time; readers of any thread, without a lock; hot path.</summary>
internal sealed class AnchorTable<TEntry>
    where TEntry : class
{
    private readonly ConcurrentDictionary<byte[], AnchorTexts<TEntry>> _paths = new(concurrencyLevel: 1, capacity: 1, Utf8Comparer.Instance);
    private readonly ConcurrentDictionary<byte[], AnchorTexts<TEntry>>.AlternateLookup<ReadOnlySpan<byte>> _lookup;
    private volatile int _pathBytesMax;

    public AnchorTable() => _lookup = _paths.GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <summary>No path here is longer, nor was one.</summary>
    public int PathBytesMax => _pathBytesMax;

    /// <summary>What is anchored at the path; null when nothing is.</summary>
    public AnchorTexts<TEntry>? Find(ReadOnlySpan<byte> path) => _lookup.TryGetValue(path, out AnchorTexts<TEntry>? texts) ? texts : null;

    public void Add(FilterAnchor anchor, TEntry entry)
    {
        // First, so that a reader who finds the path has looked for paths as long.
        _pathBytesMax = Math.Max(_pathBytesMax, anchor.Path.Length);
        AnchorTexts<TEntry> texts = Find(anchor.Path.Span) ?? (_lookup[anchor.Path.Span] = new AnchorTexts<TEntry>());
        foreach (ReadOnlyMemory<byte> text in anchor.Values)
            texts.Add(text.Span, entry);
    }

    /// <summary>False when it was not there.</summary>
    public bool Remove(FilterAnchor anchor, TEntry entry)
    {
        if (Find(anchor.Path.Span) is not { } texts)
            return false;
        bool removed = false;
        foreach (ReadOnlyMemory<byte> text in anchor.Values)
            removed |= texts.Remove(text.Span, entry);
        if (texts.IsEmpty)
            _lookup.TryRemove(anchor.Path.Span, out _);
        return removed;
    }
}
