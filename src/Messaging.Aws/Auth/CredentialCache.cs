using System.Collections.Concurrent;

namespace Messaging.Aws.Auth;

/// <summary>
/// What follows from a credential's text, so that it is worked out once for each key, day and region. Full, it forgets everything: what is in
/// use comes back with the next request, and what is of yesterday does not. Thread-safe, readers take no lock. Hot path: looked up by a span.
/// </summary>
internal sealed class CredentialCache<TValue>(int entriesMax)
    where TValue : class
{
    private volatile Generation _current = new();

    public TValue? Find(ReadOnlySpan<char> credential) => _current.Lookup.TryGetValue(credential, out TValue? value) ? value : null;

    public void Keep(ReadOnlySpan<char> credential, TValue value)
    {
        Generation current = _current;
        if (Interlocked.Increment(ref current.Count) > entriesMax)
        {
            current = new Generation { Count = 1 };
            _current = current;
        }
        ConcurrentDictionary<string, TValue>.AlternateLookup<ReadOnlySpan<char>> lookup = current.Lookup;
        lookup[credential] = value;
    }

    private sealed class Generation
    {
        // Of additions, so that it is never less than the entries.
        public int Count;

        public Generation() => Lookup = new ConcurrentDictionary<string, TValue>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

        public ConcurrentDictionary<string, TValue>.AlternateLookup<ReadOnlySpan<char>> Lookup { get; }
    }
}
