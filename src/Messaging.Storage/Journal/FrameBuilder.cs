using Messaging.Storage.Records;

namespace Messaging.Storage.Journal;

/// <summary>
/// Turns a pending frame into its bytes in one reused buffer, owned by the thread that writes the journal. Hot path: one copy of every
/// record body or whole batch, one CRC of each batch that is made here and one of the frame.
/// </summary>
internal sealed class FrameBuilder
{
    private byte[] _buffer = GC.AllocateUninitializedArray<byte>(StorageLimits.FrameBytesTarget);
    private BuiltBatch[] _batches = new BuiltBatch[64];
    private int _batchCount;

    /// <summary>Where each batch of the built frame stands.</summary>
    public ReadOnlySpan<BuiltBatch> Batches => _batches.AsSpan(0, _batchCount);

    public uint Crc { get; private set; }

    /// <summary>Builds the frame and pads it with zeros to its boundary; the memory is valid until the next call.</summary>
    public ReadOnlySpan<byte> Build(PendingFrame frame, long lsn, uint generation, uint salt, uint previousCrc)
    {
        int most = (int)JournalFormat.Align(frame.Bytes);
        if (_buffer.Length < most)
        {
            _buffer = GC.AllocateUninitializedArray<byte>(most);
        }
        else if (_buffer.Length > StorageLimits.FrameBufferKeptBytes && most <= StorageLimits.FrameBytesTarget)
        {
            _buffer = GC.AllocateUninitializedArray<byte>(StorageLimits.FrameBytesTarget);
        }

        if (_batchCount > 0)
        {
            Array.Clear(_batches, 0, _batchCount);
            _batchCount = 0;
        }

        int position = JournalFormat.FrameHeaderBytes;
        foreach (ref readonly PendingEntry entry in frame.Entries)
        {
            Span<byte> room = _buffer.AsSpan(position + JournalFormat.EntryHeaderBytes);
            int length;
            if (entry.Type == EntryType.Records)
            {
                length = entry.IsWhole
                    ? PlaceBatch(frame, entry, room, (int)generation, out long maxTimestamp)
                    : BuildBatch(frame, entry, room, (int)generation, out maxTimestamp);
                AddBatch(new BuiltBatch(entry.Stream, entry.BaseOffset, entry.Count, position + JournalFormat.EntryHeaderBytes, length, maxTimestamp));
            }
            else
            {
                length = entry.Bytes;
                frame.State(entry).CopyTo(room);
            }

            JournalFormat.WriteEntryHeader(_buffer.AsSpan(position), entry.Type, length, entry.Stream.Id, entry.BaseOffset, entry.Flags);
            position += JournalFormat.EntryHeaderBytes + length;
        }

        Invariant.Check(position <= frame.Bytes, "a frame's bound holds its bytes");
        int padded = (int)JournalFormat.Align(position);
        _buffer.AsSpan(position, padded - position).Clear();
        var header = new FrameHeader(generation, previousCrc, lsn, position, frame.Entries.Length, 0);
        Crc = JournalFormat.WriteFrameHeader(_buffer, header, salt);
        return _buffer.AsSpan(0, padded);
    }

    private static int PlaceBatch(PendingFrame frame, in PendingEntry entry, Span<byte> destination, int leaderEpoch, out long maxTimestamp)
    {
        ref readonly PendingRecord batch = ref frame.Record(entry.First);
        batch.Body.Span.CopyTo(destination);
        RecordBatch.AssignPlace(destination, entry.BaseOffset, leaderEpoch);
        maxTimestamp = batch.Timestamp;
        return batch.Body.Length;
    }

    private static int BuildBatch(PendingFrame frame, in PendingEntry entry, Span<byte> destination, int leaderEpoch, out long maxTimestamp)
    {
        long baseTimestamp = frame.Record(entry.First).Timestamp;
        maxTimestamp = baseTimestamp;
        int length = RecordBatch.HeaderBytes;
        int delta = 0;
        for (int index = entry.First; index >= 0;)
        {
            ref readonly PendingRecord record = ref frame.Record(index);
            length += RecordPrefix.WriteRecord(destination[length..], delta++, record.Timestamp - baseTimestamp, record.Body.Span);
            maxTimestamp = Math.Max(maxTimestamp, record.Timestamp);
            index = record.Next;
        }

        RecordBatch.WriteHeader(destination[..length], entry.BaseOffset, delta - 1, baseTimestamp, maxTimestamp, delta, leaderEpoch: leaderEpoch);
        return length;
    }

    private void AddBatch(BuiltBatch batch)
    {
        if (_batchCount == _batches.Length)
        {
            Array.Resize(ref _batches, _batchCount * 2);
        }

        _batches[_batchCount++] = batch;
    }
}

/// <summary>A record batch of the built frame: <see cref="Count"/> offsets; <see cref="Start"/> counts from the frame's first byte.</summary>
internal readonly record struct BuiltBatch(LogStream Stream, long BaseOffset, int Count, int Start, int Length, long MaxTimestamp);
