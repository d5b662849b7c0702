namespace Messaging.Broker.Queues;

/// <summary>
/// The second cursor of a queue that delays all its messages: a run-length list of (first offset, due), in which every
/// offset from one mark to the next is due at the mark's time; what lies below the first mark is due. Due times ascend.
/// Messages that share a tick share a mark, and the tick grows with the delay, so that the list has a bound
/// (<see cref="QueueLimits.DelayMarksPerQueue"/>). Not safe for concurrent calls: the sequencer guards it.
/// </summary>
internal sealed class DelayMarks
{
    private const int TickMsMin = 100;
    private const int FirstSize = 4;

    private Mark[] _ring = new Mark[FirstSize];
    private int _head;

    /// <summary>One mark: its messages, without those that are delayed one by one, are counted in it.</summary>
    internal struct Mark
    {
        public long First;
        public long Due;
        public long Count;
    }

    public int Count { get; private set; }

    /// <summary>Messages that wait under all marks.</summary>
    public long Messages { get; private set; }

    /// <summary>The first offset that is not due; only when there is a mark.</summary>
    public long Horizon => _ring[_head].First;

    public long NextDue => _ring[_head].Due;

    public long LastDue => Last.Due;

    private ref Mark Last => ref At(Count - 1);

    /// <summary>The due time, rounded up to the tick of this delay.</summary>
    public static long RoundUp(long due, long delayMs)
    {
        long tick = Math.Max(TickMsMin, delayMs / QueueLimits.DelayMarksPerQueue);
        return (due + tick - 1) / tick * tick;
    }

    public ref Mark At(int index) => ref _ring[(_head + index) & (_ring.Length - 1)];

    /// <summary>A mark at the end. <paramref name="appended"/> is the end of the records so far: the fold may have seen the mark's records before it.</summary>
    public void Add(long first, long due, long appended)
    {
        long moved = Math.Max(0, appended - first);
        if (Count > 0) Last.Count -= moved;
        else Messages += moved;
        Append(new Mark { First = first, Due = due, Count = moved });
    }

    /// <summary>As a snapshot says it.</summary>
    public void Append(Mark mark)
    {
        if (Count == _ring.Length) Grow();
        Count++;
        Last = mark;
    }

    public void Restore(Mark mark)
    {
        Append(mark);
        Messages += mark.Count;
    }

    /// <summary>Records came: those at or above the last mark wait under it.</summary>
    public void Appended(long baseOffset, long count)
    {
        if (Count == 0) return;
        long under = baseOffset + count - Math.Max(baseOffset, Last.First);
        if (under <= 0) return;
        Last.Count += under;
        Messages += under;
    }

    /// <summary>This message does not wait under its mark: it is delayed by itself, or dead.</summary>
    public void Except(long offset)
    {
        int index = IndexOf(offset);
        if (index < 0) return;
        At(index).Count--;
        Messages--;
    }

    /// <summary>When the mark over this offset is due; 0 where there is none.</summary>
    public long DueOf(long offset)
    {
        int index = IndexOf(offset);
        return index < 0 ? 0 : At(index).Due;
    }

    /// <summary>Forgets the marks that are due.</summary>
    public void Advance(long now)
    {
        while (Count > 0 && _ring[_head].Due <= now)
        {
            Messages -= _ring[_head].Count;
            _head = (_head + 1) & (_ring.Length - 1);
            Count--;
        }
    }

    // The mark over an offset, mostly the last one; -1 below the first.
    private int IndexOf(long offset)
    {
        if (Count == 0 || offset >= Last.First) return Count - 1;
        var (low, high) = (0, Count - 1);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = At(middle).First <= offset ? (middle + 1, high) : (low, middle);
        }

        return low - 1;
    }

    private void Grow()
    {
        var ring = new Mark[_ring.Length * 2];
        for (int i = 0; i < Count; i++) ring[i] = At(i);
        (_ring, _head) = (ring, 0);
    }
}
