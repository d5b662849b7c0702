using Messaging.Storage.Records;

namespace Messaging.Storage.Journal;

/// <summary>
/// The commands that gather while the frame before is synced. Filled inside the sequencer, one command at a time; then owned
/// by the thread that writes the journal. Reused. Hot path: appending copies state entries and only references record bodies.
/// </summary>
internal sealed class PendingFrame
{
    private PendingEntry[] _entries = new PendingEntry[16];
    private PendingRecord[] _records = new PendingRecord[64];
    private PendingTarget[] _targets = new PendingTarget[16];
    private byte[] _state = new byte[1024];
    private CommitWaiter[] _waiters = new CommitWaiter[64];
    private int _entryCount;
    private int _recordCount;
    private int _targetCount;
    private int _stateBytes;
    private int _waiterCount;

    /// <summary>Rises with every frame that begins to gather; names the frame in which a stream's batch is open.</summary>
    public long Number { get; private set; }

    /// <summary>Upper bound of the frame's bytes, padding excluded.</summary>
    public int Bytes { get; private set; }

    /// <summary>Set by a checkpoint that waits for the position after this frame.</summary>
    public JournalMark? Mark { get; set; }

    /// <summary>Nothing to write; there may still be waiters for the frames before.</summary>
    public bool IsEmpty => _entryCount == 0;

    public bool HasWork => _entryCount > 0 || _waiterCount > 0 || Mark is not null;

    public ReadOnlySpan<PendingEntry> Entries => _entries.AsSpan(0, _entryCount);

    public ReadOnlySpan<CommitWaiter> Waiters => _waiters.AsSpan(0, _waiterCount);

    public ref readonly PendingRecord Record(int index) => ref _records[index];

    public ReadOnlySpan<byte> State(in PendingEntry entry) => _state.AsSpan(entry.StateStart, entry.Bytes);

    /// <summary>Of records that several streams share.</summary>
    public ReadOnlySpan<PendingTarget> Targets(in PendingEntry entry) => _targets.AsSpan(entry.TargetStart, entry.TargetCount);

    public void Begin(long number)
    {
        Number = number;
        Bytes = JournalFormat.FrameHeaderBytes;
    }

    /// <summary>Forgets everything, so that no record body or stream is held by an idle frame.</summary>
    public void Reset()
    {
        Array.Clear(_entries, 0, _entryCount);
        Array.Clear(_records, 0, _recordCount);
        Array.Clear(_waiters, 0, _waiterCount);
        Array.Clear(_targets, 0, _targetCount);
        (_entryCount, _recordCount, _stateBytes, _waiterCount, _targetCount) = (0, 0, 0, 0, 0);
        Mark = null;
    }

    /// <summary>Adds one record, into the stream's open batch of this frame where it has room and is of the same kind.</summary>
    public void AddRecord(LogStream stream, long offset, long timestamp, ReadOnlyMemory<byte> body, EntryFlags flags = EntryFlags.None)
    {
        int most = RecordPrefix.BytesMax + body.Length;
        int index = Keep(new PendingRecord(body, timestamp));
        if (stream.OpenBatchFrame == Number && CanJoin(_entries[stream.OpenBatch], most, flags))
        {
            ref PendingEntry open = ref _entries[stream.OpenBatch];
            _records[open.Last].Next = index;
            open.Last = index;
            open.Count++;
            open.Bytes += most;
            Bytes += most;
            return;
        }

        stream.OpenBatchFrame = Number;
        stream.OpenBatch = _entryCount;
        Add(new PendingEntry
        {
            Type = EntryType.Records,
            Flags = flags,
            Stream = stream,
            BaseOffset = offset,
            First = index,
            Last = index,
            Count = 1,
            Bytes = RecordBatch.HeaderBytes + most,
        });
    }

    /// <summary>Adds a batch that is whole already, as an entry of its own: what comes later joins no batch from before it.</summary>
    public void AddBatch(LogStream stream, long baseOffset, in RecordBatchHeader header, ReadOnlyMemory<byte> batch)
    {
        int index = Keep(new PendingRecord(batch, header.MaxTimestamp));
        stream.OpenBatchFrame = 0;
        Add(new PendingEntry
        {
            Type = EntryType.Records,
            Flags = EntryFlags.ProducerTime,
            IsWhole = true,
            Stream = stream,
            BaseOffset = baseOffset,
            First = index,
            Last = index,
            Count = header.LastOffsetDelta + 1,
            Bytes = batch.Length,
        });
    }

    /// <summary>
    /// Adds records that all the targets have, as an entry of its own: what comes later joins no batch from before it. Offsets of a target follow each other from its base offset on.
    /// </summary>
    public void AddShared(ReadOnlySpan<PendingTarget> targets, long timestamp, ReadOnlySpan<ReadOnlyMemory<byte>> bodies)
    {
        var entry = new PendingEntry
        {
            Type = EntryType.Shared,
            Stream = targets[0].Stream,
            First = _recordCount,
            Last = _recordCount + bodies.Length - 1,
            Count = bodies.Length,
            TargetStart = Keep(targets),
            TargetCount = targets.Length,
            Bytes = SharedTargets.BytesOf(targets.Length) + RecordBatch.HeaderBytes,
        };
        for (int i = 0; i < bodies.Length; i++)
        {
            int index = Keep(new PendingRecord(bodies[i], timestamp));
            _records[index].Next = i + 1 < bodies.Length ? index + 1 : -1;
            entry.Bytes += RecordPrefix.BytesMax + bodies[i].Length;
        }

        Add(entry);
    }

    public void AddState(LogStream stream, ReadOnlySpan<byte> bytes)
    {
        if (_state.Length - _stateBytes < bytes.Length)
        {
            Array.Resize(ref _state, Math.Max(_state.Length * 2, _stateBytes + bytes.Length));
        }

        bytes.CopyTo(_state.AsSpan(_stateBytes));
        Add(new PendingEntry { Type = EntryType.State, Stream = stream, StateStart = _stateBytes, Bytes = bytes.Length });
        _stateBytes += bytes.Length;
    }

    public void AddStreamChange(LogStream stream, EntryType type) => Add(new PendingEntry { Type = type, Stream = stream });

    public CommitWaiter AddWaiter()
    {
        if (_waiterCount == _waiters.Length)
        {
            Array.Resize(ref _waiters, _waiterCount * 2);
        }

        return _waiters[_waiterCount++] = CommitWaiter.Rent();
    }

    private static bool CanJoin(in PendingEntry open, int bytes, EntryFlags flags) =>
        open.Bytes + bytes <= StorageLimits.BatchBytesTarget && open.Flags == flags;

    private int Keep(ReadOnlySpan<PendingTarget> targets)
    {
        if (_targets.Length - _targetCount < targets.Length)
        {
            Array.Resize(ref _targets, Math.Max(_targets.Length * 2, _targetCount + targets.Length));
        }

        int start = _targetCount;
        foreach (ref readonly PendingTarget target in targets)
        {
            target.Stream.OpenBatchFrame = 0;
            _targets[_targetCount++] = target;
        }

        return start;
    }

    private int Keep(in PendingRecord record)
    {
        if (_recordCount == _records.Length)
        {
            Array.Resize(ref _records, _recordCount * 2);
        }

        _records[_recordCount] = record;
        return _recordCount++;
    }

    private void Add(PendingEntry entry)
    {
        if (_entryCount == _entries.Length)
        {
            Array.Resize(ref _entries, _entryCount * 2);
        }

        _entries[_entryCount++] = entry;
        Bytes += JournalFormat.EntryHeaderBytes + entry.Bytes;
    }
}

/// <summary>An entry before it has bytes: the chain of a batch's records, one whole batch, or a slice of the frame's state bytes.</summary>
internal struct PendingEntry
{
    public EntryType Type;
    public EntryFlags Flags;

    /// <summary>Its one record is not a body but a batch.</summary>
    public bool IsWhole;
    public LogStream Stream;
    public long BaseOffset;
    public int First;
    public int Last;

    /// <summary>Offsets that a batch takes.</summary>
    public int Count;
    public int StateStart;

    /// <summary>Of what several streams share: which.</summary>
    public int TargetStart;
    public int TargetCount;

    /// <summary>Of state: exact. Of records: an upper bound until the frame is built.</summary>
    public int Bytes;
}

/// <summary>A stream that has records which stand once for several, the first of them at this offset.</summary>
internal readonly record struct PendingTarget(LogStream Stream, long BaseOffset);

/// <summary>A record's body, or a whole batch, that its sender's memory still holds; a record is linked to the next one of its batch.</summary>
internal struct PendingRecord(ReadOnlyMemory<byte> body, long timestamp)
{
    public readonly ReadOnlyMemory<byte> Body = body;
    public readonly long Timestamp = timestamp;
    public int Next = -1;
}
