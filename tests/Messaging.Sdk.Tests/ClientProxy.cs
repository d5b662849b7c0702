using System.Net;
using System.Net.Sockets;

namespace Messaging.Sdk.Tests;

/// <summary>Between a client and the server, on a port of its own: what becomes of what passes is the word of the class that derives from it. Disposing ends it and its connections.</summary>
internal abstract class ClientProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _connections = [];
    private readonly Uri _server;
    private readonly Task _accepting;
    private int _connected;

    protected ClientProxy(Uri server)
    {
        _server = server;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://{_listener.LocalEndpoint}");

    /// <summary>How many connections have come.</summary>
    public int Connected => Volatile.Read(ref _connected);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _stopping.Dispose();
    }

    /// <summary>Passes a connection both ways until one of them ends.</summary>
    /// <param name="client">Whose side it is.</param>
    /// <param name="server">The other one.</param>
    /// <param name="number">How many connections there are with this one.</param>
    /// <param name="cancellationToken">The proxy is disposed.</param>
    protected abstract Task PassAsync(NetworkStream client, NetworkStream server, int number, CancellationToken cancellationToken);

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _connections.Add(ConnectAsync(await _listener.AcceptTcpClientAsync(_stopping.Token), Interlocked.Increment(ref _connected)));
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task ConnectAsync(TcpClient client, int number)
    {
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                await server.ConnectAsync(_server.Host, _server.Port, _stopping.Token);
                await PassAsync(client.GetStream(), server.GetStream(), number, _stopping.Token);
            }
            catch (Exception end) when (end is OperationCanceledException or IOException or SocketException)
            {
                // One side has gone, and the other goes with it.
            }
        }
    }
}
