namespace Messaging.Push.Mail;

/// <summary>The mail server that takes our mails, and who they are from. Bound once in the host. Never a record: its text would show the password.</summary>
public sealed class MailOptions
{
    /// <summary>Name or address. The operator chose it, so no guard is asked.</summary>
    public string Host { get; set; } = "localhost";

    public int Port { get; set; } = 25;

    public MailSecurity Security { get; set; }

    /// <summary>Null sends without authentication.</summary>
    public string? User { get; set; }

    /// <summary>Sent over TLS only, or to this machine. It is never logged.</summary>
    public string? Password { get; set; }

    /// <summary>The address that mails are from.</summary>
    public string From { get; set; } = "no-reply@localhost";

    /// <summary>What the server is greeted as (EHLO).</summary>
    public string LocalName { get; set; } = "localhost";

    /// <summary>For one mail, from the connection to the server's word that it has it.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);
}
