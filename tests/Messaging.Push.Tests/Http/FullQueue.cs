using System.Net;
using System.Net.Sockets;

namespace Messaging.Push.Tests.Http;

/// <summary>A port whose queue of connections is full: Linux drops whoever else asks for one, as a network does that swallows packets.</summary>
internal sealed class FullQueue : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Socket[] _waiting = [.. Enumerable.Range(0, 4).Select(static _ => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))];
    private readonly Task[] _connecting;

    public FullQueue(IPEndPoint place)
    {
        _listener.Bind(place);
        _listener.Listen(0);
        _connecting = [.. _waiting.Select(socket => socket.ConnectAsync(Place))];
    }

    public IPEndPoint Place => (IPEndPoint)_listener.LocalEndPoint!;

    public async ValueTask DisposeAsync()
    {
        foreach (Socket socket in _waiting) socket.Dispose();
        _listener.Dispose();
        foreach (Task task in _connecting) await task.ContinueWith(static done => done.Exception, TaskScheduler.Default);
    }
}
