using Messaging.Storage.Packs;
using Messaging.Storage.Streams;
using Microsoft.Extensions.Logging;

namespace Messaging.Storage.Reading;

/// <summary>
/// Reads bodies outside of the sequencer, after their sync. What the disk can't read or fails its CRC goes into quarantine: it is
/// reported as damaged, logged once, never skipped silently and never read again (engine.md section 9). Where only descriptors
/// or memory have run out, this read answers that, and the next one tries again. Hot path.
/// </summary>
internal sealed partial class RecordReader(BlockCache cache, ILogger logger)
{
    private readonly Quarantine _quarantine = new();

    public int QuarantinedBlocks => _quarantine.Count;

    public RecordSet Read(LogStream stream, ReadOnlySpan<long> offsets, long bodyBytesMax)
    {
        var set = new RecordSet(offsets.Length);
        try
        {
            RecordBlock? block = null;
            long shift = 0;
            long bytes = 0;
            for (int i = 0; i < offsets.Length && (i == 0 || bytes < bodyBytesMax); i++)
            {
                if (block is null || !block.TryFind(offsets[i] - shift, out StoredRecord record))
                {
                    block = Load(stream, offsets[i], set, out StoredRecordState state, out shift);
                    if (block is null || !block.TryFind(offsets[i] - shift, out record))
                    {
                        record = new StoredRecord(block is null ? state : StoredRecordState.Missing, offsets[i] - shift, 0, default);
                    }
                }

                if (shift > 0)
                {
                    record = record with { Offset = offsets[i] };
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

    /// <summary>Files of packs and uses of slots are gone with a checkpoint, and what was damaged in them with them.</summary>
    public void ForgetAllBut(Func<long, bool> fileIsAlive) => _quarantine.Keep(fileIsAlive);

    // The block at the place, with a reference for the caller; null when it is damaged. Takes the place's pin.
    private RecordBlock? LoadBlock(in BlockPlace place, LogStream stream)
    {
        try
        {
            if (_quarantine.Contains(place.Key))
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
        catch (StorageFaultException fault) when (fault.Fault != StorageFault.Exhausted)
        {
            Quarantine(place, stream, "reading it failed", fault);
            return null;
        }
        finally
        {
            place.Unpin();
        }
    }

    /// <summary>Where the extent's blocks stand; false when the pack's index is damaged. May read it from the disk; throws where descriptors have run out.</summary>
    public bool TryGetBlocks(PackExtent extent, LogStream stream, out ReadOnlySpan<PackBlock> blocks)
    {
        blocks = default;
        if (_quarantine.Contains(IndexKey(extent)))
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
        catch (StorageFaultException fault) when (fault.Fault != StorageFault.Exhausted)
        {
            QuarantineIndex(extent, stream, fault);
            return false;
        }
    }

    public bool IsQuarantined(in BlockPlace place) => _quarantine.Contains(place.Key);

    /// <summary>The block's bytes are not those that were written: logged once, never read again.</summary>
    public void Quarantine(in BlockPlace place, LogStream stream, string why, Exception? fault)
    {
        if (_quarantine.Add(place.Key))
        {
            LogQuarantined(fault, place.FileName, place.Position, place.Length, stream.Id, place.BaseOffset, why);
        }
    }

    private RecordBlock? Load(LogStream stream, long offset, RecordSet set, out StoredRecordState state, out long shift)
    {
        (state, shift) = (StoredRecordState.Missing, 0);
        if (!stream.Index.TryLocate(offset, out RecordPlacement placement))
        {
            return null;
        }

        state = StoredRecordState.Damaged;
        try
        {
            if (placement.Extent is { } extent)
            {
                return Hold(LoadBlock(extent, offset, stream), set);
            }

            BlockPlace place = placement.ToBatch();
            shift = place.Shift;
            return Hold(LoadBlock(place, stream), set);
        }
        catch (StorageFaultException fault) when (fault.Fault == StorageFault.Exhausted)
        {
            LogUnreadable(fault, stream.Id, offset);
            state = StoredRecordState.Unreadable;
            return null;
        }
    }

    private RecordBlock? LoadBlock(PackExtent extent, long offset, LogStream stream)
    {
        bool isPlaced = false;
        try
        {
            isPlaced = TryGetBlocks(extent, stream, out ReadOnlySpan<PackBlock> blocks);
            return isPlaced ? LoadBlock(BlockPlace.InPack(extent.Pack, PackExtent.FindBlock(blocks, offset)), stream) : null;
        }
        finally
        {
            if (!isPlaced)
            {
                extent.Pack.Unpin();
            }
        }
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
        if (_quarantine.Add(IndexKey(extent)))
        {
            LogQuarantined(fault, extent.Pack.Name, 0, extent.Pack.Bytes, stream.Id, extent.BaseOffset, "its index can't be read");
        }
    }

    // No block begins where a pack begins.
    private static BlockKey IndexKey(PackExtent extent) => new(extent.Pack.Id, 0);

    [LoggerMessage(EventId = 4003, Level = LogLevel.Error, Message = "Stream {Stream} can't be read at offset {Offset} for want of file descriptors or memory; the next read tries again.")]
    public partial void LogUnreadable(Exception fault, long stream, long offset);

    [LoggerMessage(EventId = 4001, Level = LogLevel.Critical,
        Message = "Quarantined {File} at {Position} ({Bytes} bytes; stream {Stream} from offset {Offset}): {Why}. Its messages answer an error; everything else is served.")]
    private partial void LogQuarantined(Exception? fault, string file, long position, long bytes, long stream, long offset, string why);
}
