namespace Messaging.Storage.Journal;

/// <summary>
/// Who writes the journal: one thread at a time, of those that wait for work. Commands wake one of them unless the journal is being written:
/// then its writer looks again before it sleeps. <paramref name="hasWork"/> looks inside the sequencer's gate. Thread-safe.
/// </summary>
internal sealed class JournalDuty(Func<bool> hasWork) : IDisposable
{
    private readonly AutoResetEvent _wake = new(false);
    private int _isTaken;
    private int _waiting;

    /// <summary>A thread is there that would take the duty.</summary>
    public bool IsCovered => Volatile.Read(ref _waiting) > 0;

    public bool TryTake() => Interlocked.CompareExchange(ref _isTaken, 1, 0) == 0;

    /// <summary>Look for work afterwards: who came before has woken nobody.</summary>
    public void GiveUp() => Interlocked.Exchange(ref _isTaken, 0);

    /// <summary>Wakes a thread where one is needed. Call outside the gate: it is a system call. Only for who was inside the gate before.</summary>
    public void Wake()
    {
        if (Volatile.Read(ref _isTaken) == 0 && Volatile.Read(ref _waiting) > 0)
        {
            _wake.Set();
        }
    }

    /// <summary>Wakes a thread, or keeps the next one from falling asleep.</summary>
    public void WakeAlways() => _wake.Set();

    /// <summary>Blocks until there may be work that nobody does.</summary>
    public void Wait(Func<bool> isStopping)
    {
        Interlocked.Increment(ref _waiting);
        bool isNeeded = hasWork() && Volatile.Read(ref _isTaken) == 0;
        if (!isNeeded && !isStopping())
        {
            _wake.WaitOne();
        }

        Interlocked.Decrement(ref _waiting);
    }

    public void Dispose() => _wake.Dispose();
}
