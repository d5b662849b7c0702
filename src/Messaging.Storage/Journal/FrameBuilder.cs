using Messaging.Storage.Records;

namespace Messaging.Storage.Journal;

/// <summary>
/// Turns a pending frame into its bytes, owned by the thread that writes the journal: in one reused buffer, but for large whole batches, which are written from where they lie. Hot path: one
/// copy of every record body and small batch, one CRC of each batch that is made here, one of the frame, for which a large batch's own stands.
/// </summary>
internal sealed class FrameBuilder
{
    /// <summary>A whole batch of so many bytes is not copied.</summary>
    private const int GatheredBytesMin = 16 << 10;

    /// <summary>So many batches at most: with what stands between them, what one system call takes (IOV_MAX, 1,024 pieces).</summary>
    private const int GatheredMax = 500;

    private readonly List<ReadOnlyMemory<byte>> _pieces = [];
    private byte[] _buffer = GC.AllocateUninitializedArray<byte>(StorageLimits.FrameBytesTarget);
    private BuiltBatch[] _batches = new BuiltBatch[64];
    private int _batchCount;

    /// <summary>The frame, padded with zeros to its boundary; valid until <see cref="Forget"/>.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Pieces => _pieces;

    /// <summary>Of all pieces.</summary>
    public int Bytes { get; private set; }

    /// <summary>Where each batch of the built frame stands.</summary>
    public ReadOnlySpan<BuiltBatch> Batches => _batches.AsSpan(0, _batchCount);

    public uint Crc { get; private set; }

    public void Build(PendingFrame frame, long lsn, uint generation, uint salt, uint previousCrc)
    {
        MakeRoom((int)JournalFormat.Align(MeasureCopied(frame)));

        // What is gathered counts in the frame, and not in the buffer.
        int start = 0;
        int position = JournalFormat.FrameHeaderBytes;
        int gathered = 0;
        foreach (ref readonly PendingEntry entry in frame.Entries)
        {
            Span<byte> room = _buffer.AsSpan(position + JournalFormat.EntryHeaderBytes);
            int length;
            ReadOnlyMemory<byte> rest = default;
            if (entry.Type == EntryType.Records)
            {
                length = entry.IsWhole
                    ? PlaceBatch(frame, entry, room, (int)generation, out long maxTimestamp, out rest)
                    : BuildBatch(frame, entry, room, (int)generation, out maxTimestamp);
                AddBatch(new BuiltBatch(entry.Stream, entry.BaseOffset, entry.Count, position + gathered + JournalFormat.EntryHeaderBytes, length, maxTimestamp, IsShared: false));
            }
            else if (entry.Type == EntryType.Shared)
            {
                length = BuildShared(frame, entry, room, (int)generation, position + gathered + JournalFormat.EntryHeaderBytes);
            }
            else
            {
                length = entry.Bytes;
                frame.State(entry).CopyTo(room);
            }

            JournalFormat.WriteEntryHeader(_buffer.AsSpan(position), entry.Type, length, entry.Stream.Id, entry.BaseOffset, entry.Flags);
            position += JournalFormat.EntryHeaderBytes + length - rest.Length;
            if (!rest.IsEmpty)
            {
                _pieces.Add(_buffer.AsMemory(start, position - start));
                _pieces.Add(rest);
                start = position;
                gathered += rest.Length;
            }
        }

        int bytes = position + gathered;
        Invariant.Check(bytes <= frame.Bytes, "a frame's bound holds its bytes");
        Bytes = (int)JournalFormat.Align(bytes);
        JournalFormat.WriteFrameHeader(_buffer, new FrameHeader(generation, previousCrc, lsn, bytes, frame.Entries.Length, 0));
        Crc = Checksum(_buffer.AsSpan(start, position - start), salt);
        JournalFormat.WriteFrameCrc(_buffer, Crc);
        int padding = Bytes - bytes;
        _buffer.AsSpan(position, padding).Clear();
        _pieces.Add(_buffer.AsMemory(start, position + padding - start));
    }

    /// <summary>The frame was written: what its senders lent is theirs again.</summary>
    public void Forget() => _pieces.Clear();

    // An upper bound, as the frame's own is.
    private static int MeasureCopied(PendingFrame frame)
    {
        int bytes = frame.Bytes;
        int gathered = 0;
        foreach (ref readonly PendingEntry entry in frame.Entries)
        {
            if (IsLarge(entry) && gathered++ < GatheredMax)
            {
                bytes -= entry.Bytes - RecordBatch.UncheckedBytes;
            }
        }

        return bytes;
    }

    private static bool IsLarge(in PendingEntry entry) => entry.IsWhole && entry.Bytes >= GatheredBytesMin;

    private void MakeRoom(int bytes)
    {
        if (_buffer.Length < bytes)
        {
            _buffer = GC.AllocateUninitializedArray<byte>(bytes);
        }
        else if (_buffer.Length > StorageLimits.FrameBufferKeptBytes && bytes <= StorageLimits.FrameBytesTarget)
        {
            _buffer = GC.AllocateUninitializedArray<byte>(StorageLimits.FrameBytesTarget);
        }

        Array.Clear(_batches, 0, _batchCount);
        _batchCount = 0;
    }

    // Of all pieces, and of the last one, which is not among them yet. Every other piece is a batch's part that its own CRC covers.
    private uint Checksum(ReadOnlySpan<byte> last, uint salt)
    {
        uint crc = salt;
        for (int i = 0; i < _pieces.Count; i += 2)
        {
            ReadOnlySpan<byte> before = _pieces[i].Span;
            crc = Crc32C.Append(crc, i == 0 ? before[JournalFormat.CrcStart..] : before);
            crc = Crc32C.Combine(crc, RecordBatch.ReadCrc(before[^RecordBatch.UncheckedBytes..]), _pieces[i + 1].Length);
        }

        return Crc32C.Append(crc, _pieces.Count == 0 ? last[JournalFormat.CrcStart..] : last);
    }

    // Places all of it, or only what its own CRC leaves out, and the rest is to be written from where it lies.
    private int PlaceBatch(PendingFrame frame, in PendingEntry entry, Span<byte> destination, int leaderEpoch, out long maxTimestamp, out ReadOnlyMemory<byte> rest)
    {
        ref readonly PendingRecord batch = ref frame.Record(entry.First);
        int placed = IsLarge(entry) && _pieces.Count < 2 * GatheredMax ? RecordBatch.UncheckedBytes : batch.Body.Length;
        batch.Body.Span[..placed].CopyTo(destination);
        RecordBatch.AssignPlace(destination, entry.BaseOffset, leaderEpoch);
        maxTimestamp = batch.Timestamp;
        rest = batch.Body[placed..];
        return batch.Body.Length;
    }

    // The streams that have them, then the records once.
    private int BuildShared(PendingFrame frame, in PendingEntry entry, Span<byte> destination, int leaderEpoch, int start)
    {
        ReadOnlySpan<PendingTarget> targets = frame.Targets(entry);
        SharedTargets.Write(destination, targets);
        int listed = SharedTargets.BytesOf(targets.Length);
        int length = BuildBatch(frame, entry, destination[listed..], leaderEpoch, out long maxTimestamp);
        foreach (ref readonly PendingTarget target in targets)
        {
            AddBatch(new BuiltBatch(target.Stream, target.BaseOffset, entry.Count, start + listed, length, maxTimestamp, IsShared: true));
        }

        return listed + length;
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
internal readonly record struct BuiltBatch(LogStream Stream, long BaseOffset, int Count, int Start, int Length, long MaxTimestamp, bool IsShared);
