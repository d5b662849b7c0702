using System.Net;
using System.Net.Sockets;

namespace Messaging.TestKit.Postgres;

/// <summary>What a <see cref="CutProxy"/> does with a connection.</summary>
internal enum Cut
{
    /// <summary>Passes everything.</summary>
    Nothing,

    /// <summary>Cuts when a COMMIT comes, before Postgres sees it.</summary>
    BeforeCommit,

    /// <summary>Cuts when Postgres has answered a COMMIT, before the client sees that.</summary>
    AfterCommit,

    /// <summary>Takes everything and passes nothing: a network that swallows.</summary>
    Stall,

    /// <summary>Takes no connection, and cuts those that are there.</summary>
    Everything,
}

/// <summary>Between a client and Postgres, on a port of its own: cuts connections where a test says. Disposing ends it and its connections.</summary>
internal sealed class CutProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Socket> _sockets = [];
    private readonly Task _accepting;
    private readonly int _target;
    private Cut _mode;
    private TaskCompletionSource? _answer;

    public CutProxy(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What comes after a cut; until then <see cref="Cut.BeforeCommit"/> and <see cref="Cut.AfterCommit"/> happen once.</summary>
    public Cut Then { get; set; } = Cut.Nothing;

    /// <summary>Cuts made so far.</summary>
    public int Cuts { get; private set; }

    public Cut Mode
    {
        get
        {
            lock (_sockets) return _mode;
        }

        set
        {
            lock (_sockets) _mode = value;
            if (value == Cut.Everything) CloseAll();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        CloseAll();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket client = await _listener.AcceptSocketAsync(_stopping.Token);
                if (Mode == Cut.Everything)
                {
                    client.Dispose();
                    continue;
                }

                var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
                lock (_sockets) _sockets.AddRange([client, server]);
                _ = PassAsync(client, server);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task PassAsync(Socket client, Socket server)
    {
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _target);
            await Task.WhenAny(PumpAsync(client, server, isToServer: true), PumpAsync(server, client, isToServer: false));
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // One side has gone, and the other goes with it.
        }
        finally
        {
            client.Dispose();
            server.Dispose();
        }
    }

    private async Task PumpAsync(Socket from, Socket to, bool isToServer)
    {
        byte[] buffer = new byte[64 * 1024];
        while (await from.ReceiveAsync(buffer) is > 0 and int count)
        {
            if (Mode == Cut.Stall) continue;
            if (!isToServer && Volatile.Read(ref _answer) is { } answered)
            {
                answered.TrySetResult();
                continue;
            }

            // With its end: "READ COMMITTED" begins a transaction.
            if (isToServer && Mode is Cut.BeforeCommit or Cut.AfterCommit && buffer.AsSpan(0, count).IndexOf("COMMIT\0"u8) >= 0)
            {
                if (Mode == Cut.AfterCommit)
                {
                    // Its answer tells that the commit is over, and is swallowed.
                    var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    Volatile.Write(ref _answer, answer);
                    await to.SendAsync(buffer.AsMemory(0, count));
                    await answer.Task;
                    Volatile.Write(ref _answer, null);
                }

                Cuts++;
                Mode = Then;
                return;
            }

            await to.SendAsync(buffer.AsMemory(0, count));
        }
    }

    private void CloseAll()
    {
        lock (_sockets)
        {
            foreach (Socket socket in _sockets) socket.Dispose();
            _sockets.Clear();
        }
    }
}
