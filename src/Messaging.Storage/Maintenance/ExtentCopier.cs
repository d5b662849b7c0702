using System.Buffers;
using Messaging.Storage.Disk;
using Messaging.Storage.Packs;
using Messaging.Storage.Reading;
using Messaging.Storage.Records;
using Messaging.Storage.Streams;

namespace Messaging.Storage.Maintenance;

/// <summary>
/// Copies the live records of batches and blocks into new packs, with their offsets: what a flush of the tail and a merge of
/// extents have in common. Used by the maintenance thread for one run; dispose deletes packs that were not finished.
/// </summary>
internal sealed class ExtentCopier(
    IDisk disk, LogEngineOptions options, Lock gate, Func<long> nextPackId, long bytesReserved, Action<int> pace) : IDisposable
{
    private readonly List<(Pack Pack, IReadOnlyList<PackedExtent> Extents)> _sealed = [];
    private byte[] _rebuilt = [];
    private PackWriter? _writer;
    private long _expected;
    private bool _isFinished;

    /// <summary>What this run will copy at most; the first pack reserves its share of it on the disk.</summary>
    public void Expect(long bytes) => _expected += bytes;

    /// <summary>The packs written; valid after <see cref="Finish"/>.</summary>
    public IEnumerable<Pack> Packs => _sealed.Select(written => written.Pack);

    /// <summary>Copies what lives in these batches.</summary>
    public void Copy(LogStream stream, BatchSet batches)
    {
        for (int i = 0; i < batches.Count; i++)
        {
            ref readonly StoredBatch batch = ref batches[i];
            CopyBatch(stream, batch.Header, batch.Bytes.Span);
        }

        pace((int)batches.Bytes);
    }

    /// <summary>
    /// Copies what lives in one batch of the journal, which is read straight to where the pack is made; false when it can't be read or is damaged, which is in quarantine then.
    /// </summary>
    public bool TryCopy(LogStream stream, RecordReader reader, in ReadPiece batch)
    {
        PackWriter writer = WriterFor(batch.Place.Length);
        Span<byte> room = writer.Room(batch.Place.Length);
        if (!JournalBatch.TryRead(reader, stream, batch, room, out RecordBatchHeader header))
        {
            return false;
        }

        ReadOnlySpan<byte> live = KeepLive(stream, header, room, out int keptDead);
        if (live == room)
        {
            writer.AddPlaced(stream.Id, header, keptDead);
        }
        else
        {
            Write(stream.Id, live, keptDead);
        }

        _expected -= batch.Place.Length;
        pace(batch.Place.Length);
        return true;
    }

    /// <summary>Copies what lives in one block of a pack; false when it can't be read or is damaged.</summary>
    public bool TryCopy(LogStream stream, in BlockPlace place)
    {
        RecordBlock? block = Load(place);
        if (block is null)
        {
            return false;
        }

        for (ReadOnlySpan<byte> rest = block.Bytes; rest.Length > 0;)
        {
            Invariant.Check(RecordBatch.TryReadHeader(rest, out RecordBatchHeader header), "a loaded block holds whole batches");
            CopyBatch(stream, header, rest[..header.TotalBytes]);
            rest = rest[header.TotalBytes..];
        }

        block.Release();
        pace(place.Length);
        return true;
    }

    /// <summary>Whether the block is on the disk as it was written.</summary>
    public static bool CanRead(in BlockPlace place)
    {
        RecordBlock? block = Load(place);
        block?.Release();
        return block is not null;
    }

    /// <summary>What follows does not adjoin what came before: an extent that is not copied stands between them.</summary>
    public void Break() => _writer?.Break();

    /// <summary>Seals the last pack; returns the new extents of all streams, in order.</summary>
    public ILookup<long, PackExtent> Finish()
    {
        Seal();
        _isFinished = true;
        return _sealed
            .SelectMany(written => written.Extents.Select(extent => (extent.StreamId, Extent: PackExtent.Of(written.Pack, extent))))
            .ToLookup(found => found.StreamId, found => found.Extent);
    }

    public void Dispose()
    {
        _writer?.Dispose();
        if (_isFinished)
        {
            return;
        }

        foreach ((Pack pack, _) in _sealed)
        {
            pack.Doom();
            disk.Delete(pack.Name);
        }
    }

    private static RecordBlock? Load(in BlockPlace place)
    {
        try
        {
            return RecordBlock.TryLoad(place);
        }
        catch (StorageFaultException fault) when (fault.Fault != StorageFault.Exhausted)
        {
            return null;
        }
    }

    private void CopyBatch(LogStream stream, in RecordBatchHeader header, ReadOnlySpan<byte> batch)
    {
        Write(stream.Id, KeepLive(stream, header, batch, out int keptDead), keptDead);
        _expected -= batch.Length;
    }

    // The batch itself, or what lives of it, which is valid until the next call.
    private ReadOnlySpan<byte> KeepLive(LogStream stream, in RecordBatchHeader header, ReadOnlySpan<byte> batch, out int keptDead)
    {
        // The usual case of a topic, without the sequencer's lock: what is released in this moment is copied, and dead there.
        keptDead = 0;
        if (!stream.HasReleasedAboveLow && stream.Low <= header.BaseOffset)
        {
            return batch;
        }

        int words = RecordBatchFilter.WordsOf(header);
        ulong[] released = ArrayPool<ulong>.Shared.Rent(words);
        lock (gate)
        {
            stream.Released.CopyTo(header.BaseOffset, released.AsSpan(0, words));
        }

        if (_rebuilt.Length < batch.Length)
        {
            _rebuilt = GC.AllocateUninitializedArray<byte>(batch.Length);
        }

        ReadOnlySpan<byte> live = RecordBatchFilter.KeepLive(batch, header, released.AsSpan(0, words), _rebuilt);
        keptDead = live.Length == batch.Length ? OffsetBits.Count(released, 0, header.LastOffsetDelta + 1) : 0;
        ArrayPool<ulong>.Shared.Return(released);
        return live;
    }

    private void Write(long streamId, ReadOnlySpan<byte> batch, int keptDead)
    {
        if (batch.Length > 0)
        {
            Invariant.Check(RecordBatch.TryReadHeader(batch, out RecordBatchHeader header), "what is copied is a whole batch");
            WriterFor(batch.Length).Add(streamId, header, batch, keptDead);
        }
    }

    private PackWriter WriterFor(int bytes)
    {
        if (_writer is not null && _writer.Bytes + bytes > options.PackBytesTarget)
        {
            Seal();
        }

        return _writer ??= Create(Math.Min(_expected, options.PackBytesTarget));
    }

    // A pack may not take the space of the checkpoint that follows: without that, nothing becomes free any more.
    private PackWriter Create(long bytes) => disk.FreeBytes() >= bytes + bytesReserved
        ? new PackWriter(disk, nextPackId(), bytes)
        : throw new StorageFaultException(StorageFault.DiskFull, $"There is no space for a pack of {bytes} bytes and the next checkpoint.");

    private void Seal()
    {
        if (_writer is { IsEmpty: false })
        {
            _sealed.Add(_writer.Seal());
        }

        // What was begun for batches in which nothing lived goes again.
        _writer?.Dispose();
        _writer = null;
    }
}
