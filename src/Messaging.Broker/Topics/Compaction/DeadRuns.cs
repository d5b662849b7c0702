using System.Runtime.InteropServices;

namespace Messaging.Broker.Topics.Compaction;

/// <summary>The records that a pass takes out, as runs of offsets in their order, until they are journaled. Used by one thread.</summary>
internal sealed class DeadRuns
{
    private readonly List<OffsetRange> _runs = [];

    public int Count => _runs.Count;

    /// <summary>Behind all that came before.</summary>
    public void Add(long from, long end)
    {
        if (_runs.Count > 0 && _runs[^1].End == from) _runs[^1] = _runs[^1] with { End = end };
        else _runs.Add(new OffsetRange(from, end));
    }

    /// <summary>The first runs, at most so many; good until the next call.</summary>
    public ReadOnlySpan<OffsetRange> First(int countMax) => CollectionsMarshal.AsSpan(_runs)[..Math.Min(_runs.Count, countMax)];

    public void RemoveFirst(int count) => _runs.RemoveRange(0, count);
}
