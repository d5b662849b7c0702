using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Messaging.Benchmarks.Http;

/// <summary>One connection in a closed loop: a request is sent when the last one is answered. Used by one thread.</summary>
internal sealed class HttpConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly HttpScript _script;
    private byte[] _received = new byte[16 << 10];
    private int _count;

    public HttpConnection(int port, HttpScript script)
    {
        _script = script;
        _socket.Connect(IPAddress.Loopback, port);
    }

    public int File => (int)_socket.Handle;

    /// <summary>When the request under way was sent.</summary>
    public long SentAt { get; private set; }

    public void Send(long now)
    {
        SentAt = now;
        ReadOnlySpan<byte> request = _script.Request.Span;
        while (request.Length > 0)
        {
            request = request[_socket.Send(request)..];
        }
    }

    /// <summary>Reads what has come; the messages that the whole answer stands for, or -1 while it is not whole.</summary>
    public int Receive()
    {
        if (_count == _received.Length)
        {
            Array.Resize(ref _received, _count * 2);
        }

        int read = _socket.Receive(_received.AsSpan(_count));
        if (read == 0)
        {
            throw new InvalidOperationException("The server closed a connection.");
        }

        _count += read;
        if (!HttpResponse.TryRead(_received.AsSpan(0, _count), out HttpResponse response))
        {
            return -1;
        }

        if (response.Status != 200 || response.TotalBytes != _count)
        {
            throw new InvalidOperationException($"The server answered {response.Status}: {Encoding.UTF8.GetString(response.Body)}");
        }

        _count = 0;
        return _script.Answered(response.Status, response.Body);
    }

    public void Dispose() => _socket.Dispose();
}
