using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Messaging.Catalog;

/// <summary>One file of the folder migrations, embedded as it is. Immutable.</summary>
internal sealed record Migration(int Number, string Name, string Sql, string Checksum)
{
    private const string Folder = "migrations/";

    /// <summary>All that this build knows, in their order.</summary>
    public static IReadOnlyList<Migration> All { get; } = Load();

    /// <summary>Of a file's name such as 0001_catalog.sql and its text.</summary>
    public static Migration Of(string fileName, string sql) => new(
        int.Parse(fileName.AsSpan(0, fileName.IndexOf('_', StringComparison.Ordinal))),
        fileName,
        sql,
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql))));

    private static List<Migration> Load()
    {
        Assembly assembly = Assembly.GetExecutingAssembly();
        var migrations = new List<Migration>();
        foreach (string name in assembly.GetManifestResourceNames().Order(StringComparer.Ordinal))
        {
            if (!name.StartsWith(Folder, StringComparison.Ordinal)) continue;
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
            migrations.Add(Of(name[Folder.Length..], reader.ReadToEnd()));
        }

        return migrations;
    }
}
