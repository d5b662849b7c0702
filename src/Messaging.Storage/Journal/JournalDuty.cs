namespace Messaging.Storage.Journal;

/// <summary>
/// Who writes the journal: one thread at a time, the journal's own or a lone caller's. Commands wake the journal's thread unless the journal is
/// being written: then its writer looks again before it leaves. <paramref name="hasWork"/> looks inside the sequencer's gate. Thread-safe.
/// </summary>
internal sealed class JournalDuty(Func<bool> hasWork) : IDisposable
{
    private readonly AutoResetEvent _wake = new(false);
    private int _isTaken;
    private bool _isWaiting;

    public bool TryTake() => Interlocked.CompareExchange(ref _isTaken, 1, 0) == 0;

    /// <summary>Look for work afterwards: who came before has woken nobody.</summary>
    public void GiveUp() => Interlocked.Exchange(ref _isTaken, 0);

    /// <summary>Wakes the journal's thread where it is needed. Call outside the gate: it is a system call. Only for who was inside the gate before.</summary>
    public void Wake()
    {
        if (Volatile.Read(ref _isTaken) == 0 && Volatile.Read(ref _isWaiting))
        {
            _wake.Set();
        }
    }

    /// <summary>Wakes it, or keeps it from falling asleep next.</summary>
    public void WakeAlways() => _wake.Set();

    /// <summary>Blocks until there may be work that nobody does.</summary>
    public void Wait(Func<bool> isStopping)
    {
        Volatile.Write(ref _isWaiting, true);
        Interlocked.MemoryBarrier();
        bool isNeeded = hasWork() && Volatile.Read(ref _isTaken) == 0;
        if (!isNeeded && !isStopping())
        {
            _wake.WaitOne();
        }

        Volatile.Write(ref _isWaiting, false);
    }

    public void Dispose() => _wake.Dispose();
}
