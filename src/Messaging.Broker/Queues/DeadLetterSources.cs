using Messaging.Broker.Names;

namespace Messaging.Broker.Queues;

/// <summary>
/// Which queues name a dead-letter queue, and whose it is: both ways, so that neither the heartbeat nor a deletion looks at all queues. By definitions alone: that
/// queue may be gone. Guarded by the sequencer, or by recovery.
/// </summary>
internal sealed class DeadLetterSources
{
    private readonly Dictionary<QueueKey, SortedSet<QueueKey>> _sources = [];
    private readonly List<LiveQueue> _queues = [];

    /// <summary>Queues that name a dead-letter queue.</summary>
    public int Count => _queues.Count;

    public LiveQueue this[int index] => _queues[index];

    /// <summary>The queues whose dead letters this one gets.</summary>
    public IReadOnlyCollection<QueueKey> Of(in QueueKey key) => _sources.TryGetValue(key, out SortedSet<QueueKey>? sources) ? sources : [];

    /// <summary>Up to a page of them behind <paramref name="after"/>, in ordinal order of names.</summary>
    public List<QueueKey> PageOf(in QueueKey key, string? after, int size, out bool hasMore)
    {
        hasMore = false;
        var page = new List<QueueKey>();
        if (!_sources.TryGetValue(key, out SortedSet<QueueKey>? sources)) return page;
        QueueKey first = QueueName.TryParse(after, out QueueName name) ? key with { Name = name } : sources.Min;
        if (ResourceKeyOrder<QueueKey>.Instance.Compare(first, sources.Max) > 0) return page;
        foreach (QueueKey source in sources.GetViewBetween(first, sources.Max))
        {
            if (source.Name.Value == after) continue;
            hasMore = page.Count == size;
            if (hasMore) break;
            page.Add(source);
        }

        return page;
    }

    /// <summary>The queue's definition is about to be this one; null: it is about to go. Its key is known.</summary>
    public void Define(LiveQueue queue, QueueDefinition? definition)
    {
        DeadLetterDefinition? before = queue.Definition?.DeadLetter;
        DeadLetterDefinition? after = definition?.DeadLetter;
        if (before is not null) Unlink(queue, before);
        if (after is not null) Link(queue, after);
    }

    private void Link(LiveQueue queue, DeadLetterDefinition deadLetter)
    {
        QueueKey target = queue.Key with { Name = deadLetter.Queue };
        if (!_sources.TryGetValue(target, out SortedSet<QueueKey>? sources)) _sources.Add(target, sources = new SortedSet<QueueKey>(ResourceKeyOrder<QueueKey>.Instance));
        sources.Add(queue.Key);
        queue.DeadLetterIndex = _queues.Count;
        _queues.Add(queue);
    }

    private void Unlink(LiveQueue queue, DeadLetterDefinition deadLetter)
    {
        QueueKey target = queue.Key with { Name = deadLetter.Queue };
        SortedSet<QueueKey> sources = _sources[target];
        sources.Remove(queue.Key);
        if (sources.Count == 0) _sources.Remove(target);
        LiveQueue last = _queues[^1];
        _queues[last.DeadLetterIndex = queue.DeadLetterIndex] = last;
        _queues.RemoveAt(_queues.Count - 1);
    }
}
