using Messaging.Broker.Catalog;
using Messaging.TestKit;
using Messaging.TestKit.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace Messaging.Catalog.Tests;

[Collection(PostgresGroup.Name)]
public sealed class MigrationTests(SharedPostgres postgres)
{
    private static readonly Migration Second = Migration.Of("0004_more.sql", "CREATE TABLE more (id integer); INSERT INTO more VALUES (1)");

    [RequiresFact("postgresql")]
    public async Task Many_at_once_apply_each_migration_once()
    {
        string connection = await postgres.Instance.CreateDatabaseAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => ReadAsync(connection, [.. Migration.All, Second]))));
        Assert.Equal(1L, await PostgresInstance.ExecuteAsync(connection, "SELECT count(*) FROM more"));
        Assert.Equal(Migration.All.Count + 1L, await PostgresInstance.ExecuteAsync(connection, "SELECT count(*) FROM messaging_migration"));
    }

    [RequiresFact("postgresql")]
    public async Task A_later_migration_is_applied_to_an_older_catalog()
    {
        string connection = await postgres.Instance.CreateDatabaseAsync();
        await ReadAsync(connection, Migration.All);
        await ReadAsync(connection, [.. Migration.All, Second]);
        await ReadAsync(connection, [.. Migration.All, Second]);
        Assert.Equal(1L, await PostgresInstance.ExecuteAsync(connection, "SELECT count(*) FROM more"));
    }

    [RequiresFact("postgresql")]
    public async Task A_migration_of_a_newer_build_refuses_the_start()
    {
        string connection = await postgres.Instance.CreateDatabaseAsync();
        await ReadAsync(connection, [.. Migration.All, Second]);
        var refused = await Assert.ThrowsAsync<CatalogRefusedException>(() => ReadAsync(connection, Migration.All));
        Assert.Contains("0004_more.sql, which this build does not know", refused.Message, StringComparison.Ordinal);
    }

    [RequiresFact("postgresql")]
    public async Task A_migration_that_was_changed_afterwards_refuses_the_start()
    {
        string connection = await postgres.Instance.CreateDatabaseAsync();
        await ReadAsync(connection, [.. Migration.All, Second]);
        var refused = await Assert.ThrowsAsync<CatalogRefusedException>(
            () => ReadAsync(connection, [.. Migration.All, Migration.Of("0004_more.sql", "CREATE TABLE more (id bigint)")]));
        Assert.Contains("0004_more.sql was changed after it had been applied", refused.Message, StringComparison.Ordinal);
    }

    [RequiresFact("postgresql")]
    public async Task One_that_fails_leaves_nothing_behind()
    {
        string connection = await postgres.Instance.CreateDatabaseAsync();
        await Assert.ThrowsAsync<CatalogUnavailableException>(() => ReadAsync(connection, [Second, Migration.Of("0005_wrong.sql", "CREATE TABLE more (id integer)")]));
        Assert.Equal(DBNull.Value, await PostgresInstance.ExecuteAsync(connection, "SELECT to_regclass('more')::text"));
    }

    [Fact]
    public void Files_are_numbered_without_a_gap() =>
        Assert.Equal(Enumerable.Range(1, Migration.All.Count), Migration.All.Select(migration => migration.Number));

    private static async Task ReadAsync(string connection, IReadOnlyList<Migration> migrations)
    {
        await using var catalog = new PostgresCatalog(connection, TimeProvider.System, NullLoggerFactory.Instance, migrations);
        await catalog.ReadAsync(default);
    }
}
