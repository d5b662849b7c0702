using System.Net.Sockets;

namespace Messaging.Sdk.Tests.Interop;

/// <summary>Of HTTP/2: at a test's word it resets the stream that was opened last, and the connection goes on.</summary>
internal sealed class ResettingProxy(Uri server) : ClientProxy(server)
{
    // Of RFC 9113: the client's first bytes (section 3.4), the type of HEADERS (6.2), and the code of CANCEL (7).
    private const int PrefaceBytes = 24;
    private const int Headers = 1;
    private const int Cancel = 8;

    /// <summary>A code of section 7.</summary>
    public const int InternalError = 2;

    private FrameWay? _toServer, _toClient;
    private int _lastStream;

    /// <summary>Both ends are told that the other one resets the stream; to the client it is this code of RFC 9113, section 7.</summary>
    public async Task ResetLastStreamAsync(int code, CancellationToken cancellationToken)
    {
        int stream = Volatile.Read(ref _lastStream);
        await Volatile.Read(ref _toServer)!.ResetAsync(stream, Cancel, cancellationToken);
        await Volatile.Read(ref _toClient)!.ResetAsync(stream, code, cancellationToken);
    }

    protected override async Task PassAsync(NetworkStream client, NetworkStream server, int number, CancellationToken cancellationToken)
    {
        byte[] preface = new byte[PrefaceBytes];
        await client.ReadExactlyAsync(preface, cancellationToken);
        await server.WriteAsync(preface, cancellationToken);
        FrameWay toServer = new(client, server), toClient = new(server, client);
        Volatile.Write(ref _toServer, toServer);
        Volatile.Write(ref _toClient, toClient);
        await Task.WhenAny(toServer.PassAsync(Opened, cancellationToken), toClient.PassAsync(static (_, _) => { }, cancellationToken)).Unwrap();
    }

    private void Opened(int type, int stream)
    {
        if (type == Headers)
            Volatile.Write(ref _lastStream, stream);
    }
}
