using System.Buffers;
using Messaging.Storage.Checkpoints;
using Messaging.Storage.Journal;
using Messaging.Storage.Meta;
using Messaging.Storage.Packs;
using Messaging.Storage.Streams;

namespace Messaging.Storage.Maintenance;

/// <summary>
/// Takes checkpoints: state inside the sequencer into memory, then, once the journal is synced up to that moment, the file,
/// then META; only then are slots retired and packs deleted (engine.md invariants 4, 5 and 7). Owned by the maintenance thread.
/// </summary>
internal sealed class Checkpointer(EngineParts parts, IStateMachine machine, Action<JournalMark> waitFor, MetaRecord meta) : IDisposable
{
    private readonly MetaFile _metaFile = new(parts.Disk);
    private readonly List<string> _garbage = [];
    private int _snapshotBytes;
    private int _snapshotStreams;
    private Dictionary<long, Pack> _packs = [];

    public MetaRecord Meta { get; private set; } = meta;

    /// <summary>The journal's position that the newest checkpoint covers.</summary>
    public JournalPosition Position { get; private set; }

    public IReadOnlyDictionary<long, Pack> Packs => _packs;

    public long LastPackId { get; private set; }

    public void Restore(Dictionary<long, Pack> packs, long lastPackId, JournalPosition position) =>
        (_packs, LastPackId, Position) = (packs, lastPackId, position);

    /// <summary>Size of the newest checkpoint of this process. Bytes.</summary>
    public long LastBytes { get; private set; }

    public long NextPackId() => ++LastPackId;

    /// <summary>Writing META failed: nothing is known about the folder's root any more, the engine must stop.</summary>
    public bool MetaHasFailed { get; private set; }

    /// <summary>A pack that the next checkpoint will name, unless it is dead by then.</summary>
    public void Add(Pack pack) => _packs.Add(pack.Id, pack);

    /// <summary>META alone: a new generation on the same checkpoint, after a clean stop.</summary>
    public void BeginGeneration() => WriteMeta(Meta.CheckpointId, Meta.Generation + 1, isClean: false);

    /// <summary>Durable when it returns. On a full disk it throws and everything is as before.</summary>
    public void Take(uint generation, bool isClean)
    {
        var snapshots = new StreamSnapshots(_snapshotBytes, _snapshotStreams);
        JournalMark mark;
        long lastStreamId;
        lock (parts.Queue.Gate)
        {
            lastStreamId = parts.Streams.LastId;
            snapshots.Take(parts.Streams.System, machine);
            foreach (LogStream stream in parts.Streams.ToArray())
            {
                if (stream.Id != 0)
                {
                    snapshots.Take(stream, machine);
                }
            }

            mark = parts.Queue.Mark();
        }

        (_snapshotBytes, _snapshotStreams) = (snapshots.Bytes.Length, snapshots.Streams.Count);
        waitFor(mark);
        JournalPosition position = mark.Wait();
        StreamPlaces[] places = CollectPlaces(snapshots);
        var live = new HashSet<JournalSlot>(places.SelectMany(place => place.Tail).Select(batch => batch.Slot));
        JournalSlot current = parts.Ring.Get(position.Slot);
        JournalSlot[] used = [.. parts.Ring.Slots.Where(slot => slot.Use > 0)];
        JournalSlot[] kept = [.. used.Where(slot => slot.Use >= current.Use || live.Contains(slot))];
        Dictionary<long, Pack> packs = places.SelectMany(place => place.Extents).Select(extent => extent.Pack).Distinct().ToDictionary(pack => pack.Id);

        var body = new ArrayBufferWriter<byte>(64 << 10);
        long id = Meta.CheckpointId + 1;
        CheckpointFile.WriteBody(
            body, id, position, lastStreamId, LastPackId,
            [.. kept.Where(slot => slot.Use <= current.Use).Select(slot => new SlotUse(slot.Number, slot.Use))],
            [.. packs.Values.Select(pack => new PackEntry(pack.Id, pack.Bytes))]);
        WriteStreams(body, snapshots, places);
        CheckpointFile.Write(parts.Disk, id, body.WrittenSpan);
        LastBytes = body.WrittenCount;

        long old = Meta.CheckpointId;
        WriteMeta(id, generation, isClean);
        Position = position;
        Release(old, used.Except(kept), packs);
    }

    public void Dispose() => _metaFile.Dispose();

    private static StreamPlaces[] CollectPlaces(StreamSnapshots snapshots)
    {
        var places = new StreamPlaces[snapshots.Streams.Count];
        for (int i = 0; i < places.Length; i++)
        {
            StreamSnapshots.Taken taken = snapshots.Streams[i];
            (PackExtent[] extents, TailBatch[] tail) = taken.Stream.Index.Copy();

            // Batches after the snapshot belong to frames that recovery reads again.
            int count = tail.Length;
            while (count > 0 && tail[count - 1].BaseOffset >= taken.Next)
            {
                count--;
            }

            places[i] = new StreamPlaces(extents, new ArraySegment<TailBatch>(tail, 0, count));
        }

        return places;
    }

    private static void WriteStreams(ArrayBufferWriter<byte> body, StreamSnapshots snapshots, StreamPlaces[] places)
    {
        CheckpointFile.Put(body, places.Length);
        for (int i = 0; i < places.Length; i++)
        {
            StreamSnapshots.Taken taken = snapshots.Streams[i];
            CheckpointFile.WriteStream(body, new StreamEntry(
                taken.Stream.Id,
                taken.Next,
                taken.LastTimestamp,
                snapshots.Bytes.Slice(taken.Start, taken.ReleasedBytes),
                snapshots.Bytes.Slice(taken.Start + taken.ReleasedBytes, taken.SnapshotBytes),
                [.. places[i].Extents.Select(extent => new ExtentEntry(
                    extent.Pack.Id, extent.BaseOffset, extent.EndOffset, extent.MaxTimestamp, extent.FirstBlock, extent.BlockCount, extent.Count, extent.Bytes))],
                [.. places[i].Tail.Select(batch => new TailEntry(
                    batch.BaseOffset, batch.MaxTimestamp, batch.Count, batch.Slot.Number, batch.Position, batch.Length, batch.IsShared))]));
        }
    }

    private void WriteMeta(long checkpointId, uint generation, bool isClean)
    {
        MetaRecord next = Meta with { Counter = Meta.Counter + 1, CheckpointId = checkpointId, Generation = generation, IsClean = isClean };
        MetaHasFailed = true;
        _metaFile.Write(next);
        MetaHasFailed = false;
        Meta = next;
    }

    private void Release(long oldCheckpoint, IEnumerable<JournalSlot> retired, Dictionary<long, Pack> packs)
    {
        foreach (JournalSlot slot in retired)
        {
            parts.Ring.Retire(slot);
        }

        parts.Admission.Pulse();
        foreach (Pack pack in _packs.Values.Where(pack => !packs.ContainsKey(pack.Id)))
        {
            pack.Doom();
            _garbage.Add(pack.Name);
        }

        _packs = packs;
        if (oldCheckpoint > 0)
        {
            _garbage.Add(Checkpoint.NameOf(oldCheckpoint));
        }

        _garbage.RemoveAll(TryDelete);
    }

    // A file that can't be deleted now costs its space until the next checkpoint, or the next start, tries again.
    private bool TryDelete(string name)
    {
        try
        {
            if (parts.Disk.Exists(name))
            {
                parts.Disk.Delete(name);
            }

            return true;
        }
        catch (StorageFaultException)
        {
            return false;
        }
    }

    private readonly record struct StreamPlaces(PackExtent[] Extents, ArraySegment<TailBatch> Tail);
}
