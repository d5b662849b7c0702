using System.Buffers;
using Messaging.Storage.Disk;
using Messaging.Storage.Packs;
using Messaging.Storage.Records;
using Messaging.Storage.Streams;

namespace Messaging.Storage.Reading;

/// <summary>
/// One read of whole batches, in order, past the cache of blocks: who catches up reads everything once. Neighbouring blocks of a pack, or batches that stand
/// close together in a journal slot, are fetched by one positioned read, and each is checked by one CRC. What is damaged is quarantined, as
/// <see cref="RecordReader"/> does. Used once, by one thread. Hot path.
/// </summary>
internal ref struct BatchRead
{
    private readonly RecordReader _reader;
    private readonly LogStream _stream;
    private readonly BatchSet _set;
    private readonly Span<ReadPiece> _pieces;
    private readonly long _from;
    private readonly long _end;
    private readonly int _bytesMax;
    private long _cursor;
    private bool _readsSingly;

    private BatchRead(RecordReader reader, LogStream stream, BatchSet set, Span<ReadPiece> pieces, long from, long end, int bytesMax)
    {
        (_reader, _stream, _set) = (reader, stream, set);
        _pieces = pieces;
        (_from, _end, _bytesMax, _cursor) = (from, end, bytesMax, from);
    }

    // What the answer may still grow by.
    private readonly long Remaining => _bytesMax - _set.Bytes;

    // What one read should fetch at most; the first piece is fetched whatever its size.
    private readonly int Room => _readsSingly ? 0 : (int)Math.Clamp(Remaining, 0, StorageLimits.CatchUpReadBytes);

    /// <summary>The batches that hold offsets from <paramref name="from"/> up to but without <paramref name="end"/>, as <see cref="LogEngine.ReadBatches"/> says.</summary>
    public static BatchSet Run(RecordReader reader, LogStream stream, long from, long end, int bytesMax)
    {
        var set = new BatchSet();
        ReadPiece[] pieces = ArrayPool<ReadPiece>.Shared.Rent(StorageLimits.CatchUpPiecesMax);
        try
        {
            var read = new BatchRead(reader, stream, set, pieces.AsSpan(0, StorageLimits.CatchUpPiecesMax), from, end, bytesMax);
            while (read._cursor < end && read.ReadNext())
            {
            }

            return set;
        }
        catch
        {
            set.Dispose();
            throw;
        }
        finally
        {
            ArrayPool<ReadPiece>.Shared.Return(pieces, clearArray: true);
        }
    }

    /// <summary>
    /// The journal's batches at these places, which stand close together and are alive; where one of them is damaged or can't be read, those before it. Throws where descriptors
    /// or memory have run out.
    /// </summary>
    public static BatchSet Run(RecordReader reader, LogStream stream, ReadOnlySpan<ReadPiece> batches)
    {
        var set = new BatchSet();
        try
        {
            var read = new BatchRead(reader, stream, set, default, batches[0].Place.BaseOffset, batches[^1].EndOffset, int.MaxValue);
            bool goesOn = read.TryReadPieces(batches);
            for (int i = 0; goesOn && read._readsSingly && i < batches.Length; i++)
            {
                goesOn = read.TryReadPieces(batches.Slice(i, 1));
            }

            return set;
        }
        catch
        {
            set.Dispose();
            throw;
        }
    }

    // False: the answer is complete.
    private bool ReadNext()
    {
        if (!_stream.Index.TryLocateFrom(_cursor, _end, Room, _pieces, out PlaceRun run))
        {
            return false;
        }

        try
        {
            int count = run.TailCount;
            if (run.Extent is { } extent && !TryPlaceBlocks(extent, out count))
            {
                _set.End(StoredRecordState.Damaged, extent.BaseOffset, extent.EndOffset);
                return false;
            }

            return TryReadPieces(_pieces[..count]);
        }
        catch (StorageFaultException fault) when (fault.Fault == StorageFault.Exhausted)
        {
            _reader.LogUnreadable(fault, _stream.Id, _cursor);
            _set.End(StoredRecordState.Unreadable, run.BaseOffset, run.EndOffset);
            return false;
        }
        finally
        {
            run.Unpin();
        }
    }

    // The blocks from the cursor on that adjoin each other or nearly so, as many as there is room for; false where the pack's index is damaged.
    private readonly bool TryPlaceBlocks(PackExtent extent, out int count)
    {
        count = 0;
        if (!_reader.TryGetBlocks(extent, _stream, out ReadOnlySpan<PackBlock> blocks))
        {
            return false;
        }

        int room = Room;
        long useful = 0;
        for (int i = Math.Max(0, OffsetKey.FindLast(blocks, new OffsetKey(_cursor))); i < blocks.Length && count < _pieces.Length; i++)
        {
            PackBlock block = blocks[i];
            useful += block.Length;
            long span = block.Position + block.Length - (count == 0 ? block.Position : _pieces[0].Place.Position);
            if (count > 0 && (block.BaseOffset >= _end || useful > room || ReadPiece.IsScattered(span, useful)))
            {
                break;
            }

            long end = i + 1 < blocks.Length ? blocks[i + 1].BaseOffset : extent.EndOffset;
            _pieces[count++] = new ReadPiece(BlockPlace.InPack(extent.Pack, block), end);
        }

        return true;
    }

    private bool TryReadPieces(ReadOnlySpan<ReadPiece> pieces)
    {
        BlockPlace first = pieces[0].Place;
        if (_set.Count > 0 && first.Length > Remaining)
        {
            return false;
        }

        // What is in quarantine is not read again.
        int readable = CountReadable(pieces);
        if (readable == 0)
        {
            return EndDamaged(pieces[0]);
        }

        pieces = pieces[..readable];

        BlockPlace last = pieces[^1].Place;
        int length = (int)(last.Position + last.Length - first.Position);
        byte[] buffer = _set.Rent(length);
        int read;
        try
        {
            read = first.IsInPack ? ReadPack(first.File, buffer.AsSpan(0, length), first.Position) : first.File.Read(buffer.AsSpan(0, length), first.Position);
        }
        catch (StorageFaultException fault) when (fault.Fault != StorageFault.Exhausted)
        {
            if (pieces.Length == 1)
            {
                return Quarantine(pieces[0], "reading it failed", fault);
            }

            // Nobody knows which of them the disk can't read: from here on one by one.
            return _readsSingly = true;
        }

        foreach (ref readonly ReadPiece piece in pieces)
        {
            int at = (int)(piece.Place.Position - first.Position);
            Memory<byte> bytes = buffer.AsMemory(at, piece.Place.Length);
            if (at + bytes.Length > read || !IsSound(bytes.Span, piece))
            {
                return Quarantine(piece, "its checksum does not match", null);
            }

            if (!TryAdd(bytes))
            {
                return false;
            }

            _cursor = piece.EndOffset;
        }

        return true;
    }

    private readonly int ReadPack(IDiskFile file, Span<byte> destination, long position)
    {
        int cached = file.ReadCached(destination, position);
        if (cached == destination.Length)
        {
            return cached;
        }

        _set.ReadsDisk |= cached >= 0;
        cached = Math.Max(0, cached);
        return cached + file.Read(destination[cached..], position + cached);
    }

    private readonly int CountReadable(ReadOnlySpan<ReadPiece> pieces)
    {
        int count = 0;
        while (count < pieces.Length && !_reader.IsQuarantined(pieces[count].Place))
        {
            count++;
        }

        return count;
    }

    private readonly bool Quarantine(in ReadPiece piece, string why, Exception? fault)
    {
        _reader.Quarantine(piece.Place, _stream, why, fault);
        return EndDamaged(piece);
    }

    private readonly bool EndDamaged(in ReadPiece piece)
    {
        _set.End(StoredRecordState.Damaged, piece.Place.BaseOffset, piece.EndOffset);
        return false;
    }

    // A pack's block is checked as a whole; a batch of the journal by its own CRC, and for what that leaves out by its place.
    private static bool IsSound(Span<byte> bytes, in ReadPiece piece) =>
        piece.Place.Crc is uint crc ? Crc32C.Compute(bytes) == crc : JournalBatch.TryPlace(bytes, piece, out _);

    // False: the answer is complete.
    private readonly bool TryAdd(ReadOnlyMemory<byte> block)
    {
        for (ReadOnlyMemory<byte> rest = block; rest.Length > 0;)
        {
            Invariant.Check(RecordBatch.TryReadHeader(rest.Span, out RecordBatchHeader header), "a sound block holds whole batches");
            if (header.LastOffset >= _from)
            {
                if (header.BaseOffset >= _end || (_set.Count > 0 && header.TotalBytes > Remaining))
                {
                    return false;
                }

                _set.Add(header, rest[..header.TotalBytes]);
            }

            rest = rest[header.TotalBytes..];
        }

        return true;
    }
}
