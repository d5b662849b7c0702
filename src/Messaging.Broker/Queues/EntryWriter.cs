using System.Buffers.Binary;
using Messaging.Broker.Messages;

namespace Messaging.Broker.Queues;

/// <summary>Writes the varints of journal entries and snapshots into a span with room for them. Hot path: no allocation.</summary>
internal ref struct EntryWriter(Span<byte> destination)
{
    /// <summary>The longest varint.</summary>
    public const int VarintBytesMax = 10;

    private readonly Span<byte> _destination = destination;
    private int _written;

    public readonly int Length => _written;

    public readonly ReadOnlySpan<byte> Written => _destination[.._written];

    public void Byte(byte value) => _destination[_written++] = value;

    /// <summary>Unsigned, seven bits a byte, low ones first.</summary>
    public void Unsigned(long value)
    {
        ulong rest = (ulong)value;
        while (rest > 0x7F)
        {
            _destination[_written++] = (byte)(rest | 0x80);
            rest >>= 7;
        }

        _destination[_written++] = (byte)rest;
    }

    /// <summary>Zigzag.</summary>
    public void Signed(long value) => Unsigned((value << 1) ^ (value >> 63));

    /// <summary>The bytes as they are.</summary>
    public void Raw(scoped ReadOnlySpan<byte> value)
    {
        value.CopyTo(_destination[_written..]);
        _written += value.Length;
    }

    /// <summary>Priority, then the group's hash.</summary>
    public void Lane(LaneKey key)
    {
        Unsigned(key.Priority);
        BinaryPrimitives.WriteUInt128LittleEndian(_destination[_written..], key.Group);
        _written += LaneKey.GroupBytes;
    }

    /// <summary>Times, then factor and jitter as the bits of doubles.</summary>
    public void Retry(RetryDefinition retry)
    {
        Unsigned(retry.MinSeconds);
        Unsigned(retry.MaxSeconds);
        Unsigned(BitConverter.DoubleToInt64Bits(retry.Factor));
        Unsigned(BitConverter.DoubleToInt64Bits(retry.Jitter));
    }

    /// <summary>Length, then the bytes.</summary>
    public void Bytes(scoped ReadOnlySpan<byte> value)
    {
        Unsigned(value.Length);
        value.CopyTo(_destination[_written..]);
        _written += value.Length;
    }

    public void Hash(in Hash128 value)
    {
        value.Write(_destination[_written..]);
        _written += Hash128.Bytes;
    }
}
