using System.Buffers;
using Messaging.Broker.Messages;

namespace Messaging.Broker.Queues;

/// <summary>Varints into a growing buffer, for snapshots. The same forms as <see cref="EntryWriter"/>.</summary>
internal ref struct BufferEntryWriter(IBufferWriter<byte> destination)
{
    private const int ChunkBytes = 4_096;

    private Span<byte> _chunk;
    private int _used;

    public void Byte(byte value)
    {
        MakeRoom(1);
        _chunk[_used++] = value;
    }

    public void Unsigned(long value)
    {
        MakeRoom(EntryWriter.VarintBytesMax);
        var writer = new EntryWriter(_chunk[_used..]);
        writer.Unsigned(value);
        _used += writer.Length;
    }

    public void Signed(long value) => Unsigned((value << 1) ^ (value >> 63));

    public void Lane(LaneKey key)
    {
        MakeRoom(EntryWriter.VarintBytesMax + LaneKey.GroupBytes);
        var writer = new EntryWriter(_chunk[_used..]);
        writer.Lane(key);
        _used += writer.Length;
    }

    public void Retry(RetryDefinition retry)
    {
        MakeRoom(4 * EntryWriter.VarintBytesMax);
        var writer = new EntryWriter(_chunk[_used..]);
        writer.Retry(retry);
        _used += writer.Length;
    }

    /// <summary>Length, then the bytes.</summary>
    public void Bytes(scoped ReadOnlySpan<byte> value)
    {
        Unsigned(value.Length);
        Raw(value);
    }

    /// <summary>The bytes as they are.</summary>
    public void Raw(scoped ReadOnlySpan<byte> value)
    {
        Flush();
        destination.Write(value);
    }

    public void Hash(in Hash128 value)
    {
        MakeRoom(Hash128.Bytes);
        value.Write(_chunk[_used..]);
        _used += Hash128.Bytes;
    }

    /// <summary>Hands over what was written; nothing is valid before.</summary>
    public void Flush()
    {
        destination.Advance(_used);
        _chunk = default;
        _used = 0;
    }

    private void MakeRoom(int bytes)
    {
        if (_chunk.Length - _used >= bytes) return;
        if (_used > 0) Flush();
        _chunk = destination.GetSpan(ChunkBytes);
    }
}
