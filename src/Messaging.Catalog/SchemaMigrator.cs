using Dapper;
using Messaging.Broker.Catalog;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Messaging.Catalog;

/// <summary>
/// Brings the schema up to date: the migrations that are missing, in their order, in one transaction under an advisory lock, so that several
/// processes at once are safe. What was applied is never applied again, and must not have been changed since.
/// </summary>
internal sealed partial class SchemaMigrator(IReadOnlyList<Migration> migrations, ILogger logger)
{
    /// <summary>Of advisory locks in this database, ours: "messaging" in ASCII, as far as it goes.</summary>
    private const long LockId = 0x6D_65_73_73_61_67_69_6E;

    /// <exception cref="CatalogRefusedException">The schema is of a newer build, or a migration was changed after it had been applied.</exception>
    public async Task RunAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(Ask("SELECT pg_advisory_xact_lock(@LockId)", new { LockId }));
        string encoding = await connection.QuerySingleAsync<string>(Ask("SHOW server_encoding"));
        if (encoding != "UTF8") throw new CatalogRefusedException($"The catalog's database has the encoding {encoding}, and must have UTF8.");
        await connection.ExecuteAsync(Ask("""
            CREATE TABLE IF NOT EXISTS messaging_migration (
                number integer PRIMARY KEY,
                name text NOT NULL,
                checksum text NOT NULL,
                applied_at timestamptz NOT NULL DEFAULT now()
            )
            """));
        List<Applied> applied = (await connection.QueryAsync<Applied>(Ask("SELECT number, name, checksum FROM messaging_migration ORDER BY number"))).AsList();
        foreach (Applied one in applied) Judge(one);
        foreach (Migration migration in migrations.Where(migration => applied.TrueForAll(one => one.Number != migration.Number)))
        {
            await connection.ExecuteAsync(Ask(migration.Sql));
            await connection.ExecuteAsync(Ask("INSERT INTO messaging_migration (number, name, checksum) VALUES (@Number, @Name, @Checksum)", migration));
            LogApplied(logger, migration.Name);
        }

        await transaction.CommitAsync(cancellationToken);

        CommandDefinition Ask(string sql, object? parameters = null) => new(sql, parameters, transaction, cancellationToken: cancellationToken);
    }

    private void Judge(Applied applied)
    {
        Migration? known = migrations.FirstOrDefault(migration => migration.Number == applied.Number);
        if (known is null)
        {
            throw new CatalogRefusedException(
                $"The catalog in Postgres has the migration {applied.Name}, which this build does not know: it was made by a newer one.");
        }

        if (known.Checksum != applied.Checksum)
        {
            throw new CatalogRefusedException(
                $"The migration {applied.Name} was changed after it had been applied: the catalog has {applied.Checksum}, this build {known.Checksum}.");
        }
    }

    private sealed record Applied(int Number, string Name, string Checksum);

    [LoggerMessage(EventId = 5000, Level = LogLevel.Information, Message = "The migration {Name} was applied to the catalog in Postgres.")]
    private static partial void LogApplied(ILogger logger, string name);
}
