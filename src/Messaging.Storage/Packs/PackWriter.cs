using Messaging.Storage.Disk;
using Messaging.Storage.Records;

namespace Messaging.Storage.Packs;

/// <summary>
/// Writes one pack: batches in order of (stream id, offset), then <see cref="Seal"/>; a temporary name until then. When a
/// call throws, dispose deletes what was written. Owned by the maintenance thread.
/// </summary>
internal sealed class PackWriter : IDisposable
{
    private const int BufferBytes = 1 << 20;

    /// <summary>A batch up to this size may be read straight into <see cref="Room"/>. Bytes.</summary>
    public const int RoomBytesMax = BufferBytes - AlignedBuffer.Alignment;

    /// <summary>
    /// A pack is synced as it grows: where a file system keeps what passes the cache by in a cache of its own, one sync of all of it would keep the journal's syncs waiting behind it.
    /// </summary>
    private const int SyncBytes = 4 << 20;

    private readonly IDisk _disk;
    private readonly IDiskFile _file;
    private readonly string _temporary;
    private readonly List<PackedExtent> _extents = [];
    private readonly List<PackBlock> _blocks = [];
    private readonly AlignedBuffer _buffer = new(BufferBytes);
    private int _buffered;
    private long _flushed;
    private long _synced;
    private bool _sealed;

    // The block and the extent that are open.
    private PackBlock _block;
    private PackedExtent _extent;

    /// <summary>Reserves <paramref name="bytesExpected"/> first, so that a full disk shows before anything is written.</summary>
    public PackWriter(IDisk disk, long id, long bytesExpected)
    {
        _disk = disk;
        Id = id;
        _temporary = Pack.NameOf(id) + ".new";
        _file = disk.CreateUncached(_temporary);
        try
        {
            _file.Allocate(bytesExpected + PackFormat.HeaderBytes);
            Span<byte> header = stackalloc byte[PackFormat.HeaderBytes];
            PackFormat.WriteHeader(header, id);
            Write(header);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public long Id { get; }

    public long Bytes => _flushed + _buffered;

    /// <summary>No batch was added.</summary>
    public bool IsEmpty => _extents.Count == 0 && _extent.BlockCount == 0;

    /// <summary>Memory behind all that was written so far: what is placed there, <see cref="AddPlaced"/> takes over without a copy. Valid until the next call.</summary>
    public Span<byte> Room(int bytes)
    {
        if (BufferBytes - _buffered < bytes)
        {
            FlushWhole();
        }

        return _buffer.Span.Slice(_buffered, bytes);
    }

    /// <summary>Adds a sound batch; its offsets follow those added before for the stream. <paramref name="keptDead"/>: <see cref="PackedExtent.KeptDead"/>.</summary>
    public void Add(long streamId, in RecordBatchHeader header, ReadOnlySpan<byte> batch, int keptDead)
    {
        Begin(streamId, header);
        Write(batch);
        End(header, batch, keptDead);
    }

    /// <summary>As <see cref="Add"/>, of a batch that stands in <see cref="Room"/> of its size.</summary>
    public void AddPlaced(long streamId, in RecordBatchHeader header, int keptDead)
    {
        Begin(streamId, header);
        ReadOnlySpan<byte> batch = _buffer.Span.Slice(_buffered, header.TotalBytes);
        _buffered += batch.Length;
        End(header, batch, keptDead);
    }

    /// <summary>Ends the open extent: the next batch begins a new one.</summary>
    public void Break()
    {
        EndBlock();
        if (_extent.BlockCount > 0)
        {
            _extents.Add(_extent);
            _extent = default;
        }
    }

    /// <summary>Writes the index, syncs, gives the file its name and syncs the folder: from here on the pack stays as it is.</summary>
    public (Pack Pack, IReadOnlyList<PackedExtent> Extents) Seal()
    {
        Break();
        Write(new PackIndex([.. _extents], [.. _blocks], WasJournal: false).Encode(Id, Bytes));
        FlushLast();
        _file.SetLength(_flushed);
        _file.DataSync();
        _disk.Rename(_temporary, Pack.NameOf(Id));
        _disk.SyncFolder("packs");
        _sealed = true;
        return (new Pack(_disk, Id, _flushed), _extents);
    }

    public void Dispose()
    {
        _file.Dispose();
        if (_sealed)
        {
            return;
        }

        // Where the folder's sync failed the file has its name already.
        foreach (string name in (string[])[_temporary, Pack.NameOf(Id)])
        {
            if (_disk.Exists(name))
            {
                _disk.Delete(name);
            }
        }
    }

    private void Begin(long streamId, in RecordBatchHeader header)
    {
        if (_extent.BlockCount == 0 || _extent.StreamId != streamId)
        {
            Break();
            _extent = new PackedExtent(streamId, header.BaseOffset, 0, header.MaxTimestamp, 0, 0, _blocks.Count, 0);
        }

        if (_block.Length == 0)
        {
            _block = new PackBlock(header.BaseOffset, Bytes, 0, 0);
        }
    }

    private void End(in RecordBatchHeader header, ReadOnlySpan<byte> batch, int keptDead)
    {
        _block = _block with { Length = _block.Length + batch.Length, Crc = RecordBatch.AppendTo(_block.Crc, batch) };
        _extent = _extent with
        {
            EndOffset = header.LastOffset + 1,
            MaxTimestamp = Math.Max(_extent.MaxTimestamp, header.MaxTimestamp),
            Bytes = _extent.Bytes + batch.Length,
            Count = _extent.Count + header.Count,
            KeptDead = _extent.KeptDead + keptDead,
            BlockCount = Math.Max(_extent.BlockCount, _blocks.Count - _extent.FirstBlock + 1),
        };
        if (_block.Length >= StorageLimits.BlockBytesTarget)
        {
            EndBlock();
        }
    }

    private void EndBlock()
    {
        if (_block.Length > 0)
        {
            _blocks.Add(_block);
            _block = default;
        }
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= BufferBytes - _buffered)
        {
            int fits = BufferBytes - _buffered;
            bytes[..fits].CopyTo(_buffer.Span[_buffered..]);
            _buffered = BufferBytes;
            FlushWhole();
            bytes = bytes[fits..];
        }

        bytes.CopyTo(_buffer.Span[_buffered..]);
        _buffered += bytes.Length;
    }

    // What is not a whole block of the disk stays for the next time.
    private void FlushWhole()
    {
        int whole = _buffered & -AlignedBuffer.Alignment;
        Flush(whole);
        _buffer.Span[whole.._buffered].CopyTo(_buffer.Span);
        _buffered -= whole;
        if (_flushed - _synced >= SyncBytes)
        {
            _file.DataSync();
            _synced = _flushed;
        }
    }

    // What the last write is longer than the pack, the caller cuts off.
    private void FlushLast()
    {
        int whole = AlignedBuffer.Align(_buffered);
        _buffer.Span[_buffered..whole].Clear();
        Flush(whole);
        _flushed -= whole - _buffered;
        _buffered = 0;
    }

    private void Flush(int whole)
    {
        _file.Write(_buffer.Span[..whole], _flushed);
        _flushed += whole;
    }
}
