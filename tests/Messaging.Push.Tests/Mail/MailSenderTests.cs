using System.Text;
using Messaging.Broker.Subscriptions.Delivery;
using Messaging.Push.Mail;
using Messaging.TestKit;
using MimeKit;

namespace Messaging.Push.Tests.Mail;

public sealed class MailSenderTests
{
    private static readonly OutgoingMail Mail = new() { Id = "22b80b92", To = "you@example.org", Subject = "Hello", Body = "one\n.two\n..three\nfour"u8.ToArray() };

    [Fact]
    public async Task A_mail_is_given_to_the_server_with_its_dots()
    {
        var script = new SmtpScript();

        MailResult result = await SendAsync(script, Mail with { SenderName = "Alarms" });

        Assert.Equal((MailFault.None, 250, DeliveryVerdict.Delivered), (result.Fault, result.Code, result.Verdict));
        Assert.Equal(["EHLO", "MAIL", "RCPT", "DATA", "QUIT"], script.Commands.Select(command => command.Split(' ')[0]));
        Assert.StartsWith("MAIL FROM:<no-reply@localhost>", script.Commands[1], StringComparison.Ordinal);
        Assert.StartsWith("RCPT TO:<you@example.org>", script.Commands[2], StringComparison.Ordinal);
        Assert.Contains("\r\n\r\none\r\n..two\r\n...three\r\nfour", script.Data, StringComparison.Ordinal);
        MimeMessage read = Read(script);
        Assert.Equal("one\n.two\n..three\nfour", read.TextBody!.ReplaceLineEndings("\n").TrimEnd());
        Assert.Equal(("Hello", "Alarms", "22b80b92@localhost"), (read.Subject, read.From.Mailboxes.Single().Name, read.MessageId));
        Assert.Equal(new DateTimeOffset(2040, 1, 1, 0, 0, 0, TimeSpan.Zero), read.Date);
        Assert.Equal("auto-generated", read.Headers["Auto-Submitted"]);
    }

    [Theory]
    [InlineData("a\r\nBcc: evil@example.org")]
    [InlineData("a\nBcc: evil@example.org")]
    [InlineData("a\r\n\r\nbody")]
    [InlineData("grüße\r\n\tBcc: evil@example.org")]
    [InlineData("=?utf-8?q?a=0D=0ABcc:_evil@example.org?=")]
    public async Task No_name_and_no_subject_makes_another_header(string text)
    {
        var script = new SmtpScript();

        await SendAsync(script, Mail with { Subject = text, SenderName = text, Id = text });

        MimeMessage read = Read(script);
        IEnumerable<string> names = script.Data.Split("\r\n").TakeWhile(line => line.Length > 0).Where(line => line[0] is not (' ' or '\t')).Select(line => line.Split(':')[0]);
        Assert.Equal(["Auto-Submitted", "Content-Type", "Date", "From", "MIME-Version", "Message-Id", "Subject", "To"], names.Order(StringComparer.Ordinal));
        Assert.Single(script.Commands, command => command.StartsWith("RCPT", StringComparison.Ordinal));
        Assert.StartsWith("one", read.TextBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_script_is_read_as_it_was_written_also_in_long_lines()
    {
        string text = string.Concat(Enumerable.Repeat("Grüße 中文 😀 ", 200)), subject = string.Concat(Enumerable.Repeat("Grüße 😀 ", 11)).Trim();
        var script = new SmtpScript();

        await SendAsync(script, Mail with { Body = Encoding.UTF8.GetBytes(text), Subject = subject, SenderName = "Größe, \"x\" <a@b>" });

        MimeMessage read = Read(script);
        Assert.Equal((text, subject, "Größe, \"x\" <a@b>"), (read.TextBody!.TrimEnd('\r', '\n'), read.Subject, read.From.Mailboxes.Single().Name));
        Assert.All(script.Data.Split("\r\n"), line => Assert.InRange(line.Length, 0, 998));
        Assert.DoesNotContain(script.Data, static character => character > 127);
    }

    [Theory]
    [InlineData("you")]
    [InlineData("")]
    [InlineData("you@")]
    [InlineData("@example.org")]
    [InlineData("You <you@example.org>")]
    [InlineData("you@example.org, me@example.org")]
    [InlineData("you@example.org (me)")]
    [InlineData("you@example.org\r\nRCPT TO:<evil@example.org>")]
    [InlineData("you @example.org")]
    public async Task What_is_no_address_is_refused_before_anybody_is_asked(string to)
    {
        var script = new SmtpScript();

        MailResult result = await SendAsync(script, Mail with { To = to });

        Assert.Equal((MailFault.AddressInvalid, DeliveryVerdict.GiveUp), (result.Fault, result.Verdict));
        Assert.Empty(script.Commands);
    }

    [Theory]
    [InlineData("RCPT", "550 no such user", MailFault.Refused, 550, DeliveryVerdict.GiveUp)]
    [InlineData("RCPT", "451 try later", MailFault.Deferred, 451, DeliveryVerdict.TryAgain)]
    [InlineData("MAIL", "552 too large", MailFault.Refused, 552, DeliveryVerdict.GiveUp)]
    [InlineData(".", "554 spam", MailFault.Refused, 554, DeliveryVerdict.GiveUp)]
    [InlineData("DATA", "421 going", MailFault.Deferred, 421, DeliveryVerdict.TryAgain)]
    public async Task What_the_server_says_decides(string verb, string reply, MailFault fault, int code, DeliveryVerdict verdict)
    {
        var script = new SmtpScript();
        script.Replies[verb] = reply;

        MailResult result = await SendAsync(script, Mail);

        Assert.Equal((fault, code, reply[4..], verdict), (result.Fault, result.Code, result.Reply, result.Verdict));
    }

    [Fact]
    public async Task A_password_is_sent_to_this_machine_without_TLS()
    {
        var script = new SmtpScript { Extensions = ["AUTH PLAIN LOGIN"] };

        MailResult result = await SendAsync(script, Mail, new MailOptions { User = "me", Password = "secret" });

        Assert.Equal(MailFault.None, result.Fault);
        Assert.Contains("AUTH PLAIN " + Convert.ToBase64String("\0me\0secret"u8), script.Commands);
    }

    [Fact]
    public async Task A_server_with_LOGIN_alone_is_authenticated_to()
    {
        var script = new SmtpScript { Extensions = ["AUTH LOGIN"] };
        script.Replies["AUTH"] = "334 VXNlcm5hbWU6";
        script.Replies[Convert.ToBase64String("me"u8).ToUpperInvariant()] = "334 UGFzc3dvcmQ6";
        script.Replies[Convert.ToBase64String("secret"u8).ToUpperInvariant()] = "235 welcome";

        MailResult result = await SendAsync(script, Mail, new MailOptions { User = "me", Password = "secret" });

        Assert.Equal(MailFault.None, result.Fault);
        Assert.Contains(Convert.ToBase64String("secret"u8), script.Commands);
    }

    [Fact]
    public async Task A_password_that_is_wrong_is_told_and_not_shown()
    {
        var script = new SmtpScript { Extensions = ["AUTH PLAIN"] };
        script.Replies["AUTH"] = "535 no";

        MailResult result = await SendAsync(script, Mail, new MailOptions { User = "me", Password = "secret" });

        Assert.Equal((MailFault.Authentication, DeliveryVerdict.TryAgain), (result.Fault, result.Verdict));
        Assert.DoesNotContain("secret", result.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(script.Commands, static command => command.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_wants_authentication_and_gets_none_is_told()
    {
        var script = new SmtpScript();
        script.Replies["MAIL"] = "530 5.7.0 Authentication required";

        MailResult result = await SendAsync(script, Mail);

        Assert.Equal((MailFault.Authentication, DeliveryVerdict.TryAgain), (result.Fault, result.Verdict));
    }

    [Fact]
    public async Task Where_TLS_is_wanted_and_not_offered_nothing_is_sent()
    {
        var script = new SmtpScript();

        Assert.Equal(MailFault.Unsupported, (await SendAsync(script, Mail, new MailOptions { Security = MailSecurity.StartTls })).Fault);
        Assert.DoesNotContain(script.Commands, static command => command.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(MailSecurity.StartTls)]
    [InlineData(MailSecurity.StartTlsWhenOffered)]
    public async Task A_certificate_that_nobody_trusts_is_refused(MailSecurity security)
    {
        var script = new SmtpScript { Extensions = ["STARTTLS"] };

        Assert.Equal(MailFault.Tls, (await SendAsync(script, Mail, new MailOptions { Security = security })).Fault);
        Assert.Equal("STARTTLS", script.Commands[^1]);
    }

    [Theory]
    [InlineData("EHLO")]
    [InlineData("DATA")]
    public async Task A_server_that_says_nothing_more_is_given_up(string verb)
    {
        var script = new SmtpScript();
        script.Replies[verb] = null;

        Assert.Equal(MailFault.Timeout, (await SendAsync(script, Mail, new MailOptions { Timeout = TimeSpan.FromMilliseconds(400) }, TimeProvider.System)).Fault);
    }

    [Fact]
    public async Task A_mail_that_was_taken_is_not_failed_by_the_farewell()
    {
        var script = new SmtpScript();
        script.Replies["QUIT"] = null;

        Assert.Equal(MailFault.None, (await SendAsync(script, Mail, new MailOptions { Timeout = TimeSpan.FromSeconds(2) }, TimeProvider.System)).Fault);
    }

    [Fact]
    public async Task Replies_without_end_are_cut()
    {
        await using var server = new ScriptedServer(async (stream, token) =>
        {
            while (true) await stream.WriteAsync(Encoding.ASCII.GetBytes("220-" + new string('x', 400) + "\r\n"), token);
        });

        Assert.Equal(MailFault.Protocol, (await SendAsync(server.Port, Mail, new MailOptions(), TimeProvider.System)).Fault);
    }

    [Fact]
    public async Task What_is_not_SMTP_is_a_fault_of_the_protocol()
    {
        var script = new SmtpScript();
        script.Replies[""] = "HTTP/1.1 400 Bad Request";

        Assert.Equal(MailFault.Protocol, (await SendAsync(script, Mail)).Fault);
    }

    [Fact]
    public async Task A_port_where_nobody_listens_is_a_fault_of_the_connection()
    {
        int port;
        await using (var gone = new ScriptedServer((_, _) => Task.CompletedTask)) port = gone.Port;

        Assert.Equal((MailFault.Connect, DeliveryVerdict.TryAgain), await SendAsync(port, Mail, new MailOptions(), TimeProvider.System) is var result ? (result.Fault, result.Verdict) : default);
    }

    [Fact]
    public async Task A_call_that_is_cancelled_throws()
    {
        await using var server = new ScriptedServer(async (_, token) => await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token));
        using var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        var sender = new MailSender(new MailOptions { Host = "127.0.0.1", Port = server.Port }, TimeProvider.System);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sender.SendAsync(Mail, cancelled.Token));
    }

    [Fact]
    public void An_operator_hears_of_a_wrong_address_at_the_start() =>
        Assert.Throws<ArgumentException>(() => new MailSender(new MailOptions { From = "nobody" }, TimeProvider.System));

    private static async Task<MailResult> SendAsync(SmtpScript script, OutgoingMail mail, MailOptions? options = null, TimeProvider? time = null)
    {
        await using var server = new ScriptedServer(script.RunAsync);
        return await SendAsync(server.Port, mail, options ?? new MailOptions(), time ?? new ManualTimeProvider());
    }

    private static Task<MailResult> SendAsync(int port, OutgoingMail mail, MailOptions options, TimeProvider time)
    {
        (options.Host, options.Port) = ("127.0.0.1", port);
        return new MailSender(options, time).SendAsync(mail, CancellationToken.None);
    }

    // As a receiver does it: the doubled dots are single again.
    private static MimeMessage Read(SmtpScript script)
    {
        string mail = script.Data.Replace("\r\n..", "\r\n.", StringComparison.Ordinal);
        return MimeMessage.Load(new MemoryStream(Encoding.ASCII.GetBytes(mail)));
    }
}
