using Messaging.Api.Commands;
using Messaging.Aws;
using Messaging.Broker.Envelopes;

namespace Messaging.Api.Configuration;

/// <summary>
/// Reads <see cref="ServerOptions"/> out of appsettings.json, environment and command line. By hand: a name that is unknown or a value that
/// makes no sense stops the start with one line that names it, where binding would pass over the one and throw a page for the other.
/// </summary>
internal static class ServerSettings
{
    public const string DataDirectory = "Messaging:DataDirectory";
    public const string Definitions = "Messaging:Definitions";
    public const string AuthModeName = "Messaging:Auth:Mode";
    public const string AllowOpenBeyondLoopback = "Messaging:Auth:AllowOpenBeyondLoopback";

    /// <summary>Settings are read once: reloading them would watch the current folder, and the data folder is in it.</summary>
    public const string NoReload = "--hostBuilder:reloadConfigOnChange=false";

    private const string Section = "Messaging";
    private const string DataDirectoryDefault = "./data";

    private static readonly string[] Known =
        [DataDirectory, Definitions, AuthModeName, AllowOpenBeyondLoopback, .. AccessKeySettings.Known, .. AwsFrontSettings.Known, .. PushSettings.Known, .. StorageSettings.Known];

    public static void AddServerOptions(this WebApplicationBuilder builder, string[] args)
    {
        ServerOptions options = Read(builder.Configuration, CommandLine.CatalogTruth(args));
        KestrelWords.RefuseUnknown(builder.Configuration);
        KestrelAddresses.AddDefault(builder.Configuration);
        KestrelAddresses.RequireLoopbackWhenOpen(builder.Configuration, options);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(options.Aws);
    }

    /// <summary>For a command that does not serve: out of the same places, and nothing else is made of them.</summary>
    public static ServerOptions ReadAlone(string[] args) => Read(WebApplication.CreateSlimBuilder([NoReload, .. args]).Configuration);

    internal static ServerOptions Read(IConfiguration configuration, string? catalogTruth = null)
    {
        RefuseUnknown(configuration);
        string? catalog = CatalogSettings.ReadConnection(configuration);
        AwsSettings aws = AwsFrontSettings.Read(configuration);
        var envelopes = new EnvelopeOptions { Region = aws.Region };
        return new ServerOptions
        {
            DataDirectory = ReadPath(DataDirectory, configuration[DataDirectory] ?? DataDirectoryDefault, "folder"),
            Definitions = configuration[Definitions] is { } file ? ReadPath(Definitions, file, "file") : null,
            AuthMode = ReadAuthMode(configuration[AuthModeName]),
            AccessKey = AccessKeySettings.Read(configuration),
            AllowOpenBeyondLoopback = ReadBoolean(configuration, AllowOpenBeyondLoopback),
            Aws = aws,
            Push = PushSettings.Read(configuration),
            Mail = PushSettings.ReadMail(configuration),
            Envelopes = envelopes with { PublicUrl = PushSettings.ReadPublicUrl(configuration) ?? envelopes.PublicUrl },
            CatalogConnection = catalog,
            CatalogChoice = CatalogSettings.ReadChoice(catalogTruth, catalog),
            Storage = StorageSettings.Read(configuration, ReadBoolean(configuration, StorageSettings.AcceptJournalLoss)),
        };
    }

    private static void RefuseUnknown(IConfiguration configuration)
    {
        foreach ((string name, string? value) in configuration.GetSection(Section).AsEnumerable())
        {
            // A node that only has children has no value of its own.
            if (value is null || Known.Contains(name, StringComparer.OrdinalIgnoreCase))
                continue;
            throw new SettingException($"{name} is not a setting; known are {string.Join(", ", Known)}.");
        }
    }

    private static string ReadPath(string name, string path, string what) =>
        string.IsNullOrWhiteSpace(path) || path.Contains('\0', StringComparison.Ordinal)
            ? throw new SettingException($"{name} must be the path of a {what}.")
            : Path.GetFullPath(path);

    private static AuthMode ReadAuthMode(string? value) => value?.ToUpperInvariant() switch
    {
        null or "OPEN" => AuthMode.Open,
        "CLOSED" => AuthMode.Closed,
        _ => throw new SettingException($"{AuthModeName} must be Open or Closed, not '{value}'."),
    };

    private static bool ReadBoolean(IConfiguration configuration, string name)
    {
        string? value = configuration[name];
        if (value is null)
            return false;
        return bool.TryParse(value, out bool parsed) ? parsed : throw new SettingException($"{name} must be true or false, not '{value}'.");
    }
}
