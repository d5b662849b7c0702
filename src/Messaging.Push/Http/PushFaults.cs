using System.Net.Sockets;
using System.Security.Authentication;

namespace Messaging.Push.Http;

/// <summary>What the stack of HTTP throws, as a fault of the endpoint. Pure.</summary>
internal static class PushFaults
{
    /// <summary>Null for what no endpoint can cause.</summary>
    public static PushFault? Of(Exception exception)
    {
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case AddressRefusedException: return PushFault.AddressRefused;
                case AuthenticationException: return PushFault.Tls;
                case TimeoutException: return PushFault.Timeout;
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain or SocketError.NoRecovery }: return PushFault.Dns;
            }
        }

        return exception switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => PushFault.AnswerTooLarge,
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => PushFault.Tls,
            HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => PushFault.Connect,
            HttpRequestException or IOException => PushFault.Protocol,
            _ => null,
        };
    }
}
