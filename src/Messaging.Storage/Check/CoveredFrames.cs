using Messaging.Storage.Checkpoints;
using Messaging.Storage.Journal;
using Messaging.Storage.Meta;
using Messaging.Storage.Records;

namespace Messaging.Storage.Check;

/// <summary>
/// The frames that the checkpoint covers, in the slots that it keeps for their batches: nobody replays them, readers take
/// batches out of them. Each slot in use is full of frames from its start, of one chain through all generations, up to the
/// checkpoint's position or to where the writer went on in another slot. Every batch that the checkpoint names must be an
/// entry of one of them.
/// </summary>
internal sealed class CoveredFrames(CheckRun run, MetaRecord meta, Checkpoint checkpoint, IReadOnlyList<JournalSlot> slots)
{
    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(meta.JournalSlotBytes);
    private readonly Dictionary<uint, uint> _salts = [];
    private Dictionary<(int Position, long StreamId), NamedBatch> _named = [];
    private int _loaded;

    // The last good frame and where it ends, over all slots.
    private FrameHeader? _last;
    private string _lastFile = "";
    private int _lastEnd;

    public void Check()
    {
        ILookup<int, NamedBatch> named = checkpoint.Streams
            .SelectMany(stream => stream.Tail.Select(batch => new NamedBatch(stream.Id, batch)))
            .ToLookup(found => found.Batch.Slot);
        long previousUse = 0;
        foreach (SlotUse use in checkpoint.Slots.DistinctBy(slot => slot.Slot).OrderBy(slot => slot.Use))
        {
            string name = JournalSlot.NameOf(use.Slot);
            _named = [];
            foreach (NamedBatch batch in named[use.Slot])
            {
                if (!_named.TryAdd((batch.Batch.Position, batch.StreamId), batch))
                {
                    Report(name, batch, "the checkpoint names another batch at the same place");
                }
            }

            if (slots.FirstOrDefault(slot => slot.Number == use.Slot) is not { } file)
            {
                run.Add(name, 0, "the file is missing, and the checkpoint names it");
            }
            else
            {
                run.Try(name, () => CheckSlot(file, name, follows: use.Use == previousUse + 1));
            }

            foreach (NamedBatch lost in _named.Values)
            {
                Report(name, lost, "no whole frame holds the batch that the checkpoint names");
            }

            previousUse = use.Use;
        }
    }

    private void CheckSlot(JournalSlot slot, string name, bool follows)
    {
        _loaded = slot.File.Read(_bytes, 0);
        bool isLast = slot.Number == checkpoint.Position.Slot;
        int limit = isLast ? Math.Min(checkpoint.Position.Offset, _loaded) : _loaded;
        if (follows)
        {
            CheckJoint(isLast && limit == 0);
        }

        int offset = 0;
        bool isChained = false;
        while (true)
        {
            if (TryRead(offset, limit, out FrameHeader header) && (!isChained || Follows(header)))
            {
                Visit(name, offset, header);
                offset += (int)JournalFormat.Align(header.Length);
                (_last, _lastFile, _lastEnd, isChained) = (header, name, offset, true);
                continue;
            }

            int next = offset;
            do
            {
                next += StorageLimits.FrameAlignment;
            }
            while (next < limit && !TryRead(next, limit, out header));
            if (next >= limit)
            {
                break;
            }

            run.Add(name, offset, $"frames before frame {header.Lsn}, which stands at {next}, are damaged");
            (offset, isChained) = (next, false);
        }

        if (isLast && (offset != checkpoint.Position.Offset || (isChained && (_last!.Value.Lsn, _last.Value.Crc) != (checkpoint.Position.Lsn, checkpoint.Position.Crc))))
        {
            run.Add(name, offset, $"good frames end here, and the checkpoint covers frame {checkpoint.Position.Lsn}, up to {checkpoint.Position.Offset}");
        }
        else if (offset == 0 && limit > 0)
        {
            run.Add(name, 0, "the slot is in use and begins with no good frame");
        }
    }

    // The slot of the use before ended where this one begins, or else its last frames are gone.
    private void CheckJoint(bool isEmpty)
    {
        if (_last is not { } last)
        {
            return;
        }

        FrameHeader first = default;
        bool fits = isEmpty
            ? (last.Lsn, last.Crc) == (checkpoint.Position.Lsn, checkpoint.Position.Crc)
            : !TryRead(0, _loaded, out first) || Follows(first);
        if (!fits)
        {
            long end = isEmpty ? checkpoint.Position.Lsn : first.Lsn - 1;
            run.Add(_lastFile, _lastEnd, $"frames {last.Lsn + 1} to {end}, which stood here, are damaged");
        }
    }

    private bool Follows(in FrameHeader header) => header.Lsn == _last!.Value.Lsn + 1 && header.PreviousCrc == _last.Value.Crc;

    // A whole frame that is newer than all before: what older uses of the slot have left behind does not count.
    private bool TryRead(int offset, int limit, out FrameHeader header)
    {
        header = default;
        ReadOnlySpan<byte> bytes = _bytes.AsSpan(offset, Math.Max(0, limit - offset));
        return JournalFormat.TryReadFrameHeader(bytes, bytes.Length, out header)
            && header.Lsn > (_last?.Lsn ?? 0)
            && header.Lsn <= checkpoint.Position.Lsn
            && header.Generation <= meta.Generation
            && JournalFormat.CrcIsValid(bytes, header, SaltOf(header.Generation));
    }

    private uint SaltOf(uint generation)
    {
        if (!_salts.TryGetValue(generation, out uint salt))
        {
            _salts.Add(generation, salt = MetaRecord.SaltOf(meta.Seed.Span, generation));
        }

        return salt;
    }

    private void Visit(string name, int offset, in FrameHeader header)
    {
        run.Summary.Frames++;
        var entries = new FrameEntries(_bytes.AsSpan(offset), header);
        while (entries.MoveNext())
        {
            FrameEntry entry = entries.Current;
            if (entry.Type != EntryType.Records || !_named.TryGetValue((offset + entry.Start, entry.StreamId), out NamedBatch named))
            {
                continue;
            }

            TailEntry batch = named.Batch;
            string? flaw = BatchCheck.FindFlaw(entry.Bytes, out RecordBatchHeader found);
            bool isNamed = (found.BaseOffset, found.LastOffsetDelta + 1, found.TotalBytes, entry.BaseOffset, entry.IsShared)
                == (batch.IsShared ? 0 : batch.BaseOffset, batch.Count, batch.Length, batch.BaseOffset, batch.IsShared);
            if (flaw is not null || !isNamed)
            {
                Report(name, named, flaw ?? "another batch stands here than the checkpoint names");
            }

            _named.Remove((batch.Position, named.StreamId));
        }

        if (entries.Malformed)
        {
            run.Add(name, offset, $"frame {header.Lsn} holds lengths that do not fit");
        }
    }

    private void Report(string name, in NamedBatch named, string what) => run.Add(
        name, named.Batch.Position, named.StreamId, named.Batch.BaseOffset, named.Batch.BaseOffset + named.Batch.Count, what);

    private readonly record struct NamedBatch(long StreamId, TailEntry Batch);
}
