using System.Net;

namespace Messaging.Api.Configuration;

/// <summary>
/// The addresses to listen on: Kestrel's own "Kestrel:Endpoints", with two defaults. Kestrel prefers them to ASPNETCORE_URLS and its kind,
/// so that what is checked here is all that will be open.
/// </summary>
internal static class KestrelAddresses
{
    private const string Endpoints = "Kestrel:Endpoints";
    private const string HttpUrl = Endpoints + ":Http:Url";
    private const string HttpUrlDefault = "http://127.0.0.1:8080";
    private const string GrpcName = "Grpc";
    private const string Protocols = "Protocols";
    private const string GrpcProtocols = "Http2";
    private const string GrpcUrl = Endpoints + ":" + GrpcName + ":Url";
    private const string GrpcUrlDefault = "http://127.0.0.1:8081";

    /// <summary>Both addresses where the configuration has none; where it has some, those are all. Without TLS a connection can't ask for HTTP/2, so that the address of the name "Grpc" speaks nothing else.</summary>
    public static void AddDefault(ConfigurationManager configuration)
    {
        if (!configuration.GetSection(Endpoints).GetChildren().Any())
            (configuration[HttpUrl], configuration[GrpcUrl]) = (HttpUrlDefault, GrpcUrlDefault);
        IConfigurationSection grpc = configuration.GetSection(Endpoints).GetSection(GrpcName);
        if (grpc["Url"] is { } url && grpc[Protocols] is null && url.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
            configuration[$"{grpc.Path}:{Protocols}"] = GrpcProtocols;
    }

    /// <summary>Of each endpoint, in the order of their names: it is without TLS, and speaks nothing but HTTP/2.</summary>
    public static IEnumerable<bool> AreGrpcOnly(IConfiguration configuration) => configuration.GetSection(Endpoints).GetChildren().Select(static endpoint =>
        string.Equals(endpoint[Protocols], GrpcProtocols, StringComparison.OrdinalIgnoreCase) && endpoint["Url"]?.StartsWith("http://", StringComparison.OrdinalIgnoreCase) == true);

    public static void RequireLoopbackWhenOpen(IConfiguration configuration, ServerOptions options)
    {
        foreach (IConfigurationSection endpoint in configuration.GetSection(Endpoints).GetChildren())
        {
            string name = $"{Endpoints}:{endpoint.Key}:Url";
            string url = endpoint["Url"] ?? throw new SettingException($"{name} is missing.");
            if (options.AuthMode == AuthMode.Open && !options.AllowOpenBeyondLoopback && !IsLoopback(name, url))
            {
                throw new SettingException(
                    $"{name}={url} is reached from other machines, and the server is open to everyone who reaches it. "
                    + $"Ask for access keys by {ServerSettings.AuthModeName}=Closed, listen on 127.0.0.1, or allow it by {ServerSettings.AllowOpenBeyondLoopback}=true.");
            }
        }
    }

    private static bool IsLoopback(string name, string url)
    {
        BindingAddress address;
        try
        {
            address = BindingAddress.Parse(url);
        }
        catch (FormatException)
        {
            throw new SettingException($"{name}={url} is not an address, such as {HttpUrlDefault}.");
        }
        // A name may mean any address; only this one is always this machine.
        return address.IsUnixPipe
            || address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(address.Host, out IPAddress? ip) && IPAddress.IsLoopback(ip));
    }
}
