using System.Buffers;
using System.Text;

namespace Messaging.Aws.Auth;

/// <summary>
/// Bytes that grow from the caller's stack into the shared pool. Owned by the method that made it, which disposes it. Hot path: what is signed mostly
/// fits on the stack.
/// </summary>
internal ref struct ByteWriter(Span<byte> initial)
{
    private static readonly SearchValues<char> Unreserved =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~");

    private Span<byte> _bytes = initial;
    private byte[]? _rented;

    public int Length { get; private set; }

    public readonly ReadOnlySpan<byte> Written => _bytes[..Length];

    public void Append(byte value)
    {
        Reserve(1);
        _bytes[Length++] = value;
    }

    public void Append(scoped ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_bytes[Length..]);
        Length += bytes.Length;
    }

    /// <summary>As UTF-8.</summary>
    public void Append(scoped ReadOnlySpan<char> text)
    {
        Reserve(Encoding.UTF8.GetMaxByteCount(text.Length));
        Length += Encoding.UTF8.GetBytes(text, _bytes[Length..]);
    }

    /// <summary>One byte as a URI carries it: unreserved characters as they are, all else as <c>%XX</c>.</summary>
    public void AppendEncoded(byte value)
    {
        if (Unreserved.Contains((char)value))
        {
            Append(value);
            return;
        }
        Reserve(3);
        _bytes[Length++] = (byte)'%';
        _bytes[Length++] = (byte)HexDigit(value >> 4);
        _bytes[Length++] = (byte)HexDigit(value & 0xF);
    }

    /// <summary>Takes back what stands behind the first bytes.</summary>
    public void Truncate(int length) => Length = length;

    public void Dispose()
    {
        if (_rented is not null)
            ArrayPool<byte>.Shared.Return(_rented);
        _rented = null;
        _bytes = default;
        Length = 0;
    }

    private static char HexDigit(int value) => (char)(value < 10 ? '0' + value : 'A' + value - 10);

    private void Reserve(int count)
    {
        if (_bytes.Length - Length >= count)
            return;
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(2 * _bytes.Length, Length + count));
        Written.CopyTo(larger);
        if (_rented is not null)
            ArrayPool<byte>.Shared.Return(_rented);
        _bytes = _rented = larger;
    }
}
