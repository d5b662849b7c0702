using Messaging.Storage.Journal;
using Messaging.Storage.Meta;
using Messaging.Storage.Records;
using Messaging.Storage.Streams;

namespace Messaging.Storage.Recovery;

/// <summary>
/// Folds the journal's frames after the checkpoint into the state (engine.md section 6). A torn tail is cut; damage in the
/// middle refuses, unless an operator has accepted the loss. Used once.
/// </summary>
internal sealed class JournalReplay(RecoveredState state, LogEngineOptions options, IStateMachine machine)
{
    /// <summary>The state is that of the last good frame when it returns. <paramref name="isOtherMetaLost"/>: see <see cref="MetaFile.ReadNewest"/>.</summary>
    public void Run(bool isOtherMetaLost)
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

            Apply(scan);
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

        WriteLastFrameAgain(meta, slots);
        state.NeedsCheckpoint = true;
    }

    private void WriteLastFrameAgain(MetaRecord meta, IReadOnlyList<JournalSlot> slots)
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

    private void Apply(JournalScan scan)
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
        if ((entry.Flags & EntryFlags.ProducerTime) == 0)
        {
            stream.LastTimestamp = Math.Max(stream.LastTimestamp, header.MaxTimestamp);
        }

        stream.Index.AddTail(new TailBatch(
            header.BaseOffset, header.MaxTimestamp, count, scan.FrameSlot!, scan.FrameOffset + entry.Start, header.TotalBytes, entry.IsShared));
        machine.RecordsAppended(stream, header);
    }

    // The frame's CRC was right, so these bytes are what a writer wrote: never guess past them.
    private static StorageFaultException Malformed(JournalScan scan, string what) =>
        StorageFaultException.OfDamage(JournalSlot.NameOf(scan.FrameSlot!.Number), scan.FrameOffset, $"frame {scan.Header.Lsn} holds {what}");
}
