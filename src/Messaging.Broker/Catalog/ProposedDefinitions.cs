using System.Buffers;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Catalog;

/// <summary>
/// A document of definitions before it is applied: judged by itself when it is made, outside of the sequencer; against what is there by
/// <see cref="Judge"/>. The order of its entries does not matter: each is judged against all of them. Immutable.
/// </summary>
internal sealed class ProposedDefinitions
{
    private readonly QueueDefinitionEntry[] _entries;
    private readonly Dictionary<QueueKey, int> _places;

    // What is wrong with an entry whatever is there.
    private readonly BrokerError?[] _refusals;

    public ProposedDefinitions(IReadOnlyList<QueueDefinitionEntry> entries)
    {
        _entries = new QueueDefinitionEntry[entries.Count];
        _places = new Dictionary<QueueKey, int>(entries.Count);
        _refusals = new BrokerError?[entries.Count];
        var scratch = new ArrayBufferWriter<byte>();
        long bytes = 0;
        for (int place = 0; place < entries.Count; place++)
        {
            QueueDefinitionEntry entry = _entries[place] = Own(entries[place]);
            _refusals[place] = JudgeAlone(place, entry);
            if (_refusals[place] is null && entry.Definition is { } definition) bytes += CatalogJournal.BytesMax(entry.Key, definition, scratch);
        }

        Bytes = bytes;
    }

    /// <summary>Most of what all of it appends, whatever of it is there already: what is too large today is not applied by chance tomorrow.</summary>
    public long Bytes { get; }

    /// <summary>The queues that it names.</summary>
    public IReadOnlyCollection<QueueKey> Keys => _places.Keys;

    /// <summary>Whether the document names the queue; with a null definition where that could not be read.</summary>
    public bool Names(in QueueKey key, out QueueDefinition? definition)
    {
        bool isNamed = _places.TryGetValue(key, out int place);
        definition = isNamed ? _entries[place].Definition : null;
        return isNamed;
    }

    /// <summary>What it changes, and what forbids that. Where what is there stays so until it is applied: inside the sequencer, or by the <see cref="CatalogWriter"/>.</summary>
    public DefinitionsPlan Judge(QueueDirectory queues, int count)
    {
        var plan = new DefinitionsPlan();
        for (int place = 0; place < _entries.Length; place++)
        {
            (QueueKey key, QueueDefinition? definition) = _entries[place];
            queues.TryGet(key, out LiveQueue? queue);
            BrokerError? refusal = _refusals[place]
                ?? (definition is null ? null : CatalogDecision.Forbidden(queue, definition, count + plan.Created) ?? DeadLetterRules.Check(key, definition, queue?.Definition, Find));
            if (refusal is not null) plan.Refuse(place, refusal);
            else if (definition is not null) plan.Add(key, queue, definition);
        }

        return plan;

        // One of another type is refused, and no other one for its sake.
        QueueDefinition? Find(QueueKey key)
        {
            QueueDefinition? there = queues.DefinitionOf(key);
            return Names(key, out QueueDefinition? proposed) && proposed is not null && (there is null || there.Type == proposed.Type) ? proposed : there;
        }
    }

    private static QueueDefinitionEntry Own(QueueDefinitionEntry entry) =>
        entry.Definition is { } definition ? entry with { Definition = DefineQueue.Own(definition) } : entry;

    private BrokerError? JudgeAlone(int place, QueueDefinitionEntry entry)
    {
        bool hasName = entry.Key.Name.Value.Length > 0;
        if (!hasName) return entry.Definition is null ? null : new BrokerError(ErrorCode.InvalidName, "A queue has a name.", "name");
        return _places.TryAdd(entry.Key, place)
            ? entry.Definition?.Validate()
            : new BrokerError(ErrorCode.InvalidValue, $"The document has this queue twice, first as entry {_places[entry.Key]}.", "name");
    }
}
