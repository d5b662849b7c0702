using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace Messaging.Push.Mail;

/// <summary>What the library of SMTP throws, as a result. Pure.</summary>
internal static class MailFaults
{
    private const int PermanentFrom = 500;

    /// <summary>Null for what no server can cause.</summary>
    public static MailResult? Of(Exception exception) => exception switch
    {
        SmtpCommandException refused => Answered((int)refused.StatusCode >= PermanentFrom ? MailFault.Refused : MailFault.Deferred, (int)refused.StatusCode, refused.Message),
        SslHandshakeException or System.Security.Authentication.AuthenticationException => Failed(MailFault.Tls),
        AuthenticationException { InnerException: SmtpCommandException refused } => Answered(MailFault.Authentication, (int)refused.StatusCode, refused.Message),
        // It wants authentication (530), and there is no user.
        AuthenticationException or ServiceNotAuthenticatedException => Failed(MailFault.Authentication),
        NotSupportedException => Failed(MailFault.Unsupported),
        SocketException => Failed(MailFault.Connect),
        TimeoutException => Failed(MailFault.Timeout),
        ProtocolException or IOException or ServiceNotConnectedException => Failed(MailFault.Protocol),
        _ => null,
    };

    public static MailResult Failed(MailFault fault) => new() { Fault = fault, Reply = "" };

    public static MailResult Answered(MailFault fault, int code, string reply) =>
        new() { Fault = fault, Code = code, Reply = reply.Length > PushLimits.MailReplyCharactersMax ? reply[..PushLimits.MailReplyCharactersMax] : reply };
}
