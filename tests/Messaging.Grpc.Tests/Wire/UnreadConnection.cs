using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Messaging.Grpc.Tests.Wire;

/// <summary>
/// A connection by HTTP/2 (RFC 9113) whose client lets out no byte of any answer's body: each of its streams has a window of zero. It reads all frames that come, and says by pings that it is there.
/// </summary>
internal sealed class UnreadConnection : IAsyncDisposable
{
    private const int PrefixBytes = 9;
    private const byte Data = 0, Headers = 1, Settings = 4, Ping = 6;
    private const byte EndStream = 1, EndHeaders = 4;
    private const ushort InitialWindowSize = 4;

    private static readonly TimeSpan PingAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan EndTimeout = TimeSpan.FromMinutes(3);

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _closed = new();
    private readonly string _authority;
    private Task _reading = Task.CompletedTask;
    private Task _pinging = Task.CompletedTask;
    private int _lastStream = -1;
    private volatile int _answered;

    private UnreadConnection(Uri server) => _authority = server.Authority;

    /// <summary>The server has ended it.</summary>
    public bool HasEnded => _reading.IsCompleted;

    public static async Task<UnreadConnection> OpenAsync(Uri server, bool pings = true)
    {
        var connection = new UnreadConnection(server);
        await connection._socket.ConnectAsync(server.Host, server.Port);
        byte[] window = new byte[6];
        BinaryPrimitives.WriteUInt16BigEndian(window, InitialWindowSize);
        await connection.SendAsync([.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frame(Settings, 0, 0, window)]);
        connection._reading = connection.ReadAsync();
        if (pings) connection._pinging = connection.PingAsync();
        return connection;
    }

    /// <summary>A call of gRPC with one message, or of REST without a body. Without effect once the server has ended the connection.</summary>
    public Task CallAsync(string path, byte[]? message = null)
    {
        int stream = _lastStream += 2;
        byte[] head = Head(path, isGrpc: message is not null);
        return SendAsync(message is null
            ? Frame(Headers, EndHeaders | EndStream, stream, head)
            : [.. Frame(Headers, EndHeaders, stream, head), .. Frame(Data, EndStream, stream, RawCall.Frame(message))]);
    }

    /// <summary>Returns when the heads of so many answers have come, or the server has ended the connection.</summary>
    public async Task AnsweredAsync(int count)
    {
        while (_answered < count && !HasEnded) await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
    }

    /// <summary>Returns when the server has ended the connection.</summary>
    /// <exception cref="TimeoutException">It has not within minutes.</exception>
    public Task EndedAsync() => _reading.WaitAsync(EndTimeout, TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        _socket.Dispose();
        await _reading;
        await _pinging;
        _turn.Dispose();
        _closed.Dispose();
    }

    // RFC 7541: fields of the static table by their index, and literals that are not indexed.
    private byte[] Head(string path, bool isGrpc) => isGrpc
        ? [0x83, 0x86, 0x04, .. Literal(path), 0x01, .. Literal(_authority), 0x0f, 0x10, .. Literal("application/grpc"), 0x00, .. Literal("te"), .. Literal("trailers")]
        : [0x82, 0x86, 0x04, .. Literal(path), 0x01, .. Literal(_authority)];

    private static byte[] Literal(string text) => [checked((byte)text.Length), .. Encoding.ASCII.GetBytes(text)];

    private static byte[] Frame(byte type, byte flags, int stream, byte[] payload)
    {
        byte[] frame = new byte[PrefixBytes + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8 | type);
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, PrefixBytes);
        return frame;
    }

    private async Task SendAsync(byte[] bytes)
    {
        await _turn.WaitAsync();
        try
        {
            for (ReadOnlyMemory<byte> left = bytes; left.Length > 0;) left = left[await _socket.SendAsync(left)..];
        }
        catch (SocketException)
        {
            // The server has ended it, which is what is read too.
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task PingAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(PingAfter, TimeProvider.System, _closed.Token);
                await SendAsync(Frame(Ping, 0, 0, new byte[8]));
            }
        }
        catch (OperationCanceledException) when (_closed.IsCancellationRequested)
        {
            // Nobody asks any more.
        }
    }

    private async Task ReadAsync()
    {
        byte[] prefix = new byte[PrefixBytes], payload = new byte[1 << 14];
        try
        {
            using var stream = new NetworkStream(_socket, ownsSocket: false);
            while (true)
            {
                await stream.ReadExactlyAsync(prefix, _closed.Token);
                await stream.ReadExactlyAsync(payload.AsMemory(0, BinaryPrimitives.ReadInt32BigEndian(prefix) >>> 8), _closed.Token);
                if (prefix[3] == Headers && (prefix[4] & EndStream) == 0) _answered++;
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // It has ended, by the one side or the other.
        }
    }
}
