using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Messaging.Benchmarks.Grpc;

/// <summary>
/// HTTP/2 (RFC 9113) as a load needs it: frames out of one buffer, one system call for all that is to be sent, and no allocation. The server may send as much as it likes; how much it takes is kept to. Used by one
/// thread.
/// </summary>
internal sealed class Http2Connection : IDisposable
{
    public const byte Data = 0, Headers = 1, ResetStream = 3, Settings = 4, Ping = 6, GoAway = 7, WindowUpdate = 8;
    public const byte EndStream = 1, Acknowledge = 1, EndHeaders = 4;

    private const int FrameHeaderBytes = 9;
    private const int InitialWindowSetting = 4;
    private const int WindowMax = int.MaxValue;
    private const int WindowDefault = 65_535;

    private const int WidenAfter = 1 << 28;

    private static readonly byte[] Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] _out = new byte[1 << 20];
    private int _outCount;
    private byte[] _in = new byte[1 << 20];
    private int _inStart;
    private int _inEnd;
    private int _taken;

    public Http2Connection(int port)
    {
        _socket.Connect(IPAddress.Loopback, port);
        Append(Preface);
        Span<byte> window = stackalloc byte[6];
        BinaryPrimitives.WriteUInt16BigEndian(window, InitialWindowSetting);
        BinaryPrimitives.WriteInt32BigEndian(window[2..], WindowMax);
        Frame(Settings, 0, 0, window);
        Widen(0, WindowMax - WindowDefault);
    }

    /// <summary>What the server takes on a new stream before it says more.</summary>
    public int InitialWindow { get; private set; } = WindowDefault;

    /// <summary>What the server takes on all streams together before it says more.</summary>
    public long Window { get; private set; } = WindowDefault;

    /// <summary>A block of header fields without compression, as RFC 7541 has them.</summary>
    public static byte[] HeaderBlock(string path, string authority)
    {
        var block = new List<byte>();
        foreach ((string name, string value) in ((string, string)[])
            [(":method", "POST"), (":scheme", "http"), (":path", path), (":authority", authority), ("content-type", "application/grpc"), ("te", "trailers")])
        {
            block.Add(0);
            block.Add((byte)name.Length);
            block.AddRange(Encoding.ASCII.GetBytes(name));
            block.Add((byte)value.Length);
            block.AddRange(Encoding.ASCII.GetBytes(value));
        }

        return [.. block];
    }

    /// <summary>To be sent by the next <see cref="Flush"/>.</summary>
    public void Frame(byte type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        Reserve(FrameHeaderBytes + payload.Length);
        Span<byte> header = _out.AsSpan(_outCount);
        BinaryPrimitives.WriteInt32BigEndian(header, (payload.Length << 8) | type);
        header[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(header[5..], stream);
        payload.CopyTo(header[FrameHeaderBytes..]);
        _outCount += FrameHeaderBytes + payload.Length;
        if (type == Data)
        {
            Window -= payload.Length;
        }
    }

    /// <summary>The server may send so many bytes more on the stream.</summary>
    public void Widen(int stream, int bytes)
    {
        Span<byte> payload = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(payload, bytes);
        Frame(WindowUpdate, 0, stream, payload);
    }

    public void Flush()
    {
        ReadOnlySpan<byte> left = _out.AsSpan(0, _outCount);
        while (left.Length > 0)
        {
            left = left[_socket.Send(left)..];
        }

        _outCount = 0;
    }

    /// <summary>Waits for a next frame, which is valid until the one after it. Frames of the connection are answered here.</summary>
    public Http2Frame Next()
    {
        while (true)
        {
            while (_inEnd - _inStart < FrameHeaderBytes)
            {
                Fill();
            }

            int length = BinaryPrimitives.ReadInt32BigEndian(_in.AsSpan(_inStart)) >>> 8;
            while (_inEnd - _inStart < FrameHeaderBytes + length)
            {
                Fill();
            }

            ReadOnlySpan<byte> header = _in.AsSpan(_inStart, FrameHeaderBytes);
            var frame = new Http2Frame(header[3], header[4], BinaryPrimitives.ReadInt32BigEndian(header[5..]), _in.AsSpan(_inStart + FrameHeaderBytes, length));
            _inStart += FrameHeaderBytes + length;
            if (!Handle(frame))
            {
                return frame;
            }
        }
    }

    /// <summary>Another frame has come already.</summary>
    public bool HasNext => _inEnd - _inStart >= FrameHeaderBytes && _inEnd - _inStart >= FrameHeaderBytes + (BinaryPrimitives.ReadInt32BigEndian(_in.AsSpan(_inStart)) >>> 8);

    public void Dispose() => _socket.Dispose();

    private bool Handle(in Http2Frame frame)
    {
        switch (frame.Type)
        {
            case Settings when (frame.Flags & Acknowledge) == 0:
                for (ReadOnlySpan<byte> left = frame.Payload; left.Length > 0; left = left[6..])
                {
                    if (BinaryPrimitives.ReadUInt16BigEndian(left) == InitialWindowSetting)
                    {
                        InitialWindow = BinaryPrimitives.ReadInt32BigEndian(left[2..]);
                    }
                }

                Frame(Settings, Acknowledge, 0, []);
                Flush();
                return true;
            case Settings:
                return true;
            case Ping when (frame.Flags & Acknowledge) == 0:
                Frame(Ping, Acknowledge, 0, frame.Payload);
                Flush();
                return true;
            case WindowUpdate when frame.Stream == 0:
                Window += BinaryPrimitives.ReadInt32BigEndian(frame.Payload);
                // Who waits for it looks again.
                return false;
            case Data:
                // Its window is as wide as it can be, and kept so now and then.
                _taken += frame.Payload.Length;
                if (_taken >= WidenAfter)
                {
                    Widen(0, _taken);
                    _taken = 0;
                }

                return false;
            case GoAway or ResetStream:
                throw new InvalidOperationException($"The server ended the stream {frame.Stream}: {Convert.ToHexString(frame.Payload)}");
            default:
                return false;
        }
    }

    private void Fill()
    {
        if (_inStart == _inEnd)
        {
            (_inStart, _inEnd) = (0, 0);
        }
        else if (_in.Length - _inEnd < _in.Length / 2)
        {
            _in.AsSpan(_inStart, _inEnd - _inStart).CopyTo(_in);
            (_inStart, _inEnd) = (0, _inEnd - _inStart);
        }

        int read = _socket.Receive(_in.AsSpan(_inEnd));
        _inEnd += read > 0 ? read : throw new InvalidOperationException("The server closed the connection.");
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_out.AsSpan(_outCount));
        _outCount += bytes.Length;
    }

    private void Reserve(int bytes)
    {
        if (_out.Length - _outCount < bytes)
        {
            Array.Resize(ref _out, Math.Max(_out.Length * 2, _outCount + bytes));
        }
    }
}

/// <summary>One frame; valid until the next one is asked for.</summary>
internal readonly ref struct Http2Frame(byte type, byte flags, int stream, ReadOnlySpan<byte> payload)
{
    public byte Type { get; } = type;

    public byte Flags { get; } = flags;

    public int Stream { get; } = stream;

    public ReadOnlySpan<byte> Payload { get; } = payload;

    public bool EndsStream => Type is Http2Connection.Data or Http2Connection.Headers && (Flags & Http2Connection.EndStream) != 0;
}
