using System.Diagnostics;
using System.Numerics;

namespace Messaging.Benchmarks.Measuring;

/// <summary>A histogram of durations, exact to 3 %: 32 steps for every doubling. One writer; merged when its run has ended.</summary>
internal sealed class Latencies
{
    private const int StepBits = 5;
    private const int Steps = 1 << StepBits;

    private readonly long[] _counts = new long[(64 - StepBits) * Steps];

    public long Count { get; private set; }

    /// <summary>From one timestamp of <see cref="Stopwatch"/> to another.</summary>
    public void Add(long started, long ended)
    {
        _counts[IndexOf((ulong)Math.Max(0, ended - started))]++;
        Count++;
    }

    public void Merge(Latencies other)
    {
        for (int index = 0; index < _counts.Length; index++)
        {
            _counts[index] += other._counts[index];
        }

        Count += other.Count;
    }

    /// <summary>In microseconds; <paramref name="share"/> 0.5 is the median.</summary>
    public double At(double share)
    {
        long rank = Math.Max(1, (long)Math.Ceiling(Count * share));
        for (int index = 0; index < _counts.Length; index++)
        {
            rank -= _counts[index];
            if (rank <= 0)
            {
                return MiddleOf(index) * 1e6 / Stopwatch.Frequency;
            }
        }

        return 0;
    }

    public static Latencies Merged(IEnumerable<Latencies> parts)
    {
        var all = new Latencies();
        foreach (Latencies part in parts)
        {
            all.Merge(part);
        }

        return all;
    }

    private static int IndexOf(ulong ticks)
    {
        int shift = Math.Max(0, BitOperations.Log2(ticks | 1) - StepBits);
        return (shift << StepBits) + (int)(ticks >> shift);
    }

    private static double MiddleOf(int index)
    {
        int shift = Math.Max(0, (index >> StepBits) - 1);
        return ((long)(index - (shift << StepBits)) << shift) + ((1L << shift) - 1) / 2.0;
    }
}
