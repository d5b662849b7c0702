using System.Globalization;
using System.Text;

namespace Messaging.Simulation.Harness;

/// <summary>What a sweep has done, summed over its seeds. Thread-safe.</summary>
internal sealed class SimulationCoverage
{
    private readonly Lock _lock = new();
    private readonly Dictionary<DurableBoundary, (long Seen, long Crashed)> _boundaries = [];
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);

    public void Seen(DurableBoundary boundary) => Add(boundary, 1, 0);

    public void Crashed(DurableBoundary boundary) => Add(boundary, 0, 1);

    public void Count(string what, long times = 1)
    {
        lock (_lock)
        {
            _counts[what] = _counts.GetValueOrDefault(what) + times;
        }
    }

    public long CountOf(string what)
    {
        lock (_lock)
        {
            return _counts.GetValueOrDefault(what);
        }
    }

    /// <summary>Boundaries of <see cref="DurableBoundary.Required"/> in which the power never went.</summary>
    public IReadOnlyList<DurableBoundary> Missed()
    {
        lock (_lock)
        {
            return [.. DurableBoundary.Required.Where(boundary => _boundaries.GetValueOrDefault(boundary).Crashed == 0)];
        }
    }

    public void Add(SimulationCoverage other)
    {
        foreach ((DurableBoundary boundary, (long seen, long crashed)) in other._boundaries)
        {
            Add(boundary, seen, crashed);
        }

        foreach ((string what, long times) in other._counts)
        {
            Count(what, times);
        }
    }

    public override string ToString()
    {
        lock (_lock)
        {
            var text = new StringBuilder("power cuts inside durable calls (seen, cut)\n");
            foreach ((DurableBoundary boundary, (long seen, long crashed)) in _boundaries.OrderBy(pair => pair.Key.Target, StringComparer.Ordinal).ThenBy(pair => pair.Key.Call))
            {
                text.Append(CultureInfo.InvariantCulture, $"{boundary,-36} {seen,10} {crashed,8}\n");
            }

            foreach ((string what, long times) in _counts)
            {
                text.Append(CultureInfo.InvariantCulture, $"{what,-36} {times,10}\n");
            }

            return text.ToString();
        }
    }

    private void Add(DurableBoundary boundary, long seen, long crashed)
    {
        lock (_lock)
        {
            (long seenBefore, long crashedBefore) = _boundaries.GetValueOrDefault(boundary);
            _boundaries[boundary] = (seenBefore + seen, crashedBefore + crashed);
        }
    }
}
