using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Catalog;

/// <summary>What a document of definitions does to what is there, at one moment.</summary>
internal sealed class DefinitionsPlan
{
    private readonly List<EntryRefusal> _refusals = [];
    private readonly List<DefinitionChange> _changes = [];
    private readonly List<LiveQueue?> _queues = [];
    private int _unchanged;

    /// <summary>Queues that it creates.</summary>
    public int Created { get; private set; }

    public bool IsSound => _refusals.Count == 0;

    /// <summary>Whether anything is to be written.</summary>
    public bool HasWork => IsSound && _changes.Count > 0;

    public IReadOnlyList<DefinitionChange> Changes => _changes;

    /// <summary>The queue of a change; null where it is created.</summary>
    public LiveQueue? QueueOf(int change) => _queues[change];

    public void Refuse(int entry, BrokerError error) => _refusals.Add(new EntryRefusal(entry, error));

    public void Add(QueueKey key, LiveQueue? queue, QueueDefinition definition)
    {
        if (queue?.Definition == definition)
        {
            _unchanged++;
            return;
        }

        if (queue is null) Created++;
        _changes.Add(new DefinitionChange(key, queue?.Definition, definition));
        _queues.Add(queue);
    }

    public AppliedDefinitions ToAnswer(bool isApplied, long version) => new()
    {
        Refusals = _refusals,
        Changes = _changes,
        Unchanged = _unchanged,
        IsApplied = isApplied && IsSound,
        Version = version,
    };
}
