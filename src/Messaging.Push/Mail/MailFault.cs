namespace Messaging.Push.Mail;

/// <summary>Why a mail was not taken.</summary>
public enum MailFault
{
    /// <summary>The server has it.</summary>
    None,

    /// <summary>The mailbox is no mail address.</summary>
    AddressInvalid,

    /// <summary>The server can't be reached.</summary>
    Connect,

    /// <summary>TLS is wanted and was not agreed on, or the certificate is not one for the server by somebody who is trusted.</summary>
    Tls,

    /// <summary>The server does not take user and password, or wants some.</summary>
    Authentication,

    /// <summary>The server does not offer what is needed: STARTTLS, authentication, addresses beyond ASCII.</summary>
    Unsupported,

    /// <summary>The server can't take it now (4yz).</summary>
    Deferred,

    /// <summary>The server will never take it (5yz).</summary>
    Refused,

    /// <summary><see cref="MailOptions.Timeout"/> has passed.</summary>
    Timeout,

    /// <summary>The connection broke, or what came is not SMTP, or more than <see cref="PushLimits.MailReplyBytesMax"/>.</summary>
    Protocol,
}
