using Messaging.Storage.Checkpoints;
using Messaging.Storage.Disk;
using Messaging.Storage.Journal;
using Messaging.Storage.Meta;
using Messaging.Storage.Packs;
using Messaging.Storage.Streams;

namespace Messaging.Storage.Recovery;

/// <summary>
/// Opens a folder (engine.md section 6): newest META, its checkpoint, then the journal's frames after it, folded. A torn tail
/// is cut; damage in the middle refuses. Nothing is visible before the last frame has been written again and synced: after a
/// crash of the process alone it may so far stand in a cache only.
/// </summary>
internal sealed class FolderRecovery(IDisk disk, LogEngineOptions options, IStateMachine machine)
{
    public RecoveredState Run()
    {
        foreach (string folder in (string[])["journal", "packs", "checkpoints"])
        {
            disk.CreateFolder(folder);

            // A killed process may have left names in a cache only; what is acknowledged next may stand in their files.
            disk.SyncFolder(folder);
        }

        disk.SyncFolder("");
        MetaRecord? meta = MetaFile.ReadNewest(disk, out bool isOtherLost);
        if (meta is null)
        {
            return CreateFolderState();
        }

        var ring = new JournalRing(disk, options with { JournalSlotBytes = meta.JournalSlotBytes });
        ring.OpenExisting();
        var state = new RecoveredState(meta, ring) { Position = new JournalPosition(0, 0, 0, 0) };
        if (!meta.IsClean)
        {
            foreach (JournalSlot slot in ring.Slots)
            {
                slot.File.DropCache();
            }
        }

        if (meta.CheckpointId > 0)
        {
            Restore(state, CheckpointFile.Read(disk, meta.CheckpointId));
        }
        else
        {
            ring.MarkUsed(ring.Get(0), 1);
        }

        new JournalReplay(state, options, machine).Run(isOtherLost);
        foreach (LogStream stream in state.Streams.Values)
        {
            stream.Synced(stream.Next);
        }

        // First the packs that nothing names, which may be slots that count.
        DeleteLeftovers(state);
        ring.KeepFromPacks();
        return state;
    }

    private RecoveredState CreateFolderState()
    {
        var ring = new JournalRing(disk, options);
        ring.OpenExisting();
        Span<byte> header = stackalloc byte[JournalFormat.FrameHeaderBytes];
        foreach (JournalSlot slot in ring.Slots)
        {
            if (slot.File.Read(header, 0) == header.Length && JournalFormat.TryReadFrameHeader(header, int.MaxValue, out _))
            {
                throw new StorageFaultException(StorageFault.Corruption, "META-a and META-b are missing or damaged, and the journal holds frames.");
            }

            slot.Dispose();
            disk.Delete(JournalSlot.NameOf(slot.Number));
        }

        if (disk.List("packs").Count > 0 || disk.List("checkpoints").Count > 0)
        {
            throw new StorageFaultException(StorageFault.Corruption, "META-a and META-b are missing or damaged, and the folder holds packs or checkpoints.");
        }

        ring = new JournalRing(disk, options);
        byte[] random = new byte[16 + 16 + MetaRecord.SeedBytes];
        options.FillRandom(random);
        var meta = new MetaRecord(0, 0, options.JournalSlotBytes, 0, IsClean: true, new Guid(random.AsSpan(0, 16)), new Guid(random.AsSpan(16, 16)), random.AsMemory(32));
        JournalSlot first = ring.Take();
        return new RecoveredState(meta, ring) { Position = new JournalPosition(first.Number, 0, 0, 0) };
    }

    private void Restore(RecoveredState state, Checkpoint checkpoint)
    {
        (state.LastStreamId, state.LastPackId, state.Position) = (checkpoint.LastStreamId, checkpoint.LastPackId, checkpoint.Position);
        foreach (SlotUse slot in checkpoint.Slots)
        {
            state.Ring.MarkUsed(state.Ring.Get(slot.Slot), slot.Use);
        }

        foreach (PackEntry pack in checkpoint.Packs)
        {
            if (!disk.Exists(Pack.NameOf(pack.Id)))
            {
                throw StorageFaultException.OfDamage(Pack.NameOf(pack.Id), 0, "the file is missing, and the checkpoint names it");
            }

            state.Packs.Add(pack.Id, new Pack(disk, pack.Id, pack.Bytes));
        }

        foreach (StreamEntry entry in checkpoint.Streams)
        {
            var stream = new LogStream(entry.Id, OffsetSetCodec.Read(entry.Released.Span, out _))
            {
                Next = entry.Next,
                LastTimestamp = entry.LastTimestamp,
            };
            state.Streams[entry.Id] = stream;
            stream.Index.Replace([.. entry.Extents.Select(extent => new PackExtent(
                state.Packs[extent.PackId], extent.BaseOffset, extent.EndOffset, extent.MaxTimestamp, extent.FirstBlock, extent.BlockCount, extent.Count, extent.Bytes))], 0);
            foreach (TailEntry batch in entry.Tail)
            {
                stream.Index.AddTail(new TailBatch(
                    batch.BaseOffset, batch.MaxTimestamp, batch.Count, state.Ring.Get(batch.Slot), batch.Position, batch.Length, batch.IsShared));
            }

            machine.Restore(stream, entry.Snapshot.Span);
        }
    }

    private void DeleteLeftovers(RecoveredState state)
    {
        HashSet<string> named = [.. state.Packs.Values.Select(pack => pack.Name)];
        foreach (string name in disk.List("packs"))
        {
            if (!named.Contains("packs/" + name))
            {
                disk.Delete("packs/" + name);
            }
        }

        foreach (string name in disk.List("checkpoints"))
        {
            if ("checkpoints/" + name != Checkpoint.NameOf(state.Meta.CheckpointId))
            {
                disk.Delete("checkpoints/" + name);
            }
        }
    }
}
