using Messaging.Storage.Checkpoints;
using Messaging.Storage.Journal;
using Messaging.Storage.Packs;
using Messaging.Storage.Streams;

namespace Messaging.Storage.Check;

/// <summary>The checkpoint that META names: checksum, structure, and that all that it says fits together and to the files.</summary>
internal sealed class CheckpointCheck
{
    private readonly CheckRun _run;
    private readonly Checkpoint _checkpoint;
    private readonly string _name;
    private readonly int _slotBytes;
    private readonly HashSet<int> _slots = [];
    private readonly HashSet<long> _packs = [];

    private CheckpointCheck(CheckRun run, Checkpoint checkpoint) =>
        (_run, _checkpoint, _name, _slotBytes) = (run, checkpoint, Checkpoint.NameOf(checkpoint.Id), run.Meta!.JournalSlotBytes);

    public static void Run(CheckRun run)
    {
        if (run.Meta is not { CheckpointId: > 0 } meta)
        {
            run.Streams.Add(0, new CheckedStream(0, new OffsetSet()));
            return;
        }

        Checkpoint? read = null;
        run.Try(Checkpoint.NameOf(meta.CheckpointId), () => read = CheckpointFile.Read(run.Disk, meta.CheckpointId));
        if (read is not null)
        {
            run.Checkpoint = read;
            new CheckpointCheck(run, read).CheckAll();
        }
    }

    private void CheckAll()
    {
        CheckSlots();
        CheckPacks();
        foreach (StreamEntry stream in _checkpoint.Streams)
        {
            Require(stream.Id >= 0 && stream.Id <= _checkpoint.LastStreamId, stream, "the stream's id was never given");
            CheckStream(stream);
        }

        Require(_checkpoint.Streams is [{ Id: 0 }, ..], "the system stream does not come first");
    }

    private void CheckSlots()
    {
        var uses = new HashSet<long>();
        foreach (SlotUse slot in _checkpoint.Slots)
        {
            Require(_slots.Add(slot.Slot) && uses.Add(slot.Use) && slot is { Slot: >= 0, Use: > 0 }, $"the use of journal slot {slot.Slot} is not possible");
        }

        JournalPosition position = _checkpoint.Position;
        Require(_slots.Contains(position.Slot), $"the journal goes on in slot {position.Slot}, which is not in use");
        Require(
            position.Offset >= 0 && position.Offset <= _slotBytes && position.Offset % StorageLimits.FrameAlignment == 0 && position.Lsn >= 0,
            $"the journal can't go on at {position.Offset} behind frame {position.Lsn}");
    }

    private void CheckPacks()
    {
        HashSet<long> named = [.. _checkpoint.Streams.SelectMany(stream => stream.Extents).Select(extent => extent.PackId)];
        foreach (PackEntry pack in _checkpoint.Packs)
        {
            Require(_packs.Add(pack.Id) && pack.Id > 0 && pack.Id <= _checkpoint.LastPackId, $"pack {pack.Id} is listed twice, or its id was never given");
            Require(named.Contains(pack.Id), $"no extent stands in {Pack.NameOf(pack.Id)}");
        }
    }

    private void CheckStream(StreamEntry stream)
    {
        var released = new OffsetSet();
        _run.Try(_name, () =>
        {
            released = OffsetSetCodec.Read(stream.Released.Span, out int bytes);
            Require(bytes == stream.Released.Length, stream, "bytes stand behind the set of released offsets");
        });
        if (stream.Next < released.Low || stream.Next > OffsetSet.OffsetMax)
        {
            Require(false, stream, $"the next offset can't be {stream.Next}");
            return;
        }

        Require(released.CountAboveLow == released.CountIn(released.Low, stream.Next), stream, "offsets are released that were never given");
        var state = new CheckedStream(stream.Next, released) { TailBytes = stream.Tail.Sum(batch => (long)batch.Length) };
        Require(_run.Streams.TryAdd(stream.Id, state), stream, "the stream is listed twice");
        CheckPlaces(stream, state);
        foreach (TailEntry batch in stream.Tail)
        {
            CheckBatch(stream, batch);
        }
    }

    // Sorted, disjoint, below the next offset; and no living offset between them. A batch that can't be read stays in the
    // journal when those around it have moved into extents.
    private void CheckPlaces(StreamEntry stream, CheckedStream state)
    {
        foreach (ExtentEntry extent in stream.Extents)
        {
            Require(_packs.Contains(extent.PackId), stream, $"an extent stands in pack {extent.PackId}, which is not listed");
            Require(
                extent is { Count: > 0, Bytes: > 0, BlockCount: > 0, FirstBlock: >= 0 } && extent.Count <= extent.EndOffset - extent.BaseOffset,
                stream, $"an extent of {extent.Count} records in {extent.BlockCount} blocks is not possible");
        }

        Require(IsSorted(stream.Extents.Select(extent => extent.BaseOffset)), stream, "extents are out of order");
        Require(IsSorted(stream.Tail.Select(batch => batch.BaseOffset)), stream, "batches are out of order");
        long end = 0;
        foreach ((long baseOffset, long endOffset) in stream.Extents.Select(extent => (extent.BaseOffset, extent.EndOffset))
            .Concat(stream.Tail.Select(batch => (batch.BaseOffset, EndOffset: batch.BaseOffset + batch.Count)))
            .Append((stream.Next, stream.Next))
            .Order())
        {
            CheckPlace(stream, state, baseOffset, endOffset, ref end);
        }
    }

    private void CheckPlace(StreamEntry stream, CheckedStream state, long baseOffset, long endOffset, ref long end)
    {
        if (baseOffset < end || endOffset < baseOffset || endOffset > stream.Next)
        {
            Require(false, stream, $"offsets {baseOffset} to {endOffset - 1} overlap others or were never given");
        }
        else if (state.CountLiving(end, baseOffset) is > 0 and var lost)
        {
            _run.Add(_name, 0, stream.Id, end, baseOffset, $"{lost} records that live stand nowhere");
        }

        end = Math.Max(end, Math.Min(endOffset, stream.Next));
    }

    private static bool IsSorted(IEnumerable<long> offsets) => offsets.Zip(offsets.Skip(1)).All(pair => pair.First < pair.Second);

    private void CheckBatch(StreamEntry stream, in TailEntry batch)
    {
        int limit = batch.Slot == _checkpoint.Position.Slot ? _checkpoint.Position.Offset : _slotBytes;
        Require(
            _slots.Contains(batch.Slot) && batch.Count > 0 && batch.Length > 0
            && batch.Position >= JournalFormat.FrameHeaderBytes + JournalFormat.EntryHeaderBytes && batch.Position <= limit - batch.Length,
            stream, $"a batch of {batch.Length} bytes can't stand in slot {batch.Slot} at {batch.Position}");
    }

    private void Require(bool holds, string what)
    {
        if (!holds)
        {
            _run.Add(_name, 0, what);
        }
    }

    private void Require(bool holds, StreamEntry stream, string what)
    {
        if (!holds)
        {
            _run.Add(new Damage(_name, 0, stream.Id, null, what));
        }
    }
}
