using Messaging.Storage.Journal;
using Messaging.Storage.Meta;

namespace Messaging.Storage.Recovery;

/// <summary>
/// Reads the frames after a position in the order of their numbers, one slot in memory at a time. A frame counts when its
/// generation, number, predecessor's CRC and own salted CRC are right.
/// </summary>
internal sealed class JournalScan(IReadOnlyList<JournalSlot> slots, MetaRecord meta, JournalPosition start)
{
    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(meta.JournalSlotBytes);
    private readonly uint _salt = meta.Salt;
    private readonly uint _nextSalt = MetaRecord.SaltOf(meta.Seed.Span, meta.Generation + 1);
    private int _loadedSlot = -1;
    private int _loadedBytes;

    /// <summary>After the last frame read.</summary>
    public JournalPosition Position { get; private set; } = start;

    /// <summary>The frame that <see cref="MoveNext"/> found: its slot, where it begins there, and its bytes.</summary>
    public JournalSlot? FrameSlot { get; private set; }

    public int FrameOffset { get; private set; }

    public FrameHeader Header { get; private set; }

    public ReadOnlySpan<byte> Frame => _bytes.AsSpan(FrameOffset, Header.Length);

    public bool MoveNext()
    {
        JournalSlot? current = slots.FirstOrDefault(slot => slot.Number == Position.Slot);
        if (current is not null && TryReadAt(current, Position.Offset))
        {
            return true;
        }

        // The writer goes on at the start of another slot when a frame does not fit into the rest of this one.
        foreach (JournalSlot slot in slots)
        {
            if (slot.Number != Position.Slot && StartsWith(slot, Position.Lsn + 1) && TryReadAt(slot, 0))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// After the last good frame: a valid frame of this generation with a later number says that what is missing before it was
    /// synced once (engine.md section 6); one of the next generation, that a META was. Null for a torn tail.
    /// </summary>
    public string? FindLaterFrame()
    {
        foreach (JournalSlot slot in slots)
        {
            Load(slot);
            for (int offset = 0; offset + JournalFormat.FrameHeaderBytes <= _loadedBytes; offset += StorageLimits.FrameAlignment)
            {
                ReadOnlySpan<byte> bytes = _bytes.AsSpan(offset, _loadedBytes - offset);
                if (JournalFormat.TryReadFrameHeader(bytes, bytes.Length, out FrameHeader header)
                    && header.Lsn > Position.Lsn
                    && ((header.Generation == meta.Generation && JournalFormat.CrcIsValid(bytes, header, _salt))
                        || (header.Generation == meta.Generation + 1 && JournalFormat.CrcIsValid(bytes, header, _nextSalt))))
                {
                    return $"{JournalSlot.NameOf(slot.Number)} at {offset} holds frame {header.Lsn} of generation {header.Generation}";
                }
            }
        }

        return null;
    }

    /// <summary>After the last good frame stands the beginning of the next one, which did not become whole.</summary>
    public bool EndIsTorn()
    {
        if (slots.FirstOrDefault(slot => slot.Number == Position.Slot) is not { } slot)
        {
            return false;
        }

        Load(slot);
        ReadOnlySpan<byte> bytes = _bytes.AsSpan(0, _loadedBytes);
        return Position.Offset < bytes.Length
            && JournalFormat.TryReadFrameHeader(bytes[Position.Offset..], int.MaxValue, out FrameHeader header)
            && header.Generation == meta.Generation
            && header.Lsn == Position.Lsn + 1;
    }

    private static bool StartsWith(JournalSlot slot, long lsn)
    {
        Span<byte> bytes = stackalloc byte[JournalFormat.FrameHeaderBytes];
        return slot.File.Read(bytes, 0) == bytes.Length
            && JournalFormat.TryReadFrameHeader(bytes, int.MaxValue, out FrameHeader header)
            && header.Lsn == lsn;
    }

    private bool TryReadAt(JournalSlot slot, int offset)
    {
        Load(slot);
        ReadOnlySpan<byte> bytes = _bytes.AsSpan(0, _loadedBytes);
        if (offset >= bytes.Length)
        {
            return false;
        }

        bytes = bytes[offset..];
        if (!JournalFormat.TryReadFrameHeader(bytes, bytes.Length, out FrameHeader header)
            || header.Generation != meta.Generation
            || header.Lsn != Position.Lsn + 1
            || header.PreviousCrc != Position.Crc
            || !JournalFormat.CrcIsValid(bytes, header, _salt))
        {
            return false;
        }

        (FrameSlot, FrameOffset, Header) = (slot, offset, header);
        Position = new JournalPosition(slot.Number, offset + (int)JournalFormat.Align(header.Length), header.Lsn, header.Crc);
        return true;
    }

    private void Load(JournalSlot slot)
    {
        if (_loadedSlot != slot.Number)
        {
            _loadedBytes = slot.File.Read(_bytes, 0);
            _loadedSlot = slot.Number;
        }
    }
}
