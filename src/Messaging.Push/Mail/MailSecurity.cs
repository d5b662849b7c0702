namespace Messaging.Push.Mail;

/// <summary>How the connection to the mail server is kept from others.</summary>
public enum MailSecurity
{
    /// <summary>STARTTLS where the server offers it. Who stands between can take the offer away, so a password then stays unsent.</summary>
    StartTlsWhenOffered,

    /// <summary>STARTTLS, or nothing is sent (RFC 3207).</summary>
    StartTls,

    /// <summary>TLS from the first byte on (RFC 8314).</summary>
    Tls,

    /// <summary>Not at all: for a server on this machine.</summary>
    None,
}
