using System.Buffers;
using System.IO.Pipelines;

namespace Messaging.Http;

/// <summary>
/// Writes an answer's bytes in pieces, each flushed before the next: given all at once, Kestrel would copy all of it and hold it beside ours. Not cancelled: when the client is gone, the pipe
/// swallows the bytes. One an answer; not thread-safe. Hot path.
/// </summary>
/// <param name="output">The connection's.</param>
/// <param name="pieceBytes">What Kestrel holds of the answer at most, while nobody reads.</param>
public sealed class PieceWriter(PipeWriter output, int pieceBytes)
{
    private int _unflushed;

    /// <summary>Copies the bytes out, which are the caller's again afterwards; false when nobody reads any more.</summary>
    public async ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        while (_unflushed + bytes.Length >= pieceBytes)
        {
            int piece = pieceBytes - _unflushed;
            output.Write(bytes.Span[..piece]);
            bytes = bytes[piece..];
            if (!await FlushAsync())
                return false;
        }
        output.Write(bytes.Span);
        _unflushed += bytes.Length;
        return true;
    }

    /// <summary>Sends what has been written, and waits while the client is behind; false when nobody reads any more.</summary>
    public async ValueTask<bool> FlushAsync()
    {
        _unflushed = 0;
        return !(await output.FlushAsync(CancellationToken.None)).IsCompleted;
    }
}
