namespace Messaging.Broker.Records;

/// <summary>
/// Bytes for a stream of gzip, told so that its end can be seen: of itself it takes a stream that was cut short for a whole one, and passes over what comes
/// after a member. The last bytes go out one by one, so that no buffer holds what is not needed, and then some that neither begin a member nor end one. A stream that
/// ends with the source has looked at exactly one of those. Lives while its memory is fixed.
/// </summary>
internal sealed unsafe class GzipFeed(byte* bytes, int length) : Stream
{
    /// <summary>A member's CRC and length, which the framework checks, and the two bytes that would begin another member.</summary>
    private const int TailBytes = 10;

    /// <summary>More than a member that was cut within its last bytes can still take.</summary>
    private const int PaddingBytes = 16;

    // As the last byte of a member's length it would say 4 GiB, so that it can't stand for one that is missing.
    private const byte Padding = 0xFF;

    private int _position;

    /// <summary>Once the stream has ended: whether it did so with the last byte of the source.</summary>
    public bool EndedExactly => _position == length + 1;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty || _position == length + PaddingBytes) return 0;
        int whole = length - TailBytes - _position;
        if (whole > 0)
        {
            int count = Math.Min(whole, buffer.Length);
            new ReadOnlySpan<byte>(bytes + _position, count).CopyTo(buffer);
            _position += count;
            return count;
        }

        buffer[0] = _position < length ? bytes[_position] : Padding;
        _position++;
        return 1;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
