using System.ComponentModel;
using System.Diagnostics;

namespace Messaging.Benchmarks.Baselines;

/// <summary>
/// Uses so many seconds of processor each second, and nothing else: what somebody's work costs others by its processor time alone. Two threads, since a server and its client are two; by the
/// kernel's count of each thread's time, so that waiting for a processor is made up for, as far as there is time.
/// </summary>
internal sealed class CpuBurner : IDisposable
{
    private const int Threads = 2;
    private const int SpinsPerLook = 500;
    private const uint StepMicroseconds = 200;

    private readonly double _share;
    private readonly Thread[] _threads;
    private volatile bool _isStopping;
    private double _burnt;

    /// <param name="seconds">Of processor, each second, by both threads together.</param>
    public CpuBurner(double seconds)
    {
        _share = seconds / Threads;
        _threads = [.. Enumerable.Range(0, Threads).Select(_ => new Thread(Burn) { Name = "burner", IsBackground = true })];
        Array.ForEach(_threads, thread => thread.Start());
    }

    /// <summary>Ends it; the seconds of processor that it used.</summary>
    public double Stop()
    {
        _isStopping = true;
        Array.ForEach(_threads, thread => thread.Join());
        return _burnt;
    }

    public void Dispose() => Stop();

    private void Burn()
    {
        long began = Stopwatch.GetTimestamp();
        while (!_isStopping)
        {
            if (ThreadSeconds() < _share * Stopwatch.GetElapsedTime(began).TotalSeconds)
            {
                Thread.SpinWait(SpinsPerLook);
            }
            else
            {
                _ = LibC.Sleep(StepMicroseconds);
            }
        }

        lock (_threads)
        {
            _burnt += ThreadSeconds();
        }
    }

    private static double ThreadSeconds() =>
        LibC.GetTime(LibC.ClockThreadCpu, out LibC.Time time) == 0 ? time.Seconds + (time.Nanoseconds / 1e9) : throw new Win32Exception();
}
