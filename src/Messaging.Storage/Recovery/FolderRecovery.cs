using Messaging.Storage.Checkpoints;
using Messaging.Storage.Disk;
using Messaging.Storage.Journal;
using Messaging.Storage.Meta;
using Messaging.Storage.Packs;
using Messaging.Storage.Records;
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

        Replay(state, isOtherLost);
        DeleteLeftovers(state);
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
                    batch.BaseOffset, batch.MaxTimestamp, batch.Count, state.Ring.Get(batch.Slot), batch.Position, batch.Length));
            }

            machine.Restore(stream, entry.Snapshot.Span);
        }
    }

    private void Replay(RecoveredState state, bool isOtherMetaLost)
    {
        MetaRecord meta = state.Meta;
        JournalRing ring = state.Ring;
        IReadOnlyList<JournalSlot> slots = ring.Slots;
        var scan = new JournalScan(slots, meta, state.Position);
        long lastUse = slots.Max(slot => slot.Use);
        while (scan.MoveNext())
        {
            if (scan.FrameSlot!.Number != state.Position.Slot)
            {
                Invariant.Check(scan.FrameSlot.Use == 0, "the writer only took free slots");
                ring.MarkUsed(scan.FrameSlot, ++lastUse);
            }

            Apply(state, scan);
            state.Position = scan.Position;
            state.FramesReplayed++;
        }

        if (meta.IsClean && state.FramesReplayed == 0 && !isOtherMetaLost)
        {
            return;
        }

        string? later = scan.FindLaterFrame();
        if (later is not null && !options.AcceptJournalLoss)
        {
            throw new StorageFaultException(StorageFault.Corruption,
                $"The journal is damaged after frame {scan.Position.Lsn} ({JournalSlot.NameOf(scan.Position.Slot)} at {scan.Position.Offset}), and {later}: " +
                "acknowledged messages may be lost. Start with Messaging:AcceptJournalLoss=true to go on without what stands behind the damage.");
        }

        if (later is not null)
        {
            // The generation after this one may have been in use, and its frames must never count again.
            state.Meta = meta with { Generation = meta.Generation + 1 };
        }

        WriteLastFrameAgain(state, meta, slots);
        state.NeedsCheckpoint = true;
    }

    private static void WriteLastFrameAgain(RecoveredState state, MetaRecord meta, IReadOnlyList<JournalSlot> slots)
    {
        if (state.FramesReplayed == 0)
        {
            return;
        }

        JournalSlot slot = slots.First(candidate => candidate.Number == state.Position.Slot);
        byte[] bytes = new byte[state.LastFrameBytes];
        int offset = state.Position.Offset - bytes.Length;
        Invariant.Check(slot.File.Read(bytes, offset) == bytes.Length, "the last frame stands before the position");
        Invariant.Check(
            JournalFormat.TryReadFrameHeader(bytes, bytes.Length, out FrameHeader header) && JournalFormat.CrcIsValid(bytes, header, meta.Salt),
            "the last frame is the one that was replayed");
        slot.File.Write(bytes, offset);
        slot.File.DataSync();
    }

    private void Apply(RecoveredState state, JournalScan scan)
    {
        state.LastFrameBytes = (int)JournalFormat.Align(scan.Header.Length);
        var entries = new FrameEntries(scan.Frame, scan.Header);
        while (entries.MoveNext())
        {
            FrameEntry entry = entries.Current;
            LogStream? stream = state.Streams.GetValueOrDefault(entry.StreamId);
            if (FrameRules.FindMisfit(entry, stream?.Next, out RecordBatchHeader batch) is { } misfit)
            {
                throw Malformed(scan, misfit);
            }

            switch (entry.Type)
            {
                case EntryType.StreamCreated:
                    state.Streams.Add(entry.StreamId, new LogStream(entry.StreamId));
                    state.LastStreamId = Math.Max(state.LastStreamId, entry.StreamId);
                    break;
                case EntryType.Records:
                    ApplyRecords(stream!, entry, batch, scan);
                    break;
                case EntryType.State:
                    machine.Apply(stream!, entry.Bytes);
                    break;
                case EntryType.StreamDropped:
                    stream!.IsDropped = true;
                    state.Streams.Remove(stream.Id);
                    machine.StreamDropped(stream);
                    break;
            }
        }

        if (entries.Malformed)
        {
            throw Malformed(scan, "lengths that do not fit");
        }
    }

    private void ApplyRecords(LogStream stream, in FrameEntry entry, in RecordBatchHeader header, JournalScan scan)
    {
        int count = header.LastOffsetDelta + 1;
        stream.Next = header.BaseOffset + count;
        stream.LastTimestamp = Math.Max(stream.LastTimestamp, header.MaxTimestamp);
        stream.Index.AddTail(new TailBatch(
            header.BaseOffset, header.MaxTimestamp, count, scan.FrameSlot!, scan.FrameOffset + entry.Start, header.TotalBytes));
        machine.RecordsAppended(stream, header.BaseOffset, count);
    }

    // The frame's CRC was right, so these bytes are what a writer wrote: never guess past them.
    private static StorageFaultException Malformed(JournalScan scan, string what) =>
        StorageFaultException.OfDamage(JournalSlot.NameOf(scan.FrameSlot!.Number), scan.FrameOffset, $"frame {scan.Header.Lsn} holds {what}");

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
