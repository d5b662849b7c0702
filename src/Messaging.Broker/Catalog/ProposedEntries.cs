namespace Messaging.Broker.Catalog;

/// <summary>
/// A document's entries of one kind, as far as they can be judged by themselves: that each has a name, is the only one of it, and breaks no rule of a definition alone.
/// </summary>
internal sealed class ProposedEntries<TKey, TDefinition>
    where TKey : struct, IEquatable<TKey>
    where TDefinition : class
{
    private readonly (TKey Key, TDefinition? Definition)[] _entries;
    private readonly Dictionary<TKey, int> _places;
    private readonly BrokerError?[] _refusals;
    private readonly string _kind;

    /// <summary><paramref name="kind"/> is the word for what a definition is of; <paramref name="missing"/> names the field of a key that names nothing, or is null.</summary>
    public ProposedEntries(string kind, IEnumerable<(TKey Key, TDefinition? Definition)> entries, Func<TKey, string?> missing, Func<TDefinition, BrokerError?> validate)
    {
        _kind = kind;
        _entries = [.. entries];
        _places = new Dictionary<TKey, int>(_entries.Length);
        _refusals = new BrokerError?[_entries.Length];
        for (int place = 0; place < _entries.Length; place++) _refusals[place] = JudgeAlone(place, missing, validate);
    }

    public int Count => _entries.Length;

    /// <summary>What it names.</summary>
    public IReadOnlyCollection<TKey> Keys => _places.Keys;

    public (TKey Key, TDefinition? Definition) this[int place] => _entries[place];

    /// <summary>What is wrong with an entry whatever is there; null where nothing is.</summary>
    public BrokerError? RefusalOf(int place) => _refusals[place];

    /// <summary>Whether an entry names it; with a null definition where that could not be read.</summary>
    public bool Names(in TKey key, out TDefinition? definition)
    {
        bool isNamed = _places.TryGetValue(key, out int place);
        definition = isNamed ? _entries[place].Definition : null;
        return isNamed;
    }

    private BrokerError? JudgeAlone(int place, Func<TKey, string?> missing, Func<TDefinition, BrokerError?> validate)
    {
        (TKey key, TDefinition? definition) = _entries[place];
        if (missing(key) is { } field) return definition is null ? null : new BrokerError(ErrorCode.InvalidName, $"A {_kind} has a {field}.", field);
        if (_places.TryAdd(key, place)) return definition is null ? null : validate(definition);
        return new BrokerError(ErrorCode.InvalidValue, $"The document has this {_kind} twice, first as entry {_places[key]}.", "name");
    }
}
