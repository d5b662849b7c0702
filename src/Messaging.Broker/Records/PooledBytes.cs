using System.Buffers;

namespace Messaging.Broker.Records;

/// <summary>
/// Bytes in memory of the pool, which grows as they come and up to a bound, whatever anybody announced. Owned by who makes it, which also gives the memory
/// back; for one thread at a time. What it hands out is good until the next <see cref="Room"/>.
/// </summary>
/// <param name="bytesMax">The bound.</param>
/// <param name="isCounted">It counts in <see cref="DecompressedMemory"/>, which may leave it less room than it has.</param>
internal sealed class PooledBytes(int bytesMax, bool isCounted = false) : IDisposable
{
    private const int BytesFirst = 4 * 1024;
    private byte[] _bytes = [];
    private long _counted;

    /// <summary>What came had no room because others have it: <see cref="DecompressedMemory.TooMuch"/>.</summary>
    public bool IsRefused { get; private set; }

    /// <summary>Bytes so far. One more than the bound says that what came was too much: a stream that goes on is told so from one that ends there.</summary>
    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Length);

    /// <summary>The bytes so far, to be changed in place.</summary>
    public Span<byte> Writable => _bytes.AsSpan(0, Length);

    /// <summary>Memory after the bytes so far, of at least <paramref name="bytesMin"/>; less only where the bound leaves less, and empty beyond it.</summary>
    public Span<byte> Room(int bytesMin)
    {
        if (_bytes.Length - Length < bytesMin) Grow(bytesMin);
        long free = Math.Min(_bytes.Length, bytesMax + 1L) - Length;
        return _bytes.AsSpan(Length, (int)free);
    }

    /// <summary>That many bytes of the room are written.</summary>
    public void Advance(int bytes)
    {
        Invariant.Check(bytes >= 0 && bytes <= _bytes.Length - Length, "Nobody writes more than there is room.");
        Length += bytes;
    }

    /// <summary>Forgets the bytes and keeps the memory.</summary>
    public void Clear() => Length = 0;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_bytes.Length > 0) ArrayPool<byte>.Shared.Return(_bytes);
        if (_counted > 0) DecompressedMemory.Return(_counted);
        (_bytes, _counted) = ([], 0);
        Length = 0;
    }

    private void Grow(int bytesMin)
    {
        long wanted = Math.Max(Length + (long)bytesMin, Math.Max(2L * _bytes.Length, BytesFirst));
        int capacity = (int)Math.Min(wanted, Math.Min(bytesMax + 1L, Array.MaxLength));
        if (capacity <= _bytes.Length) return;
        if (isCounted && !TryCount(capacity)) return;
        byte[] larger = ArrayPool<byte>.Shared.Rent(capacity);
        Span.CopyTo(larger);
        if (_bytes.Length > 0) ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }

    private bool TryCount(int capacity)
    {
        IsRefused = !DecompressedMemory.TryTake(capacity - _counted);
        if (!IsRefused) _counted = capacity;
        return !IsRefused;
    }
}
