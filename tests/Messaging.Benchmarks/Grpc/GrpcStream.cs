using System.Buffers.Binary;

namespace Messaging.Benchmarks.Grpc;

/// <summary>A stream of messages both ways, the only one of its connection. Messages that are said together go in frames that are full. Used by one thread.</summary>
internal sealed class GrpcStream : IDisposable
{
    private const int Stream = 1;
    private const int FrameBytesMax = 16_384;

    /// <summary>The stream's window is as wide as it can be, and kept so now and then.</summary>
    private const int WidenAfter = 1 << 28;

    private readonly Http2Connection _connection;
    private byte[] _out = new byte[1 << 20];
    private int _outStart;
    private int _outEnd;
    private byte[] _in = new byte[1 << 20];
    private int _inStart;
    private int _inEnd;
    private long _widened;
    private long _sent;
    private int _taken;

    public GrpcStream(int port, string path)
    {
        _connection = new Http2Connection(port);
        _connection.Frame(Http2Connection.Headers, Http2Connection.EndHeaders, Stream, Http2Connection.HeaderBlock(path, $"127.0.0.1:{port}"));
        _connection.Flush();
    }

    /// <summary>With its prefix; sent by the next <see cref="Flush"/>, as far as the server takes it.</summary>
    public void Say(ReadOnlySpan<byte> message)
    {
        int bytes = GrpcFrame.PrefixBytes + message.Length;
        if (_out.Length - _outEnd < bytes)
        {
            Compact(ref _out, ref _outStart, ref _outEnd, bytes);
        }

        _out[_outEnd] = 0;
        BinaryPrimitives.WriteInt32BigEndian(_out.AsSpan(_outEnd + 1), message.Length);
        message.CopyTo(_out.AsSpan(_outEnd + GrpcFrame.PrefixBytes));
        _outEnd += bytes;
    }

    public void Flush()
    {
        while (_outStart < _outEnd)
        {
            int bytes = (int)Math.Min(Math.Min(_outEnd - _outStart, FrameBytesMax), Math.Min(_connection.Window, _connection.InitialWindow + _widened - _sent));
            if (bytes <= 0)
            {
                break;
            }

            _connection.Frame(Http2Connection.Data, 0, Stream, _out.AsSpan(_outStart, bytes));
            _sent += bytes;
            _outStart += bytes;
        }

        _connection.Flush();
    }

    /// <summary>A message that has come whole; false where none has. Valid until the next call.</summary>
    public bool TryHear(out ReadOnlySpan<byte> message)
    {
        message = default;
        if (_inEnd - _inStart < GrpcFrame.PrefixBytes)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadInt32BigEndian(_in.AsSpan(_inStart + 1));
        if (_inEnd - _inStart < GrpcFrame.PrefixBytes + length)
        {
            return false;
        }

        message = _in.AsSpan(_inStart + GrpcFrame.PrefixBytes, length);
        _inStart += GrpcFrame.PrefixBytes + length;
        return true;
    }

    /// <summary>Waits for something from the server, and takes all that is there.</summary>
    public void Wait()
    {
        do
        {
            Http2Frame frame = _connection.Next();
            if (frame.EndsStream)
            {
                throw new InvalidOperationException("The server ended the stream.");
            }

            if (frame.Type == Http2Connection.WindowUpdate && frame.Stream == Stream)
            {
                _widened += BinaryPrimitives.ReadInt32BigEndian(frame.Payload);
            }
            else if (frame.Type == Http2Connection.Data)
            {
                Take(frame.Payload);
            }
        }
        while (_connection.HasNext);
    }

    public void Dispose() => _connection.Dispose();

    private void Take(ReadOnlySpan<byte> payload)
    {
        if (_in.Length - _inEnd < payload.Length)
        {
            Compact(ref _in, ref _inStart, ref _inEnd, payload.Length);
        }

        payload.CopyTo(_in.AsSpan(_inEnd));
        _inEnd += payload.Length;
        _taken += payload.Length;
        if (_taken >= WidenAfter)
        {
            _connection.Widen(Stream, _taken);
            _taken = 0;
        }
    }

    private static void Compact(ref byte[] buffer, ref int start, ref int end, int needed)
    {
        byte[] target = buffer.Length - (end - start) >= needed ? buffer : new byte[Math.Max(buffer.Length * 2, end - start + needed)];
        buffer.AsSpan(start, end - start).CopyTo(target);
        (buffer, start, end) = (target, 0, end - start);
    }
}
