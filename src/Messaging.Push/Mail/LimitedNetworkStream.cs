using System.Net.Sockets;

namespace Messaging.Push.Mail;

/// <summary>A connection that reads no more than so many bytes: the library below SMTP has no bound of its own for replies. Owned by who made it.</summary>
internal sealed class LimitedNetworkStream(Socket socket, int bytesMax) : NetworkStream(socket, ownsSocket: true)
{
    private int _left = bytesMax;

    public override int Read(byte[] buffer, int offset, int count) => Count(base.Read(buffer, offset, count));

    public override int Read(Span<byte> buffer) => Count(base.Read(buffer));

    public override async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Count(await base.ReadAsync(buffer.AsMemory(offset, count), cancellationToken));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Count(await base.ReadAsync(buffer, cancellationToken));

    private int Count(int read) => (_left -= read) >= 0 ? read : throw new IOException("The server's replies are too long.");
}
