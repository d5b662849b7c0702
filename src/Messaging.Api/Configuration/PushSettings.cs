using System.Globalization;
using Messaging.Push;
using Messaging.Push.Mail;

namespace Messaging.Api.Configuration;

/// <summary>Reads the sections "Messaging:Push" and "Messaging:Mail", and "Messaging:PublicUrl": what is pushed to others, and as whom.</summary>
internal static class PushSettings
{
    private const string PublicUrl = "Messaging:PublicUrl";
    private const string AllowPrivateNetworks = "Messaging:Push:AllowPrivateNetworks";
    private const string TimeoutSeconds = "Messaging:Push:TimeoutSeconds";
    private const string Concurrency = "Messaging:Push:Concurrency";
    private const string GatewayUrl = "Messaging:Push:GatewayUrl";
    private const string MailHost = "Messaging:Mail:Host";
    private const string MailPort = "Messaging:Mail:Port";
    private const string MailSecurityName = "Messaging:Mail:Security";
    private const string MailUser = "Messaging:Mail:User";
    private const string MailPassword = "Messaging:Mail:Password";
    private const string MailFrom = "Messaging:Mail:From";
    private const string MailLocalName = "Messaging:Mail:LocalName";
    private const int TimeoutSecondsMax = 300, PortMax = 65_535;

    private static readonly string[] OfMail = [MailPort, MailSecurityName, MailUser, MailPassword, MailFrom, MailLocalName];

    public static readonly string[] Known = [PublicUrl, AllowPrivateNetworks, TimeoutSeconds, Concurrency, GatewayUrl, MailHost, .. OfMail];

    public static PushOptions Read(IConfiguration configuration)
    {
        var defaults = new PushOptions();
        return new PushOptions
        {
            AllowPrivateNetworks = configuration[AllowPrivateNetworks] is { } allow && ReadBoolean(allow),
            AttemptTimeout = TimeSpan.FromSeconds(ReadNumber(configuration, TimeoutSeconds, (int)defaults.AttemptTimeout.TotalSeconds, TimeoutSecondsMax)),
            Concurrency = ReadNumber(configuration, Concurrency, defaults.Concurrency, PushLimits.InFlightMax),
            GatewayUrl = configuration[GatewayUrl] is { } url ? ReadUrl(GatewayUrl, url) : null,
        };
    }

    /// <summary>Null where there is no mail server.</summary>
    public static MailOptions? ReadMail(IConfiguration configuration)
    {
        if (configuration[MailHost] is not { Length: > 0 } host)
        {
            return Array.Find(OfMail, name => configuration[name] is not null) is { } lone ? throw new SettingException($"{lone} makes no sense without {MailHost}.") : null;
        }

        var defaults = new MailOptions();
        string from = configuration[MailFrom] ?? defaults.From;
        return new MailOptions
        {
            Host = host,
            Port = ReadNumber(configuration, MailPort, defaults.Port, PortMax),
            Security = configuration[MailSecurityName] is { } word ? ReadSecurity(word) : defaults.Security,
            User = configuration[MailUser],
            Password = configuration[MailPassword],
            From = MailAddress.IsValid(from) ? from : throw new SettingException($"{MailFrom} must be the address of one mailbox, not '{from}'."),
            LocalName = configuration[MailLocalName] ?? defaults.LocalName,
        };
    }

    /// <summary>Without a slash at its end; null where it is not set.</summary>
    public static string? ReadPublicUrl(IConfiguration configuration) =>
        configuration[PublicUrl] is not { } text ? null
        : ReadUrl(PublicUrl, text) is { UserInfo: "", Query: "", Fragment: "" } url ? url.AbsoluteUri.TrimEnd('/')
        : throw new SettingException($"{PublicUrl} is what links begin with: it has no user, no query and no fragment.");

    private static Uri ReadUrl(string name, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps) && url.Host.Length > 0
            ? url
            : throw new SettingException($"{name} must be a URL of http or https.");

    private static bool ReadBoolean(string value) =>
        bool.TryParse(value, out bool parsed) ? parsed : throw new SettingException($"{AllowPrivateNetworks} must be true or false, not '{value}'.");

    private static int ReadNumber(IConfiguration configuration, string name, int fallback, int max)
    {
        if (configuration[name] is not { } value)
            return fallback;
        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1 && number <= max
            ? number
            : throw new SettingException($"{name} must be a number from 1 to {max}, not '{value}'.");
    }

    private static MailSecurity ReadSecurity(string word) => word.ToUpperInvariant() switch
    {
        "STARTTLSWHENOFFERED" => MailSecurity.StartTlsWhenOffered,
        "STARTTLS" => MailSecurity.StartTls,
        "TLS" => MailSecurity.Tls,
        "NONE" => MailSecurity.None,
        _ => throw new SettingException($"{MailSecurityName} must be StartTlsWhenOffered, StartTls, Tls or None, not '{word}'."),
    };
}
