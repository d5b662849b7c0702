using System.Net;
using System.Net.Sockets;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Messaging.Push.Mail;

/// <summary>
/// Gives one mail to the operator's mail server (RFC 5321), over a connection of its own: mails of topics are few, and a kept connection has more ways to fail. Retries are the schedule's. Thread-safe.
/// </summary>
public sealed class MailSender
{
    private readonly MailOptions _options;
    private readonly TimeProvider _time;
    private readonly MailboxAddress _from;

    /// <summary>Throws <see cref="ArgumentException"/> when <see cref="MailOptions.From"/> is no address.</summary>
    public MailSender(MailOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _from = MailAddress.TryParse(options.From, out MailboxAddress? from) ? from : throw new ArgumentException("From is no mail address.", nameof(options));
    }

    /// <summary>One attempt. Throws only when it is cancelled.</summary>
    public async Task<MailResult> SendAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        long start = _time.GetTimestamp();
        MailResult result = MailAddress.TryParse(mail.To, out MailboxAddress? to) ? await TryAsync(mail, to, cancellationToken) : MailFaults.Failed(MailFault.AddressInvalid);
        return result with { Elapsed = _time.GetElapsedTime(start) };
    }

    private async Task<MailResult> TryAsync(OutgoingMail mail, MailboxAddress to, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_options.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await GiveAsync(mail, to, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return MailFaults.Failed(MailFault.Timeout);
        }
        catch (Exception fault) when (MailFaults.Of(fault) is { } known)
        {
            // A cancelled read shows as a broken connection too.
            cancellationToken.ThrowIfCancellationRequested();
            return limit.IsCancellationRequested ? MailFaults.Failed(MailFault.Timeout) : known;
        }
    }

    private async Task<MailResult> GiveAsync(OutgoingMail mail, MailboxAddress to, CancellationToken cancellationToken)
    {
        using MimeMessage message = MailBuilder.Build(mail, _from, to, _time.GetUtcNow());
        using var client = new SmtpClient { LocalDomain = _options.LocalName, CheckCertificateRevocation = false };
        await using NetworkStream connection = await ConnectAsync(cancellationToken);
        await client.ConnectAsync(connection, _options.Host, _options.Port, SecurityOf(_options.Security), cancellationToken);
        if (_options.User is { } user)
        {
            if (!client.IsSecure && !IsThisMachine(_options.Host)) return MailFaults.Failed(MailFault.Tls);
            await client.AuthenticateAsync(user, _options.Password ?? "", cancellationToken);
        }

        string reply = await client.SendAsync(message, _from, [to], cancellationToken);
        await LeaveAsync(client, cancellationToken);
        return MailFaults.Answered(MailFault.None, (int)SmtpStatusCode.Ok, reply);
    }

    // The server has the mail, whatever becomes of the farewell: to call it failed would send the mail twice.
    private static async Task LeaveAsync(SmtpClient client, CancellationToken cancellationToken)
    {
        try
        {
            await client.DisconnectAsync(quit: true, cancellationToken);
        }
        catch (Exception fault) when (fault is OperationCanceledException || MailFaults.Of(fault) is not null)
        {
        }
    }

    private async Task<NetworkStream> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(_options.Host, _options.Port, cancellationToken);
            return new LimitedNetworkStream(socket, PushLimits.MailReplyBytesMax);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static bool IsThisMachine(string host) => host == "localhost" || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));

    private static SecureSocketOptions SecurityOf(MailSecurity security) => security switch
    {
        MailSecurity.StartTlsWhenOffered => SecureSocketOptions.StartTlsWhenAvailable,
        MailSecurity.StartTls => SecureSocketOptions.StartTls,
        MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
        MailSecurity.None => SecureSocketOptions.None,
    };
}
