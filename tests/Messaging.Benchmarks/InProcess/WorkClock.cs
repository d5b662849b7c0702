using System.Diagnostics;

namespace Messaging.Benchmarks.InProcess;

/// <summary>
/// Waits of half to one and a half times a length, drawn evenly: of one length, those who were served by one frame would come back for the next together, and for ever. Each
/// is ended within a fifth of a millisecond: the timers of .NET look at a clock that may step by 4 ms, and would set a hundred workers free at once.
/// Safe for concurrent calls.
/// </summary>
internal sealed class WorkClock : IDisposable
{
    private const uint StepMicroseconds = 200;
    private const int Seed = 20_261_125;

    private readonly long _length;
    private readonly PriorityQueue<TaskCompletionSource, long> _waits = new();
    private readonly Random _random = new(Seed);
    private readonly Lock _lock = new();
    private readonly Thread _thread;
    private volatile bool _isStopping;

    public WorkClock(TimeSpan length)
    {
        _length = (long)(length.TotalSeconds * Stopwatch.Frequency);
        _thread = new Thread(Run) { Name = "work clock", IsBackground = true };
        _thread.Start();
    }

    public Task WaitAsync()
    {
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _waits.Enqueue(waiter, Stopwatch.GetTimestamp() + (long)(_length * (0.5 + _random.NextDouble())));
        }

        return waiter.Task;
    }

    /// <summary>When nobody waits any more.</summary>
    public void Dispose()
    {
        _isStopping = true;
        _thread.Join();
    }

    private void Run()
    {
        while (!_isStopping)
        {
            _ = LibC.Sleep(StepMicroseconds);
            while (TryTake(out TaskCompletionSource waiter))
            {
                waiter.SetResult();
            }
        }
    }

    private bool TryTake(out TaskCompletionSource waiter)
    {
        lock (_lock)
        {
            bool isDue = _waits.TryPeek(out _, out long due) && due <= Stopwatch.GetTimestamp();
            waiter = isDue ? _waits.Dequeue() : null!;
            return isDue;
        }
    }
}
