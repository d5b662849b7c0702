using System.Buffers;

namespace Messaging.Http;

/// <summary>A growing byte buffer over the shared pool, in one piece. Owned by who made it; not thread-safe. Hot path.</summary>
public sealed class PooledBuffer(int bytesInitial) : IBufferWriter<byte>, IDisposable
{
    private byte[] _bytes = LargeBytes.Rent(bytesInitial);

    public int Length { get; private set; }

    public int Capacity => _bytes.Length;

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        int needed = Math.Max(sizeHint, 1);
        if (_bytes.Length - Length < needed)
            Grow(needed);
        return _bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Clear() => Length = 0;

    public void Dispose()
    {
        LargeBytes.Return(_bytes);
        (_bytes, Length) = ([], 0);
    }

    private void Grow(int needed)
    {
        // Twice the size costs the least copying; of large ones that would be half of a budget for nothing.
        int grown = _bytes.Length > HttpLimits.PooledBytesMax ? _bytes.Length + (_bytes.Length / 4) : 2 * _bytes.Length;
        byte[] larger = LargeBytes.Rent(Math.Max(grown, Length + needed));
        Written.Span.CopyTo(larger);
        LargeBytes.Return(_bytes);
        _bytes = larger;
    }
}
