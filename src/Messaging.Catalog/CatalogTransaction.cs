using Dapper;
using Messaging.Broker.Catalog;
using Npgsql;

namespace Messaging.Catalog;

/// <summary>One transaction on the tables of the catalog; disposing without <see cref="CommitAsync"/> takes it back.</summary>
internal sealed class CatalogTransaction : IAsyncDisposable
{
    private const int RowsPerStatementMax = 1_000;

    private const string QueueTable = "messaging_queue";
    private const string TopicTable = "messaging_topic";

    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;
    private readonly CancellationToken _token;

    private CatalogTransaction(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken token) =>
        (_connection, _transaction, _token) = (connection, transaction, token);

    public static async Task<CatalogTransaction> BeginAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        new(connection, await connection.BeginTransactionAsync(cancellationToken), cancellationToken);

    /// <summary>The head, which nobody else changes until the end; waits for who does.</summary>
    public Task<CatalogHead?> LockHeadAsync(string select) => _connection.QuerySingleOrDefaultAsync<CatalogHead>(Ask(select + " FOR UPDATE"));

    /// <summary>The first head; false where there is one by now.</summary>
    public async Task<bool> AddHeadAsync(CatalogHead head) => await _connection.ExecuteAsync(Ask(
        """
        INSERT INTO messaging_catalog (cluster_id, version, owner_node_id, owner_epoch) VALUES (@ClusterId, @Version, @NodeId, @Epoch)
        ON CONFLICT DO NOTHING
        """,
        head)) == 1;

    public Task SetHeadAsync(CatalogHead head) => _connection.ExecuteAsync(Ask(
        "UPDATE messaging_catalog SET cluster_id = @ClusterId, version = @Version, owner_node_id = @NodeId, owner_epoch = @Epoch", head));

    /// <summary>Puts the rows. Deleted ones that the mirror has dropped, up to <paramref name="mirrorVersion"/>, have done their work.</summary>
    public async Task PutAsync(IReadOnlyList<CatalogRow> rows, long mirrorVersion)
    {
        await _connection.ExecuteAsync(Ask(
            """
            DELETE FROM messaging_queue WHERE state = 'deleting' AND version <= @mirrorVersion;
            DELETE FROM messaging_topic WHERE state = 'deleting' AND version <= @mirrorVersion
            """,
            new { mirrorVersion }));
        await PutAsync(rows);
    }

    public async Task RewriteAsync(IReadOnlyList<CatalogRow> rows)
    {
        await _connection.ExecuteAsync(Ask("DELETE FROM messaging_queue; DELETE FROM messaging_topic"));
        await PutAsync(rows);
    }

    /// <summary>Every row gets a version above <paramref name="version"/> and counts as no new incarnation; how many there are.</summary>
    public async Task<int> RenumberAsync(long version)
    {
        int rows = 0;
        foreach (string table in (string[])[QueueTable, TopicTable])
        {
            await _connection.ExecuteAsync(Ask($"DELETE FROM {table} WHERE state = 'deleting'"));
            rows += await _connection.ExecuteAsync(Ask(
                $"""
                UPDATE {table} SET version = @first + numbered.place, created_version = 0
                FROM (SELECT account, namespace, name, row_number() OVER (ORDER BY version) AS place FROM {table}) AS numbered
                WHERE ({table}.account, {table}.namespace, {table}.name) = (numbered.account, numbered.namespace, numbered.name)
                """,
                new { first = version + rows }));
        }

        return rows;
    }

    public Task CommitAsync() => _transaction.CommitAsync(_token);

    public ValueTask DisposeAsync() => _transaction.DisposeAsync();

    private async Task PutAsync(IReadOnlyList<CatalogRow> rows)
    {
        foreach (CatalogRow[] chunk in rows.OfType<CatalogRow.OfQueue>().Chunk(RowsPerStatementMax)) await PutAsync(QueueTable, chunk);
        foreach (CatalogRow[] chunk in rows.OfType<CatalogRow.OfTopic>().Chunk(RowsPerStatementMax)) await PutAsync(TopicTable, chunk);
    }

    private Task PutAsync(string table, CatalogRow[] rows) => _connection.ExecuteAsync(Ask(
        $"""
        INSERT INTO {table} (account, namespace, name, created_version, version, state, created_at, modified_at, definition)
        SELECT account, namespace, name, created_version, version, state, created_at, modified_at, definition::jsonb
        FROM unnest(@Accounts, @Namespaces, @Names, @CreatedVersions, @Versions, @States, @CreatedAts, @ModifiedAts, @Definitions)
            AS row (account, namespace, name, created_version, version, state, created_at, modified_at, definition)
        ON CONFLICT (account, namespace, name) DO UPDATE SET
            created_version = CASE WHEN excluded.created_version > 0 THEN excluded.created_version ELSE {table}.created_version END,
            version = excluded.version, state = excluded.state, created_at = excluded.created_at, modified_at = excluded.modified_at,
            definition = excluded.definition
        """,
        new
        {
            Accounts = Column(rows, row => row.Key.Account.Value),
            Namespaces = Column(rows, row => row.Key.Namespace.Value),
            Names = Column(rows, row => row.Key.Name),
            CreatedVersions = Column(rows, row => row.CreatedVersion),
            Versions = Column(rows, row => row.Version),
            States = Column(rows, row => row.IsDeleting ? "deleting" : "active"),
            CreatedAts = Column(rows, row => DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedMs).UtcDateTime),
            ModifiedAts = Column(rows, row => DateTimeOffset.FromUnixTimeMilliseconds(row.ModifiedMs).UtcDateTime),
            Definitions = Column(rows, Definition),
        }));

    private static string Definition(CatalogRow row) => row is CatalogRow.OfQueue queue
        ? DefinitionJson.Write(queue.Definition)
        : DefinitionJson.Write(((CatalogRow.OfTopic)row).Definition);

    private static T[] Column<T>(CatalogRow[] rows, Func<CatalogRow, T> of) => Array.ConvertAll(rows, row => of(row));

    private CommandDefinition Ask(string sql, object? parameters = null) => new(sql, parameters, _transaction, cancellationToken: _token);
}
