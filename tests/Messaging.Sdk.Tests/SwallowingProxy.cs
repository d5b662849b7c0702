using System.Net;
using System.Net.Sockets;

namespace Messaging.Sdk.Tests;

/// <summary>Between a client and the server, on a port of its own: from a test's word on, no answer comes back on the connections that are there. Disposing ends it.</summary>
internal sealed class SwallowingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _swallowed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Task> _connections = [];
    private readonly Uri _server;
    private readonly Task _accepting;
    private int _swallowedUpTo;
    private int _connected;

    public SwallowingProxy(Uri server)
    {
        _server = server;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://{_listener.LocalEndpoint}");

    /// <summary>Completes when a request has been passed on.</summary>
    public Task Asked => _asked.Task;

    /// <summary>Completes when an answer has been swallowed.</summary>
    public Task Swallowed => _swallowed.Task;

    /// <summary>From now on nothing comes back on the connections that are there; later ones pass everything.</summary>
    public void SwallowAnswers() => Volatile.Write(ref _swallowedUpTo, Volatile.Read(ref _connected));

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _connections.Add(PassAsync(await _listener.AcceptTcpClientAsync(_stopping.Token), Interlocked.Increment(ref _connected)));
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task PassAsync(TcpClient client, int number)
    {
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                await server.ConnectAsync(_server.Host, _server.Port, _stopping.Token);
                await Task.WhenAny(AskAsync(client.GetStream(), server.GetStream()), AnswerAsync(server.GetStream(), client.GetStream(), number)).Unwrap();
            }
            catch (Exception end) when (end is OperationCanceledException or IOException or SocketException)
            {
                // One side has gone, and the other goes with it.
            }
        }
    }

    private async Task AskAsync(NetworkStream client, NetworkStream server)
    {
        byte[] buffer = new byte[64 * 1024];
        while (await client.ReadAsync(buffer, _stopping.Token) is > 0 and int count)
        {
            await server.WriteAsync(buffer.AsMemory(0, count), _stopping.Token);
            _asked.TrySetResult();
        }
    }

    private async Task AnswerAsync(NetworkStream server, NetworkStream client, int number)
    {
        byte[] buffer = new byte[64 * 1024];
        while (await server.ReadAsync(buffer, _stopping.Token) is > 0 and int count)
        {
            if (number <= Volatile.Read(ref _swallowedUpTo)) _swallowed.TrySetResult();
            else await client.WriteAsync(buffer.AsMemory(0, count), _stopping.Token);
        }
    }
}
