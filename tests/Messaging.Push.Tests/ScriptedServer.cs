using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Messaging.Push.Tests;

/// <summary>A server on loopback that does to each of its connections what the test says, and counts them. What the script throws when a client goes away is no error.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _tasks = [];
    private readonly Task _accepting;
    private readonly Func<Stream, CancellationToken, Task> _script;
    private int _connections;

    public ScriptedServer(Func<Stream, CancellationToken, Task> script)
    {
        _script = script;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Answers every request of every connection with the same bytes.</summary>
    public static ScriptedServer Answering(string answer) => new(async (stream, token) =>
    {
        while (await ReadRequestAsync(stream, token) is not null) await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), token);
    });

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Connections => Volatile.Read(ref _connections);

    public Uri Url(string path = "/", string scheme = "http", string host = "127.0.0.1") => new($"{scheme}://{host}:{Port}{path}");

    /// <summary>Head and body of the next request; null when there is none.</summary>
    public static async Task<string?> ReadRequestAsync(Stream stream, CancellationToken token)
    {
        var head = new StringBuilder();
        byte[] one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, token) == 0) return null;
            head.Append((char)one[0]);
        }

        string length = head.ToString().Split("\r\n").Single(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        byte[] body = new byte[int.Parse(length.AsSpan("Content-Length:".Length))];
        await stream.ReadExactlyAsync(body, token);
        return head + Encoding.UTF8.GetString(body);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Stop();
        await Task.WhenAll(_tasks);
        _stop.Dispose();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                _tasks.Add(ServeAsync(client));
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await _script(client.GetStream(), _stop.Token);
            }
            catch (Exception fault) when (fault is OperationCanceledException or IOException or System.Security.Authentication.AuthenticationException)
            {
            }
        }
    }
}
