using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Messaging.Push.Tests.Mail;

/// <summary>A mail server of one conversation at a time: it keeps what it was told, line by line, and the mail as it came, and answers as the test says.</summary>
internal sealed class SmtpScript
{
    private readonly StringBuilder _data = new();

    public List<string> Commands { get; } = [];

    /// <summary>The mail as it came, with its doubled dots.</summary>
    public string Data => _data.ToString();

    /// <summary>What EHLO is answered besides its first line.</summary>
    public string[] Extensions { get; init; } = [];

    /// <summary>Verb to reply, instead of the usual one; null says nothing more.</summary>
    public Dictionary<string, string?> Replies { get; } = new(StringComparer.Ordinal);

    public async Task RunAsync(Stream stream, CancellationToken token)
    {
        await SayAsync(stream, Replies.GetValueOrDefault("", "220 test") ?? "", token);
        while (await LineAsync(stream, token) is { } line)
        {
            Commands.Add(line);
            string verb = line.Split(' ', ':')[0].ToUpperInvariant();
            if (Replies.TryGetValue(verb, out string? reply))
            {
                if (reply is null) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
                await SayAsync(stream, reply!, token);
                continue;
            }

            switch (verb)
            {
                case "EHLO":
                    string[] lines = ["test", .. Extensions];
                    await SayAsync(stream, string.Join("\r\n", lines.Select((text, index) => (index == lines.Length - 1 ? "250 " : "250-") + text)), token);
                    break;
                case "DATA":
                    await SayAsync(stream, "354 go on", token);
                    while (await LineAsync(stream, token) is { } text && text != ".") _data.Append(text).Append("\r\n");
                    await SayAsync(stream, Replies.GetValueOrDefault(".", "250 queued as 7")!, token);
                    break;
                case "STARTTLS":
                    await SayAsync(stream, "220 go", token);
                    using (X509Certificate2 certificate = Certificate())
                    {
                        await using var tls = new SslStream(stream);
                        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, token);
                    }

                    return;
                case "QUIT":
                    await SayAsync(stream, "221 bye", token);
                    return;
                default:
                    await SayAsync(stream, verb == "AUTH" ? "235 welcome" : "250 fine", token);
                    break;
            }
        }
    }

    private static X509Certificate2 Certificate()
    {
        using var key = RSA.Create(2_048);
        using X509Certificate2 made = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2049, 1, 1, 0, 0, 0, TimeSpan.Zero));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    private static async Task SayAsync(Stream stream, string text, CancellationToken token) => await stream.WriteAsync(Encoding.ASCII.GetBytes(text + "\r\n"), token);

    private static async Task<string?> LineAsync(Stream stream, CancellationToken token)
    {
        var line = new StringBuilder();
        byte[] one = new byte[1];
        while (await stream.ReadAsync(one, token) == 1)
        {
            if (one[0] == '\n') return line.ToString().TrimEnd('\r');
            line.Append((char)one[0]);
        }

        return null;
    }
}
