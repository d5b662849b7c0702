using Messaging.Storage.Streams;

namespace Messaging.Storage.Journal;

/// <summary>
/// Writes one frame after the other: one positioned write, one data sync. Owned by the thread that has the <see cref="JournalDuty"/>. When a call throws,
/// the frame may or may not be on the disk, nothing was published, and the engine must stop (engine.md section 9).
/// </summary>
internal sealed class JournalWriter(JournalRing ring, int slotBytes, uint generation, uint salt, JournalSlot slot, JournalPosition position)
{
    private readonly FrameBuilder _builder = new();
    private JournalSlot _slot = slot;

    /// <summary>After the last frame written.</summary>
    public JournalPosition Position { get; private set; } = position;

    public long BytesWritten { get; private set; }

    /// <summary>Makes room for the frame: goes on in a free slot where this one is full. True when it did.</summary>
    public bool PrepareFor(PendingFrame frame)
    {
        if (Position.Offset + JournalFormat.Align(frame.Bytes) <= slotBytes)
        {
            return false;
        }

        _slot = ring.Take();
        Position = Position with { Slot = _slot.Number, Offset = 0 };
        return true;
    }

    /// <summary>Writes and syncs; then the frame's batches are readable, and who watches their streams hears of it.</summary>
    public void Write(PendingFrame frame)
    {
        _builder.Build(frame, Position.Lsn + 1, generation, salt, Position.Crc);
        int offset = Position.Offset;
        _slot.File.Write(_builder.Pieces, offset);
        _builder.Forget();
        _slot.File.DataSync();
        _slot.Frames++;
        BytesWritten += _builder.Bytes;
        Position = new JournalPosition(_slot.Number, offset + _builder.Bytes, Position.Lsn + 1, _builder.Crc);
        ring.WriterBytesLeft = slotBytes - Position.Offset;
        foreach (ref readonly BuiltBatch batch in _builder.Batches)
        {
            batch.Stream.Index.AddTail(new TailBatch(
                batch.BaseOffset, batch.MaxTimestamp, batch.Count, _slot, offset + batch.Start, batch.Length, batch.IsShared));
            batch.Stream.Synced(batch.BaseOffset + batch.Count);
        }
    }
}
