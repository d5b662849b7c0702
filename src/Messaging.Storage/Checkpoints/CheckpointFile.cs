using System.Buffers;
using System.Buffers.Binary;
using Messaging.Storage.Disk;
using Messaging.Storage.Journal;

namespace Messaging.Storage.Checkpoints;

/// <summary>
/// A checkpoint's bytes (docs/formats.md, "Checkpoint file"). Little endian.
/// <code>
/// header   0  4 magic "MCK1"
///          4  4 CRC-32C of the body
///          8  8 length of the body
/// body     0  8 checkpoint id      8  4 slot      12  4 offset      16  8 log sequence number      24  4 CRC of that frame
///         28  8 last stream id    36  8 last pack id
///         44  4 slot count,   per slot:   number 4, use 8
///             4 pack count,   per pack:   id 8, file bytes 8
///             4 stream count, per stream: id 8, next offset 8, last timestamp 8,
///               4 length of released offsets, bytes (OffsetSet), 4 length of snapshot, bytes (the state machine's),
///               4 extent count, per extent: pack id 8, base 8, end 8, maximum timestamp 8, first block 4, block count 4,
///                 record count 8, bytes 8
///               4 batch count, per batch of the tail: base 8, maximum timestamp 8, count 4, slot 4, position 4,
///                 length 4: negative where other streams have it too
/// </code>
/// </summary>
internal static class CheckpointFile
{
    private const uint Magic = 0x314B434D;
    private const int HeaderBytes = 16;

    /// <summary>Writes under a temporary name, syncs, renames, syncs the folder. On a failure nothing of it stays.</summary>
    public static void Write(IDisk disk, long id, ReadOnlySpan<byte> body)
    {
        string name = Checkpoint.NameOf(id);
        string temporary = name + ".new";
        try
        {
            using IDiskFile file = disk.Open(temporary, create: true);
            file.Allocate(HeaderBytes + body.Length);
            Span<byte> header = stackalloc byte[HeaderBytes];
            BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
            BinaryPrimitives.WriteUInt32LittleEndian(header[4..], Crc32C.Compute(body));
            BinaryPrimitives.WriteInt64LittleEndian(header[8..], body.Length);
            file.Write(header, 0);
            file.Write(body, HeaderBytes);
            file.SetLength(HeaderBytes + body.Length);
            file.DataSync();
        }
        catch (StorageFaultException)
        {
            if (disk.Exists(temporary))
            {
                disk.Delete(temporary);
            }

            throw;
        }

        disk.Rename(temporary, name);
        disk.SyncFolder("checkpoints");
    }

    public static Checkpoint Read(IDisk disk, long id)
    {
        string name = Checkpoint.NameOf(id);
        if (!disk.Exists(name))
        {
            throw StorageFaultException.OfDamage(name, 0, "the file is missing, and META names it");
        }

        using IDiskFile file = disk.Open(name, create: false);
        Span<byte> header = stackalloc byte[HeaderBytes];
        long length = file.Length - HeaderBytes;
        if (file.Read(header, 0) != HeaderBytes
            || BinaryPrimitives.ReadUInt32LittleEndian(header) != Magic
            || BinaryPrimitives.ReadInt64LittleEndian(header[8..]) != length
            || length > Array.MaxLength)
        {
            throw StorageFaultException.OfDamage(name, 0, "not a whole checkpoint");
        }

        byte[] body = new byte[length];
        if (file.Read(body, HeaderBytes) != length || Crc32C.Compute(body) != BinaryPrimitives.ReadUInt32LittleEndian(header[4..]))
        {
            throw StorageFaultException.OfDamage(name, HeaderBytes, "the body fails its checksum");
        }

        Checkpoint checkpoint = new BodyReader(body, name).Read();
        return checkpoint.Id == id ? checkpoint : throw StorageFaultException.OfDamage(name, HeaderBytes, $"the body is of checkpoint {checkpoint.Id}");
    }

    public static void WriteBody(
        ArrayBufferWriter<byte> body, long id, JournalPosition position, long lastStreamId, long lastPackId, IReadOnlyList<SlotUse> slots, IReadOnlyList<PackEntry> packs)
    {
        Put(body, id);
        Put(body, position.Slot);
        Put(body, position.Offset);
        Put(body, position.Lsn);
        Put(body, (int)position.Crc);
        Put(body, lastStreamId);
        Put(body, lastPackId);
        Put(body, slots.Count);
        foreach (SlotUse slot in slots)
        {
            Put(body, slot.Slot);
            Put(body, slot.Use);
        }

        Put(body, packs.Count);
        foreach (PackEntry pack in packs)
        {
            Put(body, pack.Id);
            Put(body, pack.Bytes);
        }
    }

    public static void WriteStream(ArrayBufferWriter<byte> body, StreamEntry stream)
    {
        Put(body, stream.Id);
        Put(body, stream.Next);
        Put(body, stream.LastTimestamp);
        Put(body, stream.Released.Length);
        body.Write(stream.Released.Span);
        Put(body, stream.Snapshot.Length);
        body.Write(stream.Snapshot.Span);
        Put(body, stream.Extents.Count);
        foreach (ExtentEntry extent in stream.Extents)
        {
            Put(body, extent.PackId);
            Put(body, extent.BaseOffset);
            Put(body, extent.EndOffset);
            Put(body, extent.MaxTimestamp);
            Put(body, extent.FirstBlock);
            Put(body, extent.BlockCount);
            Put(body, extent.Count);
            Put(body, extent.Bytes);
        }

        Put(body, stream.Tail.Count);
        foreach (TailEntry batch in stream.Tail)
        {
            Put(body, batch.BaseOffset);
            Put(body, batch.MaxTimestamp);
            Put(body, batch.Count);
            Put(body, batch.Slot);
            Put(body, batch.Position);
            Put(body, batch.IsShared ? -batch.Length : batch.Length);
        }
    }

    public static void Put(ArrayBufferWriter<byte> body, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(body.GetSpan(sizeof(int)), value);
        body.Advance(sizeof(int));
    }

    private static void Put(ArrayBufferWriter<byte> body, long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(body.GetSpan(sizeof(long)), value);
        body.Advance(sizeof(long));
    }

    /// <summary>Bounds-checked: the CRC has been right, but a bug of a writer must not become a wild read.</summary>
    private sealed class BodyReader(ReadOnlyMemory<byte> body, string name)
    {
        private int _position;

        public Checkpoint Read()
        {
            long id = Long();
            var position = new JournalPosition(Int(), Int(), Long(), (uint)Int());
            long lastStreamId = Long();
            long lastPackId = Long();
            var slots = new SlotUse[Count()];
            for (int i = 0; i < slots.Length; i++)
            {
                slots[i] = new SlotUse(Int(), Long());
            }

            var packs = new PackEntry[Count()];
            for (int i = 0; i < packs.Length; i++)
            {
                packs[i] = new PackEntry(Long(), Long());
            }

            var streams = new StreamEntry[Count()];
            for (int i = 0; i < streams.Length; i++)
            {
                streams[i] = new StreamEntry(Long(), Long(), Long(), Bytes(), Bytes(), Extents(), Tail());
            }

            return _position == body.Length ? new Checkpoint(id, position, lastStreamId, lastPackId, slots, packs, streams) : throw Malformed();
        }

        private ExtentEntry[] Extents()
        {
            var extents = new ExtentEntry[Count()];
            for (int i = 0; i < extents.Length; i++)
            {
                extents[i] = new ExtentEntry(Long(), Long(), Long(), Long(), Int(), Int(), Long(), Long());
            }

            return extents;
        }

        private TailEntry[] Tail()
        {
            var tail = new TailEntry[Count()];
            for (int i = 0; i < tail.Length; i++)
            {
                tail[i] = Batch(Long(), Long(), Int(), Int(), Int(), Int());
            }

            return tail;
        }

        private static TailEntry Batch(long baseOffset, long maxTimestamp, int count, int slot, int position, int length) =>
            new(baseOffset, maxTimestamp, count, slot, position, Math.Abs(length), IsShared: length < 0);

        private ReadOnlyMemory<byte> Bytes() => Take(Int());

        // No counted thing is smaller than four bytes: a lying count can't make us allocate much more than the file holds.
        private int Count()
        {
            int count = Int();
            return count >= 0 && count <= (body.Length - _position) / sizeof(int) ? count : throw Malformed();
        }

        private int Int() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)).Span);

        private long Long() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)).Span);

        private ReadOnlyMemory<byte> Take(int count)
        {
            if (count < 0 || count > body.Length - _position)
            {
                throw Malformed();
            }

            ReadOnlyMemory<byte> taken = body.Slice(_position, count);
            _position += count;
            return taken;
        }

        private StorageFaultException Malformed() => StorageFaultException.OfDamage(name, HeaderBytes + _position, "malformed");
    }
}
