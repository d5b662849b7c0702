using System.Buffers;
using System.Runtime.CompilerServices;
using Messaging.Broker;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Wire;

/// <summary>
/// The entries of one batch: those that go to the broker, closely packed, and for each of the others its problem. Owned by the operation,
/// whose array goes back to the pool on dispose. Not thread-safe. Hot path: the problems cost nothing while there are none.
/// </summary>
internal sealed class EntryList<TEntry> : IDisposable
{
    private const int CountInitial = 16;

    private TEntry[] _accepted = ArrayPool<TEntry>.Shared.Rent(CountInitial);
    private int _acceptedCount;
    private Problem?[]? _refused;

    /// <summary>All entries of the call.</summary>
    public int Count { get; private set; }

    public int RefusedCount => Count - _acceptedCount;

    public ReadOnlyMemory<TEntry> Accepted => _accepted.AsMemory(0, _acceptedCount);

    public void Accept(TEntry entry)
    {
        if (_acceptedCount == _accepted.Length)
            Grow();
        _accepted[_acceptedCount++] = entry;
        Count++;
    }

    public void Refuse(Problem problem)
    {
        _refused ??= new Problem?[BrokerLimits.CallEntriesMax];
        _refused[Count++] = problem;
    }

    /// <summary>The problem of the entry, counted over all entries; null when it went to the broker.</summary>
    public Problem? RefusalAt(int index) => _refused?[index];

    public void Dispose()
    {
        Return(_accepted);
        _accepted = [];
    }

    private void Grow()
    {
        TEntry[] larger = ArrayPool<TEntry>.Shared.Rent(2 * _accepted.Length);
        _accepted.CopyTo(larger.AsSpan());
        Return(_accepted);
        _accepted = larger;
    }

    private static void Return(TEntry[] array) =>
        ArrayPool<TEntry>.Shared.Return(array, RuntimeHelpers.IsReferenceOrContainsReferences<TEntry>());
}
