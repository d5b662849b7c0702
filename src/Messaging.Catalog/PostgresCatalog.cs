using Dapper;
using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Messaging.Catalog;

/// <summary>
/// The catalog in Postgres: the tables of migrations/. Every transaction that writes begins by locking the one row of the head and reading it:
/// that fences older processes, and tells whether a commit whose answer was lost has happened, since the lock waits for a backend that is
/// still committing. One operation at a time, as the broker calls it.
/// </summary>
public sealed class PostgresCatalog : ICatalogTruth
{
    private const string SelectHead = """
        SELECT cluster_id AS "ClusterId", owner_node_id AS "NodeId", version AS "Version", owner_epoch AS "Epoch" FROM messaging_catalog
        """;

    private const string SelectKeys = """
        SELECT kind AS "Kind", account AS "Account", namespace AS "Namespace", name AS "Name", topic AS "Topic" FROM messaging_definition
        """;

    private readonly CatalogConnection _connection;
    private readonly SchemaMigrator _migrator;
    private bool _isMigrated;

    /// <summary>Nothing is connected yet.</summary>
    /// <exception cref="ArgumentException">Not a connection string.</exception>
    public PostgresCatalog(string connectionString, TimeProvider time, ILoggerFactory loggers)
        : this(connectionString, time, loggers, Migration.All)
    {
    }

    internal PostgresCatalog(string connectionString, TimeProvider time, ILoggerFactory loggers, IReadOnlyList<Migration> migrations)
    {
        _connection = new CatalogConnection(connectionString, time);
        _migrator = new SchemaMigrator(migrations, loggers.CreateLogger<PostgresCatalog>());
    }

    /// <summary>Whether this is a connection string that names a host.</summary>
    public static bool IsConnectionString(string text) => CatalogConnection.IsConnectionString(text);

    /// <inheritdoc/>
    public Task<CatalogHead?> ReadAsync(CancellationToken cancellationToken) => _connection.AskOnceAsync(
        async (connection, token) =>
        {
            if (!_isMigrated) await _migrator.RunAsync(connection, token);
            _isMigrated = true;
            return await connection.QuerySingleOrDefaultAsync<CatalogHead>(new CommandDefinition(SelectHead, cancellationToken: token));
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<CatalogHead?> ClaimAsync(CatalogHead? seen, CatalogClaim claim, CancellationToken cancellationToken) => _connection.AskOnceAsync(
        async (connection, token) =>
        {
            await using CatalogTransaction transaction = await CatalogTransaction.BeginAsync(connection, token);
            if (await transaction.LockHeadAsync(SelectHead) != seen) return null;
            var head = new CatalogHead(claim.ClusterId, claim.NodeId, Math.Max(claim.Version, seen?.Version ?? 0), (seen?.Epoch ?? 0) + 1);
            // Two at once on an empty catalog: the second one waits for the first, and then has none.
            if (seen is null && !await transaction.AddHeadAsync(head)) return null;
            if (claim is CatalogClaim.Rewritten rewritten) await transaction.RewriteAsync(rewritten.Rows);
            if (claim is CatalogClaim.Renumbered) head = head with { Version = head.Version + await transaction.RenumberAsync(head.Version) };
            await transaction.SetHeadAsync(head);
            await transaction.CommitAsync();
            return head;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<bool> WriteAsync(CatalogHead head, long mirrorVersion, IReadOnlyList<CatalogRow> rows, CancellationToken cancellationToken)
    {
        CatalogHead after = head with { Version = rows[^1].Version };
        bool wasSent = false;
        return _connection.AskAsync(
            async (connection, token) =>
            {
                await using CatalogTransaction transaction = await CatalogTransaction.BeginAsync(connection, token);
                CatalogHead? now = await transaction.LockHeadAsync(SelectHead);
                // Nobody else has this epoch: an attempt before this one has got through.
                if (wasSent && now == after) return true;
                if (now != head) return false;
                wasSent = true;
                await transaction.PutAsync(rows, mirrorVersion);
                await transaction.SetHeadAsync(after);
                await transaction.CommitAsync();
                return true;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ResourceKey>> CreatedAfterAsync(long version, CancellationToken cancellationToken) => KeysAsync(
        SelectKeys + " WHERE created_version > @version", new { version }, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<CatalogRow>> ChangedAfterAsync(long version, int limit, CancellationToken cancellationToken) => ListAsync(
        async (connection, token) =>
        {
            const string sql = """
                SELECT kind AS "Kind", account AS "Account", namespace AS "Namespace", name AS "Name", created_version AS "CreatedVersion", version AS "Version",
                       state = 'deleting' AS "IsDeleting", created_at AS "CreatedAt", modified_at AS "ModifiedAt", definition::text AS "Definition", topic AS "Topic"
                FROM messaging_definition WHERE version > @version ORDER BY version LIMIT @limit
                """;
            var command = new CommandDefinition(sql, new { version, limit }, cancellationToken: token);
            return (await connection.QueryAsync<StoredRow>(command)).Select(row => row.ToRow());
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<long> CountAsync(CancellationToken cancellationToken) => _connection.AskAsync(
        (connection, token) => connection.ExecuteScalarAsync<long>(
            new CommandDefinition("SELECT count(*) FROM messaging_definition WHERE state = 'active'", cancellationToken: token)),
        cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlySet<ResourceKey>> KeysAsync(CancellationToken cancellationToken) =>
        (await KeysAsync(SelectKeys + " WHERE state = 'active'", null, cancellationToken)).ToHashSet();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private Task<IReadOnlyList<ResourceKey>> KeysAsync(string sql, object? parameters, CancellationToken cancellationToken) => ListAsync(
        async (connection, token) =>
        {
            var command = new CommandDefinition(sql, parameters, cancellationToken: token);
            return (await connection.QueryAsync<StoredKey>(command)).Select(static key => key.ToKey());
        },
        cancellationToken);

    private Task<IReadOnlyList<T>> ListAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<IEnumerable<T>>> ask, CancellationToken cancellationToken) =>
        _connection.AskAsync<IReadOnlyList<T>>(async (connection, token) => [.. await ask(connection, token)], cancellationToken);
}
