using System.Buffers.Binary;
using Messaging.Broker.Messages;
using Messaging.Storage;

namespace Messaging.Broker.Queues;

/// <summary>Reads what <see cref="EntryWriter"/> wrote. The journal's CRCs vouch for the bytes, so that what does not parse is a fault, not a refusal.</summary>
internal ref struct EntryReader(ReadOnlySpan<byte> source)
{
    private ReadOnlySpan<byte> _rest = source;

    public readonly bool AtEnd => _rest.IsEmpty;

    public byte Byte()
    {
        if (_rest.IsEmpty) throw Malformed();
        byte value = _rest[0];
        _rest = _rest[1..];
        return value;
    }

    public long Unsigned()
    {
        ulong value = 0;
        for (int i = 0; i < EntryWriter.VarintBytesMax && i < _rest.Length; i++)
        {
            byte part = _rest[i];
            value |= (ulong)(part & 0x7F) << (7 * i);
            if (part > 0x7F) continue;
            _rest = _rest[(i + 1)..];
            return (long)value;
        }

        throw Malformed();
    }

    public long Signed()
    {
        ulong raw = (ulong)Unsigned();
        return (long)(raw >> 1) ^ -(long)(raw & 1);
    }

    public LaneKey Lane()
    {
        int priority = Int32();
        if (priority >= QueueLimits.PrioritiesMax || _rest.Length < LaneKey.GroupBytes) throw Malformed();
        UInt128 group = BinaryPrimitives.ReadUInt128LittleEndian(_rest);
        _rest = _rest[LaneKey.GroupBytes..];
        return new LaneKey(group, priority);
    }

    public RetryDefinition Retry() => new()
    {
        MinSeconds = Int32(), MaxSeconds = Int32(), Factor = BitConverter.Int64BitsToDouble(Unsigned()), Jitter = BitConverter.Int64BitsToDouble(Unsigned()),
    };

    public int Int32()
    {
        long value = Unsigned();
        return value == (int)value ? (int)value : throw Malformed();
    }

    public ReadOnlySpan<byte> Bytes()
    {
        long length = Unsigned();
        if ((ulong)length > (ulong)_rest.Length) throw Malformed();
        ReadOnlySpan<byte> value = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return value;
    }

    /// <summary>So many bytes as they are.</summary>
    public ReadOnlySpan<byte> Raw(int length)
    {
        if (length > _rest.Length) throw Malformed();
        ReadOnlySpan<byte> value = _rest[..length];
        _rest = _rest[length..];
        return value;
    }

    public Hash128 Hash()
    {
        if (_rest.Length < Hash128.Bytes) throw Malformed();
        Hash128 value = Hash128.Read(_rest);
        _rest = _rest[Hash128.Bytes..];
        return value;
    }

    /// <summary>All that is left.</summary>
    public ReadOnlySpan<byte> ToEnd()
    {
        ReadOnlySpan<byte> value = _rest;
        _rest = default;
        return value;
    }

    public static StorageFaultException Malformed() =>
        new(StorageFault.Corruption, "A state entry of the broker has sound checksums and does not parse: it was written by another version, or by a bug.");
}
