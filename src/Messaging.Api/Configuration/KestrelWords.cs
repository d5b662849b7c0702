namespace Messaging.Api.Configuration;

/// <summary>
/// The words of the section "Kestrel" that Kestrel reads. It passes over all others: a misspelt certificate would serve without TLS, and a
/// misspelt limit would be none.
/// </summary>
internal static class KestrelWords
{
    private const string Section = "Kestrel";
    private const string Endpoints = "Endpoints";
    private const string EndpointDefaults = "EndpointDefaults";
    private const string Certificates = "Certificates";

    private static readonly string[] OfSection = [Endpoints, EndpointDefaults, Certificates];
    private static readonly string[] OfDefaults = ["Protocols", "SslProtocols", "ClientCertificateMode"];
    private static readonly string[] OfEndpoint = ["Url", "Certificate", "Sni", .. OfDefaults];

    public static void RefuseUnknown(IConfiguration configuration)
    {
        IConfigurationSection section = configuration.GetSection(Section);
        Check(section, OfSection);
        Check(section.GetSection(EndpointDefaults), OfDefaults);
        foreach (IConfigurationSection endpoint in section.GetSection(Endpoints).GetChildren())
            Check(endpoint, OfEndpoint);
    }

    private static void Check(IConfigurationSection section, string[] known)
    {
        foreach (IConfigurationSection child in section.GetChildren())
        {
            if (!known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
                throw new SettingException($"{child.Path} is not a setting; known there are {string.Join(", ", known)}.");
        }
    }
}
