using Messaging.Storage.Packs;
using Messaging.Storage.Streams;
using Microsoft.Extensions.Logging;

namespace Messaging.Storage.Reading;

/// <summary>
/// Reads bodies outside of the sequencer, after their sync. What can't be read or fails its CRC goes into quarantine: it is
/// reported as damaged, logged once, never skipped silently and never read again (engine.md section 9). Hot path.
/// </summary>
internal sealed partial class RecordReader(BlockCache cache, ILogger logger)
{
    private readonly Lock _quarantineLock = new();
    private readonly HashSet<BlockKey> _quarantine = [];

    public int QuarantinedBlocks
    {
        get
        {
            lock (_quarantineLock)
            {
                return _quarantine.Count;
            }
        }
    }

    public RecordSet Read(LogStream stream, ReadOnlySpan<long> offsets, long bodyBytesMax)
    {
        var set = new RecordSet(offsets.Length);
        try
        {
            RecordBlock? block = null;
            long bytes = 0;
            for (int i = 0; i < offsets.Length && (i == 0 || bytes < bodyBytesMax); i++)
            {
                if (block is null || !block.TryFind(offsets[i], out StoredRecord record))
                {
                    block = Load(stream, offsets[i], set, out StoredRecordState state);
                    if (block is null || !block.TryFind(offsets[i], out record))
                    {
                        record = new StoredRecord(block is null ? state : StoredRecordState.Missing, offsets[i], 0, default);
                    }
                }

                bytes += record.Body.Length;
                if (bytes <= bodyBytesMax || i == 0)
                {
                    set.Add(record);
                }
            }

            return set;
        }
        catch
        {
            set.Dispose();
            throw;
        }
    }

    /// <summary>The block at the place, with a reference for the caller; null when it is damaged. Takes the place's pin.</summary>
    public RecordBlock? LoadBlock(in BlockPlace place, LogStream stream)
    {
        try
        {
            if (IsQuarantined(place.Key))
            {
                return null;
            }

            RecordBlock? block = cache.Get(place);
            if (block is null)
            {
                Quarantine(place, stream, "its checksum does not match", null);
            }

            return block;
        }
        catch (StorageFaultException fault)
        {
            Quarantine(place, stream, "reading it failed", fault);
            return null;
        }
        finally
        {
            place.Unpin();
        }
    }

    /// <summary>Where the extent's blocks stand; false when the pack's index is damaged. May read it from the disk.</summary>
    public bool TryGetBlocks(PackExtent extent, LogStream stream, out ReadOnlySpan<PackBlock> blocks)
    {
        blocks = default;
        if (IsQuarantined(IndexKey(extent)))
        {
            return false;
        }

        try
        {
            // The file too, so that who places a block in the pack comes upon no fault.
            _ = extent.Pack.File;
            blocks = extent.Blocks;
            return true;
        }
        catch (StorageFaultException fault)
        {
            QuarantineIndex(extent, stream, fault);
            return false;
        }
    }

    /// <summary>The block's bytes are not those that were written: logged once, never read again.</summary>
    public void Quarantine(in BlockPlace place, LogStream stream, string why, Exception? fault)
    {
        lock (_quarantineLock)
        {
            if (!_quarantine.Add(place.Key))
            {
                return;
            }
        }

        LogQuarantined(fault, place.FileName, place.Position, place.Length, stream.Id, place.BaseOffset, why);
    }

    private RecordBlock? Load(LogStream stream, long offset, RecordSet set, out StoredRecordState state)
    {
        state = StoredRecordState.Missing;
        if (!stream.Index.TryLocate(offset, out RecordPlacement placement))
        {
            return null;
        }

        state = StoredRecordState.Damaged;
        if (placement.Extent is not { } extent)
        {
            return Hold(LoadBlock(placement.ToBatch(), stream), set);
        }

        if (TryGetBlocks(extent, stream, out ReadOnlySpan<PackBlock> blocks))
        {
            return Hold(LoadBlock(BlockPlace.InPack(extent.Pack, PackExtent.FindBlock(blocks, offset)), stream), set);
        }

        extent.Pack.Unpin();
        return null;
    }

    private static RecordBlock? Hold(RecordBlock? block, RecordSet set)
    {
        if (block is not null)
        {
            set.Hold(block);
        }

        return block;
    }

    private void QuarantineIndex(PackExtent extent, LogStream stream, StorageFaultException fault)
    {
        lock (_quarantineLock)
        {
            if (!_quarantine.Add(IndexKey(extent)))
            {
                return;
            }
        }

        LogQuarantined(fault, extent.Pack.Name, 0, extent.Pack.Bytes, stream.Id, extent.BaseOffset, "its index can't be read");
    }

    // No block begins where a pack begins.
    private static BlockKey IndexKey(PackExtent extent) => new(extent.Pack.Id, 0);

    private bool IsQuarantined(BlockKey key)
    {
        lock (_quarantineLock)
        {
            return _quarantine.Count > 0 && _quarantine.Contains(key);
        }
    }

    [LoggerMessage(EventId = 4001, Level = LogLevel.Critical,
        Message = "Quarantined {File} at {Position} ({Bytes} bytes; stream {Stream} from offset {Offset}): {Why}. Its messages answer an error; everything else is served.")]
    private partial void LogQuarantined(Exception? fault, string file, long position, long bytes, long stream, long offset, string why);
}
