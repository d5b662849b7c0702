using System.Buffers;
using Messaging.Storage.Journal;
using Messaging.Storage.Records;

namespace Messaging.Storage;

/// <summary>
/// The critical section of one command, from <see cref="LogEngine.BeginCommand"/> to <see cref="Dispose"/>: check, then append,
/// then <see cref="Commit"/>. All that it appends enters one frame: all or nothing. Nothing may throw after the first append,
/// nothing may wait in between, no disk is read. Hot path.
/// </summary>
public ref struct Command
{
    private readonly LogEngine _engine;
    private readonly CommitQueue _queue;
    private readonly PendingFrame _frame;
    private readonly int _bytesBefore;
    private readonly int _bytesMax;
    private bool _isCommitted;
    private bool _isAlone;
    private long _frameNumber;

    internal Command(LogEngine engine, CommitQueue queue, int bytes)
    {
        _engine = engine;
        _queue = queue;
        queue.Gate.Enter();
        try
        {
            _frame = queue.Open(bytes);
            _bytesBefore = _frame.Bytes;
            _bytesMax = bytes;
        }
        catch
        {
            queue.Gate.Exit();
            throw;
        }
    }

    /// <summary>Upper bound of what one record adds to a frame, batch and entry headers included. Bytes.</summary>
    public static int RecordBytes(int bodyBytes) =>
        JournalFormat.EntryHeaderBytes + RecordBatch.HeaderBytes + RecordPrefix.BytesMax + bodyBytes;

    /// <summary>What one whole batch adds to a frame. Bytes.</summary>
    public static int BatchBytes(int batchBytes) => JournalFormat.EntryHeaderBytes + batchBytes;

    /// <summary>
    /// Upper bound of what records add to a frame that so many streams share, their bodies excluded: of any number of streams, since what one entry can't list takes
    /// more of them. Bytes.
    /// </summary>
    public static long SharedBytes(int streams, int records, long bodyBytes)
    {
        long entries = (streams + StorageLimits.SharedStreamsMax - 1) / StorageLimits.SharedStreamsMax;
        long once = JournalFormat.EntryHeaderBytes + SharedTargets.HeaderBytes + RecordBatch.HeaderBytes + ((long)records * RecordPrefix.BytesMax) + bodyBytes;
        return (entries * once) + ((long)streams * SharedTargets.TargetBytes);
    }

    /// <summary>What one state entry adds to a frame. Bytes.</summary>
    public static int StateBytes(int entryBytes) => JournalFormat.EntryHeaderBytes + entryBytes;

    /// <summary>A stream with an id that was never used before.</summary>
    public readonly LogStream CreateStream()
    {
        LogStream stream = _engine.AddStream();
        _frame.AddStreamChange(stream, EntryType.StreamCreated);
        return stream;
    }

    /// <summary>Its records are dead and its id is never used again; readers get nothing from it.</summary>
    public readonly void DropStream(LogStream stream)
    {
        _engine.RemoveStream(stream);
        _frame.AddStreamChange(stream, EntryType.StreamDropped);
    }

    /// <summary>
    /// Appends one record and returns its offset. The body is what <c>RecordBodyWriter</c> wrote; its memory is read until the
    /// commit completes. The time (ms since 1970) is raised to the stream's latest where it is earlier.
    /// </summary>
    public readonly long AppendRecord(LogStream stream, long timestampMs, ReadOnlyMemory<byte> body)
    {
        long offset = stream.Next++;
        stream.LastTimestamp = Math.Max(stream.LastTimestamp, timestampMs);
        _frame.AddRecord(stream, offset, stream.LastTimestamp, body);
        return offset;
    }

    /// <summary>
    /// Appends one record whose time (ms since 1970) is its producer's, whatever that says: it is kept as it is, and neither raises
    /// <see cref="LogStream.LastTimestamp"/> nor is raised to it. Else as <see cref="AppendRecord"/>.
    /// </summary>
    public readonly long AppendRecordAt(LogStream stream, long timestampMs, ReadOnlyMemory<byte> body)
    {
        long offset = stream.Next++;
        _frame.AddRecord(stream, offset, timestampMs, body, EntryFlags.ProducerTime);
        return offset;
    }

    /// <summary>
    /// Appends the same records to several streams, once for all of them in the frame and in the tail. Each stream gives them offsets of its own, one after the other: those of the first
    /// are put into <paramref name="offsets"/>, in the order of the streams, of which each is there once. One time for all (ms since 1970), raised to the latest of any of the streams. The
    /// bodies' memory is read until the commit completes.
    /// </summary>
    public readonly void AppendShared(ReadOnlySpan<LogStream> streams, long timestampMs, ReadOnlySpan<ReadOnlyMemory<byte>> bodies, Span<long> offsets)
    {
        foreach (LogStream stream in streams)
        {
            timestampMs = Math.Max(timestampMs, stream.LastTimestamp);
        }

        PendingTarget[] targets = ArrayPool<PendingTarget>.Shared.Rent(Math.Min(streams.Length, StorageLimits.SharedStreamsMax));
        for (int start = 0, count; start < streams.Length; start += count)
        {
            count = Math.Min(streams.Length - start, StorageLimits.SharedStreamsMax);
            for (int i = 0; i < count; i++)
            {
                LogStream stream = streams[start + i];
                offsets[start + i] = stream.Next;
                targets[i] = new PendingTarget(stream, stream.Next);
                stream.Next += bodies.Length;
                stream.LastTimestamp = timestampMs;
            }

            _frame.AddShared(targets.AsSpan(0, count), timestampMs, bodies);
        }

        ArrayPool<PendingTarget>.Shared.Return(targets, clearArray: true);
    }

    /// <summary>Appends one whole record batch, whose header nobody has parsed yet: see the other overload.</summary>
    public readonly long AppendBatch(LogStream stream, ReadOnlyMemory<byte> batch)
    {
        Invariant.Check(RecordBatch.TryReadHeader(batch.Span, out RecordBatchHeader header), "a batch is checked before it is appended");
        return AppendBatch(stream, header, batch);
    }

    /// <summary>
    /// Appends one whole record batch v2, as it is: compressed, transactional, a control batch, with gaps. It was validated before, its CRC
    /// too, which stands for its bytes in the frame's: memory that changes before the commit has completed makes the frame unreadable. And <paramref name="header"/> is its own. Returns its base offset; it takes as many offsets as its header spans. Base offset and leader epoch are
    /// written into the journal's copy only; the memory is read until the commit completes. Its times are its producer's and raise nothing.
    /// </summary>
    public readonly long AppendBatch(LogStream stream, in RecordBatchHeader header, ReadOnlyMemory<byte> batch)
    {
        Invariant.Check(header.TotalBytes == batch.Length && header.Count > 0, "one whole batch that holds records is appended");
        long baseOffset = stream.Next;
        stream.Next += header.LastOffsetDelta + 1L;
        _frame.AddBatch(stream, baseOffset, header, batch);
        return baseOffset;
    }

    /// <summary>Appends one entry of the state machine's, copied.</summary>
    public readonly void AppendState(LogStream stream, ReadOnlySpan<byte> entry) => _frame.AddState(stream, entry);

    /// <summary>
    /// Ends the command. The task completes when this command and everything sequenced before it are synced, also where this
    /// one appended nothing: an answer may only tell what is on the disk. Await it once, outside of the section. Where nobody but
    /// <paramref name="admission"/> is admitted, <see cref="Dispose"/> writes and syncs it on the calling thread, and blocks for as long.
    /// </summary>
    public ValueTask Commit(Admission admission = default)
    {
        int bytes = _frame.Bytes - _bytesBefore;
        Invariant.Check(bytes <= _bytesMax, "a command appends no more than it has announced: else it would not fit into its frame");
        _isCommitted = true;
        (_isAlone, _frameNumber) = (admission.IsAlone, _frame.Number);
        return _queue.Commit(hasAppended: bytes > 0);
    }

    /// <summary>Leaves the sequencer.</summary>
    public readonly void Dispose()
    {
        bool isWhole = _isCommitted || _frame.Bytes == _bytesBefore;
        _queue.Gate.Exit();
        if (_isAlone)
        {
            _engine.Journal.CommitHere(_frameNumber);
        }
        else
        {
            _queue.Duty.Wake();
        }

        Invariant.Check(isWhole, "a command that appended is committed");
    }
}
