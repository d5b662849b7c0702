using Messaging.Storage;
using Messaging.Storage.Streams;

namespace Messaging.Broker.Queues;

/// <summary>
/// The never-delivered messages of a queue: a cursor, a second one for the queue's own delay, and the set of those that the
/// cursor skips because they have a delay of their own. Ten million cost what none cost. Guarded by the sequencer. Hot path.
/// </summary>
internal sealed class Backlog(LogStream stream)
{
    // Holds all below the cursor too. Null: nothing to skip.
    private OffsetSet? _skip;
    private DelayMarks? _marks;
    private long _cursor;
    private long _appended;

    /// <summary>The longest queue-wide delay that a message was sent with: how much later than its timestamp retention may begin.</summary>
    public long DelayMsMax { get; private set; }

    /// <summary>First offset that was never delivered, apart from what is skipped.</summary>
    public long Cursor => _cursor;

    /// <summary>Messages that wait under the queue's own delay.</summary>
    public long Waiting => _marks?.Messages ?? 0;

    public bool HasMarks => _marks is { Count: > 0 };

    /// <summary>Messages from here on wait under the queue's own delay.</summary>
    public long Horizon => HasMarks ? _marks!.Horizon : long.MaxValue;

    public long NextDueMs => HasMarks ? _marks!.NextDue : long.MaxValue;

    /// <summary>The first offset that is not sent yet, or not due.</summary>
    public long End => Math.Min(stream.Next, Horizon);

    public void Advance(long now) => _marks?.Advance(now);

    /// <summary>Records were appended; the fold may call it before or after the entries of the same frame.</summary>
    public void RecordsAppended(long baseOffset, long count)
    {
        _marks?.Appended(baseOffset, count);
        _appended = Math.Max(_appended, baseOffset + count);
    }

    /// <summary>The oldest message that can be delivered for the first time, or <see cref="long.MaxValue"/>.</summary>
    public long Peek()
    {
        long offset = NextFresh(_cursor);
        // What was found to be skipped or dead need not be found again; nothing of it shows, so nothing is journaled.
        Pass(Math.Min(offset, stream.Next));
        return offset < End ? offset : long.MaxValue;
    }

    /// <summary>The message is delivered for the first time.</summary>
    public void Took(long offset)
    {
        if (IsFresh(offset)) Pass(offset + 1);
    }

    /// <summary>The message has a delay of its own.</summary>
    public void Except(long offset)
    {
        _marks?.Except(offset);
        Skip(offset);
    }

    /// <summary>Never delivered, and not skipped.</summary>
    public bool IsFresh(long offset) => offset >= _cursor && _skip?.Contains(offset) != true;

    /// <summary>When the mark over this offset is due; 0 where there is none.</summary>
    public long MarkDueOf(long offset) => _marks?.DueOf(offset) ?? 0;

    /// <summary>A message that waits under a mark, if there is one over it, is dead.</summary>
    public void LeaveMark(long offset) => _marks?.Except(offset);

    /// <summary>All messages from this offset on wait until then; due times ascend from mark to mark (<see cref="FitsMarks"/>).</summary>
    public void AddMark(long first, long due, long delayMs)
    {
        DelayMsMax = Math.Max(DelayMsMax, delayMs);
        _marks ??= new DelayMarks();
        _marks.Add(first, due, _appended);
    }

    /// <summary>Whether a message can wait under a mark until then; if so, whether the mark has to be added first.</summary>
    public bool FitsMarks(long due, out bool needsMark)
    {
        needsMark = !HasMarks || _marks!.LastDue < due;
        return !HasMarks || _marks!.LastDue <= due;
    }

    /// <summary>Drops the fresh messages below an offset; <paramref name="floor"/> is the lowest offset that anyone still holds, or more.</summary>
    public void Trim(long below, long floor)
    {
        stream.ReleaseBelow(Math.Min(floor, below));
        for (long offset = NextFresh(Math.Max(floor, _cursor)); offset < below; offset = NextFresh(offset + 1)) stream.Release(offset);
        Pass(below);
    }

    /// <summary>Drops everything below an offset. Marks go too: those who come get new ones, and in the fold come just behind.</summary>
    public void Purge(long below)
    {
        stream.ReleaseBelow(below);
        _marks = null;
        _skip = null;
        _cursor = below;
    }

    /// <summary>Gives memory back after a burst.</summary>
    public void Compact()
    {
        if (_marks is { Count: 0 }) _marks = null;
        if (_skip is not { CountAboveLow: 0 }) return;
        _cursor = Math.Max(_cursor, _skip.Low);
        _skip = null;
    }

    public void Write(ref BufferEntryWriter writer)
    {
        writer.Unsigned(_cursor);
        writer.Unsigned(_appended);
        writer.Unsigned(DelayMsMax);
        int marks = _marks?.Count ?? 0;
        writer.Unsigned(marks);
        for (int i = 0; i < marks; i++)
        {
            ref DelayMarks.Mark mark = ref _marks!.At(i);
            writer.Unsigned(mark.First);
            writer.Unsigned(mark.Due);
            writer.Signed(mark.Count);
        }
    }

    public void Restore(ref EntryReader reader)
    {
        _cursor = reader.Unsigned();
        _appended = reader.Unsigned();
        DelayMsMax = reader.Unsigned();
        for (long left = reader.Unsigned(); left > 0; left--)
        {
            _marks ??= new DelayMarks();
            _marks.Restore(new DelayMarks.Mark { First = reader.Unsigned(), Due = reader.Unsigned(), Count = reader.Signed() });
        }
    }

    /// <summary>The cursor skips this offset; as a snapshot's exceptions say it.</summary>
    public void Skip(long offset)
    {
        if (offset < _cursor) return;
        _skip ??= new OffsetSet(_cursor);
        _skip.Add(offset);
    }

    private long NextFresh(long from)
    {
        long offset = stream.NextLive(from);
        while (_skip is not null)
        {
            long fresh = _skip.NextMissing(offset);
            if (fresh == offset) break;
            offset = stream.NextLive(fresh);
            if (offset >= stream.Next) break;
        }

        return offset;
    }

    private void Pass(long to)
    {
        if (to <= _cursor) return;
        _cursor = to;
        _skip?.AddRange(0, to);
    }
}
