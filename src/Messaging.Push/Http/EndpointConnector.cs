using System.Net;
using System.Net.Sockets;

namespace Messaging.Push.Http;

/// <summary>Makes the connections of the client: looks the name up, asks the guard, and connects to the address that it was asked about, to no other. Thread-safe.</summary>
/// <param name="guard">Says which addresses may be reached.</param>
/// <param name="resolve">Name to addresses; throws <see cref="SocketException"/> where there are none. The seam to DNS.</param>
internal sealed class EndpointConnector(EndpointGuard guard, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        DnsEndPoint endpoint = context.DnsEndPoint;
        IPAddress[] addresses = IPAddress.TryParse(endpoint.Host, out IPAddress? literal) ? [literal] : await resolve(endpoint.Host, cancellationToken);
        IPAddress[] allowed = [.. addresses.Where(guard.Allows).Take(PushLimits.AddressesMax)];
        if (allowed.Length == 0) throw addresses.Length == 0 ? new SocketException((int)SocketError.HostNotFound) : new AddressRefusedException();
        for (int index = 0; ; index++)
        {
            var socket = new Socket(allowed[index].AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(allowed[index], endpoint.Port), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException) when (index + 1 < allowed.Length)
            {
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }
}
