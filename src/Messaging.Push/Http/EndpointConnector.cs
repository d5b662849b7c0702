using System.Net;
using System.Net.Sockets;

namespace Messaging.Push.Http;

/// <summary>Makes the connections of the client: looks the name up, asks the guard, and connects to the address that it was asked about, to no other. Thread-safe.</summary>
/// <param name="guard">Says which addresses may be reached.</param>
/// <param name="resolve">Name to addresses; throws <see cref="SocketException"/> where there are none. The seam to DNS.</param>
/// <param name="timeout">For all addresses together; each has its share, so that one that swallows packets, as broken IPv6 does, leaves time for the next.</param>
/// <param name="time">Times the shares.</param>
internal sealed class EndpointConnector(EndpointGuard guard, Func<string, CancellationToken, Task<IPAddress[]>> resolve, TimeSpan timeout, TimeProvider time)
{
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        DnsEndPoint endpoint = context.DnsEndPoint;
        IPAddress[] addresses = IPAddress.TryParse(endpoint.Host, out IPAddress? literal) ? [literal] : await resolve(endpoint.Host, cancellationToken);
        IPAddress[] allowed = [.. addresses.Where(guard.Allows).Take(PushLimits.AddressesMax)];
        if (allowed.Length == 0) throw addresses.Length == 0 ? new SocketException((int)SocketError.HostNotFound) : new AddressRefusedException();
        for (int index = 0; ; index++)
        {
            using var share = new CancellationTokenSource(timeout / allowed.Length, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(share.Token, cancellationToken);
            bool isLast = index + 1 == allowed.Length;
            try
            {
                return await ConnectAsync(new IPEndPoint(allowed[index], endpoint.Port), isLast ? cancellationToken : either.Token);
            }
            catch (Exception fault) when (!isLast && !cancellationToken.IsCancellationRequested && fault is (SocketException or OperationCanceledException))
            {
                // The next one may answer.
            }
        }
    }

    private static async Task<Stream> ConnectAsync(IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endpoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
