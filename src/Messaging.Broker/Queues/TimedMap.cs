using System.Runtime.InteropServices;
using Messaging.Broker.Messages;

namespace Messaging.Broker.Queues;

/// <summary>What a <see cref="TimedMap{TValue}"/> remembers.</summary>
internal interface IRemembered
{
    /// <summary>How much of the map's bound it takes.</summary>
    int Weight { get; }
}

/// <summary>
/// What is remembered until some time, by hash. A look-up compares the time, so that what is over is over at once; its memory is given back step by step, so
/// that the sequencer is held briefly, and all at once when everything is over. Guarded by the sequencer. Hot path: O(1) to look up and to add in the order
/// of times. An entry costs its value and about 70 bytes, twice that while the tables have just grown.
/// </summary>
internal sealed class TimedMap<TValue>
    where TValue : IRemembered
{
    // One pair in the heap for each entry, never later than the entry's own time.
    private readonly Dictionary<Hash128, Entry> _entries = [];
    private readonly PriorityQueue<Hash128, long> _times = new();
    private long _latest;

    /// <summary>Entries, some of which may be over.</summary>
    public int Count => _entries.Count;

    /// <summary>The weights of all entries, some of which may be over.</summary>
    public long Weight { get; private set; }

    /// <summary>False when it is not remembered, or no longer.</summary>
    public bool TryGet(in Hash128 hash, long now, out TValue value, out long until)
    {
        bool found = _entries.TryGetValue(hash, out Entry entry) && entry.Until > now;
        (value, until) = (entry.Value, entry.Until);
        return found;
    }

    /// <summary>Remembers the value until then, in place of what the hash stood for; never for less long than that.</summary>
    public void Set(in Hash128 hash, TValue value, long until)
    {
        ref Entry entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_entries, hash, out bool existed);
        if (existed) Weight -= entry.Value.Weight;
        else _times.Enqueue(hash, until);
        Invariant.Check(entry.Until <= until, "What is remembered is remembered for at least as long.");
        entry = new Entry(value, until);
        Weight += value.Weight;
        _latest = Math.Max(_latest, until);
    }

    /// <summary>Gives back the memory of some that are over: more than one call can add. What is over does not show, so nothing is journaled.</summary>
    public void Advance(long now)
    {
        for (int i = 0; i < QueueLimits.WindowStepMax && TryPeekTime(out long time) && time <= now; i++) Forget();
    }

    /// <summary>Whether nothing is remembered any more: then the whole map can go.</summary>
    public bool IsOver(long now) => _latest <= now;

    /// <summary>Forgets those that would end first, all of one time together, so that it does not matter in which order they came. Only when there are some.</summary>
    public void ForgetOldest()
    {
        TryPeekTime(out long oldest);
        do Forget();
        while (TryPeekTime(out long time) && time == oldest);
    }

    public Dictionary<Hash128, Entry>.Enumerator GetEnumerator() => _entries.GetEnumerator();

    // The earliest time of an entry: a pair that is too early is put where it belongs.
    private bool TryPeekTime(out long time)
    {
        while (_times.TryPeek(out Hash128 hash, out time))
        {
            long until = _entries[hash].Until;
            if (until == time) return true;
            _times.DequeueEnqueue(hash, until);
        }

        return false;
    }

    private void Forget()
    {
        _entries.Remove(_times.Dequeue(), out Entry entry);
        Weight -= entry.Value.Weight;
    }

    internal readonly struct Entry(TValue value, long until)
    {
        public readonly TValue Value = value;
        public readonly long Until = until;
    }
}
