using System.Buffers.Binary;
using System.Net.Sockets;

namespace Messaging.Sdk.Tests.Interop;

/// <summary>One way of a connection of HTTP/2: passes frame by frame, so that one more can stand between two. One caller passes, another one resets.</summary>
internal sealed class FrameWay(NetworkStream from, NetworkStream to)
{
    // Of RFC 9113, section 4.1: length u24 | type u8 | flags u8 | stream u32. Section 6: the types.
    private const int HeadBytes = 9;
    private const int Data = 0;
    private const int ResetStream = 3;
    private const int WindowUpdate = 8;

    private readonly SemaphoreSlim _turn = new(1);
    private int _resetUpTo;

    /// <summary>Until the side that sends has ended, and tells of each frame its type and its stream. What comes of a stream that was reset goes nowhere: to the other side it is over.</summary>
    public async Task PassAsync(Action<int, int> passed, CancellationToken cancellationToken)
    {
        while (true)
        {
            byte[] head = new byte[HeadBytes];
            await from.ReadExactlyAsync(head, cancellationToken);
            byte[] frame = new byte[HeadBytes + (BinaryPrimitives.ReadInt32BigEndian(head) >> 8)];
            head.CopyTo(frame, 0);
            await from.ReadExactlyAsync(frame.AsMemory(HeadBytes), cancellationToken);
            (int type, int stream) = (frame[3], BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(5)));
            await InTurnAsync(() => type is Data or ResetStream or WindowUpdate && stream != 0 && stream <= _resetUpTo ? [] : frame, cancellationToken);
            passed(type, stream);
        }
    }

    /// <summary>Sends a RST_STREAM of this stream, the last that was opened, between two frames.</summary>
    public Task ResetAsync(int stream, int code, CancellationToken cancellationToken) => InTurnAsync(() =>
    {
        _resetUpTo = stream;
        byte[] frame = [0, 0, 4, ResetStream, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(HeadBytes), code);
        return frame;
    }, cancellationToken);

    private async Task InTurnAsync(Func<byte[]> frame, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await to.WriteAsync(frame(), cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }
}
