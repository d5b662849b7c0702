using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Messaging.Broker.Names;
using Messaging.Storage;

namespace Messaging.Broker.Queues;

/// <summary>The queues of this process by name and by stream. Look-ups by name are safe at any time and take no lock; all else belongs to the sequencer or to recovery.</summary>
internal sealed class QueueDirectory
{
    private readonly ConcurrentDictionary<QueueKey, LiveQueue> _byKey = new();
    private readonly Dictionary<long, LiveQueue> _byStream = [];
    private readonly List<LiveQueue> _all = [];

    /// <summary>Which of them name a dead-letter queue, and whose it is.</summary>
    public DeadLetterSources DeadLetters { get; } = new();

    /// <summary>Streams that have come so far.</summary>
    public int Count => _all.Count;

    public LiveQueue this[int index] => _all[index];

    public bool TryGet(in QueueKey key, [NotNullWhen(true)] out LiveQueue? queue) => _byKey.TryGetValue(key, out queue);

    public bool TryGet(long streamId, [NotNullWhen(true)] out LiveQueue? queue) => _byStream.TryGetValue(streamId, out queue);

    /// <summary>The queue's definition; null without such a queue.</summary>
    public QueueDefinition? DefinitionOf(QueueKey key) => _byKey.TryGetValue(key, out LiveQueue? queue) ? queue.Definition : null;

    /// <summary>The stream's queue, made when it is new.</summary>
    public LiveQueue Attach(LogStream stream)
    {
        if (_byStream.TryGetValue(stream.Id, out LiveQueue? known)) return known;
        var queue = new LiveQueue(stream) { Index = _all.Count };
        _byStream.Add(stream.Id, queue);
        _all.Add(queue);
        return queue;
    }

    /// <summary>Where the queue's dead letters go now; null where it names no queue, or one that is not there, or is of the other type since it was made anew.</summary>
    public LiveQueue? DeadLetterQueueOf(LiveQueue source) =>
        source.Definition!.DeadLetter is { } deadLetter && _byKey.TryGetValue(source.Key with { Name = deadLetter.Queue }, out LiveQueue? target)
        && target.Definition!.Type == source.Definition.Type
            ? target
            : null;

    /// <summary>
    /// How often a message of the queue may be delivered, by its definition, and by whether there is a queue for what was delivered so often: of both nothing else is
    /// known, here or in the fold.
    /// </summary>
    public void LimitReceives(LiveQueue queue) => queue.State.LimitReceives(DeadLetterQueueOf(queue) is null ? null : queue.Definition!.DeadLetter!.MaxReceives);

    /// <summary>From here on it is found by its name.</summary>
    public void Publish(LiveQueue queue)
    {
        _byKey[queue.Key] = queue;
        LimitSourcesOf(queue.Key);
    }

    public void Detach(long streamId)
    {
        if (!_byStream.Remove(streamId, out LiveQueue? queue)) return;
        queue.Deleted = true;
        DeadLetters.Define(queue, null);
        LiveQueue last = _all[^1];
        _all[last.Index = queue.Index] = last;
        _all.RemoveAt(_all.Count - 1);
        if (_byKey.TryRemove(KeyValuePair.Create(queue.Key, queue))) LimitSourcesOf(queue.Key);
    }

    // They name this queue, which has come or gone. It takes time for each of them, and for what each has delivered: as if all of their definitions were changed.
    private void LimitSourcesOf(in QueueKey key)
    {
        foreach (QueueKey source in DeadLetters.Of(key))
        {
            if (_byKey.TryGetValue(source, out LiveQueue? queue)) LimitReceives(queue);
        }
    }
}
