using System.Diagnostics;
using Dapper;
using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Npgsql;

namespace Messaging.Catalog;

/// <summary>One transaction on the tables of the catalog; disposing without <see cref="CommitAsync"/> takes it back.</summary>
internal sealed class CatalogTransaction : IAsyncDisposable
{
    private const int RowsPerStatementMax = 1_000;

    // What others refer to comes before them.
    private static readonly CatalogTable[] Tables = [CatalogTable.Queues, CatalogTable.Topics, CatalogTable.Subscriptions];

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
        foreach (CatalogTable table in Tables)
        {
            await _connection.ExecuteAsync(Ask($"DELETE FROM {table.Name} WHERE state = 'deleting' AND version <= @mirrorVersion", new { mirrorVersion }));
        }

        await PutAsync(rows);
    }

    public async Task RewriteAsync(IReadOnlyList<CatalogRow> rows)
    {
        await _connection.ExecuteAsync(Ask("DELETE FROM messaging_queue; DELETE FROM messaging_subscription; DELETE FROM messaging_topic"));
        await PutAsync(rows);
    }

    /// <summary>Every row gets a version above <paramref name="version"/> and counts as no new incarnation; how many there are.</summary>
    public async Task<int> RenumberAsync(long version)
    {
        int rows = 0;
        foreach (CatalogTable table in Tables)
        {
            await _connection.ExecuteAsync(Ask($"DELETE FROM {table.Name} WHERE state = 'deleting'"));
            rows += await _connection.ExecuteAsync(Ask(
                $"""
                UPDATE {table.Name} SET version = @first + numbered.place, created_version = 0
                FROM (SELECT {table.KeyOf(table.Name)}, row_number() OVER (ORDER BY version) AS place FROM {table.Name}) AS numbered
                WHERE ({table.KeyOf(table.Name)}) = ({table.KeyOf("numbered")})
                """,
                new { first = version + rows }));
        }

        return rows;
    }

    public Task CommitAsync() => _transaction.CommitAsync(_token);

    public ValueTask DisposeAsync() => _transaction.DisposeAsync();

    private async Task PutAsync(IReadOnlyList<CatalogRow> rows)
    {
        foreach (CatalogTable table in Tables)
        {
            foreach (CatalogRow[] chunk in rows.Where(row => row.Key.Kind == table.Kind).Chunk(RowsPerStatementMax)) await PutAsync(table, chunk);
            if (table == CatalogTable.Topics) await DropSubscriptionsAsync([.. rows.Where(static row => row.IsDeleting && row.Key.Kind == ResourceKind.Topic)]);
        }
    }

    private async Task DropSubscriptionsAsync(CatalogRow[] topics)
    {
        if (topics.Length == 0) return;
        await _connection.ExecuteAsync(Ask(
            """
            DELETE FROM messaging_subscription USING unnest(@Accounts, @Namespaces, @Names) AS gone (account, namespace, topic)
            WHERE (messaging_subscription.account, messaging_subscription.namespace, messaging_subscription.topic) = (gone.account, gone.namespace, gone.topic)
            """,
            new
            {
                Accounts = Column(topics, row => row.Key.Account.Value), Namespaces = Column(topics, row => row.Key.Namespace.Value), Names = Column(topics, row => row.Key.Name),
            }));
    }

    // The topics of rows that have none are not looked at.
    private Task PutAsync(CatalogTable table, CatalogRow[] rows) => _connection.ExecuteAsync(Ask(
        $"""
        INSERT INTO {table.Name} ({table.Key}, created_version, version, state, created_at, modified_at, definition)
        SELECT {table.Key}, created_version, version, state, created_at, modified_at, definition::jsonb
        FROM unnest(@Accounts, @Namespaces, @Topics, @Names, @CreatedVersions, @Versions, @States, @CreatedAts, @ModifiedAts, @Definitions)
            AS row (account, namespace, topic, name, created_version, version, state, created_at, modified_at, definition)
        ON CONFLICT ({table.Key}) DO UPDATE SET
            created_version = CASE WHEN excluded.created_version > 0 THEN excluded.created_version ELSE {table.Name}.created_version END,
            version = excluded.version, state = excluded.state, created_at = excluded.created_at, modified_at = excluded.modified_at,
            definition = excluded.definition
        """,
        new
        {
            Accounts = Column(rows, row => row.Key.Account.Value),
            Namespaces = Column(rows, row => row.Key.Namespace.Value),
            Topics = Column(rows, row => row.Key.Topic ?? ""),
            Names = Column(rows, row => row.Key.Name),
            CreatedVersions = Column(rows, row => row.CreatedVersion),
            Versions = Column(rows, row => row.Version),
            States = Column(rows, row => row.IsDeleting ? "deleting" : "active"),
            CreatedAts = Column(rows, row => DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedMs).UtcDateTime),
            ModifiedAts = Column(rows, row => DateTimeOffset.FromUnixTimeMilliseconds(row.ModifiedMs).UtcDateTime),
            Definitions = Column(rows, Definition),
        }));

    private static string Definition(CatalogRow row) => row switch
    {
        CatalogRow.OfQueue queue => DefinitionJson.Write(queue.Definition),
        CatalogRow.OfTopic topic => DefinitionJson.Write(topic.Definition),
        CatalogRow.OfSubscription subscription => DefinitionJson.Write(subscription.Definition),
        _ => throw new UnreachableException($"A row of the {row.Key}."),
    };

    private static T[] Column<T>(CatalogRow[] rows, Func<CatalogRow, T> of) => Array.ConvertAll(rows, row => of(row));

    private CommandDefinition Ask(string sql, object? parameters = null) => new(sql, parameters, _transaction, cancellationToken: _token);
}
