using Messaging.Api.Commands;
using Messaging.Broker.Catalog;
using Messaging.Catalog;

namespace Messaging.Api.Configuration;

/// <summary>
/// Where the catalog is, and an operator's word about it. Nothing here repeats a connection string, or a part of one: it may be of its password.
/// </summary>
internal static class CatalogSettings
{
    public const string Connection = Section + ":Catalog";

    private const string Section = "ConnectionStrings";

    /// <summary>Null for the embedded catalog.</summary>
    public static string? ReadConnection(IConfiguration configuration)
    {
        foreach (IConfigurationSection setting in configuration.GetSection(Section).GetChildren())
        {
            if (!setting.Path.Equals(Connection, StringComparison.OrdinalIgnoreCase))
                throw new SettingException($"{setting.Path} is not a setting; known is {Connection}.");
        }

        string? connection = configuration[Connection];
        if (string.IsNullOrWhiteSpace(connection))
            return null;
        return PostgresCatalog.IsConnectionString(connection)
            ? connection
            : throw new SettingException(
                $"{Connection} is not a connection string of Postgres, such as Host=localhost;Database=messaging;Username=messaging;Password=...");
    }

    public static CatalogChoice ReadChoice(string? word, string? connection) => word?.ToUpperInvariant() switch
    {
        null => CatalogChoice.None,
        _ when connection is null => throw new SettingException(
            $"--{CommandLine.CatalogTruthName} makes no sense without {Connection}: the catalog is in the data folder."),
        "POSTGRES" => CatalogChoice.Postgres,
        "MIRROR" => CatalogChoice.Mirror,
        _ => throw new SettingException($"--{CommandLine.CatalogTruthName} must be postgres or mirror, not '{word}'."),
    };
}
