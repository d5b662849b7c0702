using Messaging.Storage.Journal;
using Messaging.Storage.Meta;
using Messaging.Storage.Records;
using Messaging.Storage.Recovery;
using Messaging.Storage.Streams;

namespace Messaging.Storage.Check;

/// <summary>
/// The journal: files of at least their full size, the frames that the checkpoint covers (<see cref="CoveredFrames"/>), then those
/// behind it as recovery reads them, and whether what ends them is a torn tail, which is legal, or damage in the middle.
/// Slots that are not in use hold old frames, which nobody reads.
/// </summary>
internal sealed class JournalCheck(CheckRun run, MetaRecord meta, IReadOnlyList<JournalSlot> slots)
{
    private readonly HashSet<int> _used = [];

    public static void Run(CheckRun run)
    {
        if (run.Meta is not { } meta)
        {
            return;
        }

        List<JournalSlot> slots = [];
        foreach (string file in run.Disk.List("journal"))
        {
            string name = "journal/" + file;
            if (JournalSlot.TryParseName(name, out int number))
            {
                run.Try(name, () => slots.Add(new JournalSlot(number, run.Disk.Open(name, create: false))));
            }
        }

        run.Summary.JournalSlots = slots.Count;
        new JournalCheck(run, meta, slots).CheckAll();
        slots.ForEach(slot => slot.Dispose());
    }

    private void CheckAll()
    {
        foreach (JournalSlot slot in slots)
        {
            string name = JournalSlot.NameOf(slot.Number);
            long length = slot.File.Length;
            if (length < meta.JournalSlotBytes)
            {
                run.Add(name, length, $"the file has {length} bytes, not {meta.JournalSlotBytes}");
            }
            else if (length > meta.JournalSlotBytes)
            {
                run.Note($"{name} at {meta.JournalSlotBytes}: an index stands behind the frames, for the file is a pack, or was becoming one when a crash came");
            }
        }

        JournalPosition start = default;
        if (run.Checkpoint is { } checkpoint)
        {
            start = checkpoint.Position;
            _used.UnionWith(checkpoint.Slots.Select(slot => slot.Slot));
            new CoveredFrames(run, meta, checkpoint, slots).Check();
        }
        else if (meta.CheckpointId > 0)
        {
            return;
        }

        _used.Add(start.Slot);
        if (slots.All(slot => slot.Number != start.Slot))
        {
            run.Add(JournalSlot.NameOf(start.Slot), start.Offset, "the file is missing, and the journal goes on in it");
        }

        run.Try(JournalSlot.NameOf(start.Slot), () => CheckBehind(start));
        run.Summary.JournalSlotsUsed = _used.Count;
    }

    private void CheckBehind(JournalPosition start)
    {
        var scan = new JournalScan(slots, meta, start);
        int slot = start.Slot;
        while (scan.MoveNext())
        {
            run.Summary.Frames++;
            run.Summary.FramesAfterCheckpoint++;
            string name = JournalSlot.NameOf(scan.FrameSlot!.Number);
            if (scan.FrameSlot.Number != slot && !_used.Add(slot = scan.FrameSlot.Number))
            {
                run.Add(name, 0, "frames behind the checkpoint stand where it says that older ones still count");
            }

            CheckEntries(scan, name);
        }

        string end = JournalSlot.NameOf(scan.Position.Slot);
        if (scan.FindLaterFrame() is { } later)
        {
            run.Add(end, scan.Position.Offset, $"frame {scan.Position.Lsn + 1} is damaged or lost, and {later}: acknowledged messages may be lost");
        }
        else if (scan.EndIsTorn())
        {
            run.Note($"{end} at {scan.Position.Offset}: frame {scan.Position.Lsn + 1} is torn; nobody was told that it stands");
        }
    }

    private void CheckEntries(JournalScan scan, string name)
    {
        var entries = new FrameEntries(scan.Frame, scan.Header);
        while (entries.MoveNext())
        {
            FrameEntry entry = entries.Current;
            long position = scan.FrameOffset + entry.Start;
            CheckedStream? stream = run.Streams.GetValueOrDefault(entry.StreamId);
            if (FrameRules.FindMisfit(entry, stream is { IsDropped: false } ? stream.Next : null, out RecordBatchHeader batch) is { } misfit)
            {
                run.Add(new Damage(name, position, entry.StreamId, null, $"frame {scan.Header.Lsn} holds {misfit}"));
                continue;
            }

            switch (entry.Type)
            {
                case EntryType.StreamCreated:
                    CheckCreated(entry.StreamId, name, position);
                    break;
                case EntryType.StreamDropped:
                    stream!.IsDropped = true;
                    break;
                case EntryType.Records:
                    CheckRecords(stream!, entry, batch, name, position);
                    break;
            }
        }

        if (entries.Malformed)
        {
            run.Add(name, scan.FrameOffset, $"frame {scan.Header.Lsn} holds lengths that do not fit");
        }
    }

    private void CheckCreated(long id, string name, long position)
    {
        if (id <= (run.Checkpoint?.LastStreamId ?? 0) || !run.Streams.TryAdd(id, new CheckedStream(0, new OffsetSet())))
        {
            run.Add(new Damage(name, position, id, null, "a stream is created whose id was given before"));
        }
    }

    private void CheckRecords(CheckedStream stream, in FrameEntry entry, in RecordBatchHeader batch, string name, long position)
    {
        stream.Next = batch.LastOffset + 1;
        stream.Appended += batch.Count;
        stream.TailBytes += batch.TotalBytes;
        if (BatchCheck.FindFlaw(entry.Bytes, out _) is { } flaw)
        {
            run.Add(name, position, entry.StreamId, batch.BaseOffset, stream.Next, flaw);
        }
    }
}
