using Messaging.Broker;
using Messaging.Broker.Catalog;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;
using Messaging.TestKit;
using Messaging.TestKit.Postgres;

namespace Messaging.Catalog.Tests;

/// <summary>What a start does with the subscriptions of the catalog that it finds, rule by rule; <see cref="StartRulesTests"/> has those of every catalog.</summary>
[Collection(PostgresGroup.Name)]
public sealed class SubscriptionStartRulesTests(SharedPostgres postgres)
{
    [RequiresFact("postgresql")]
    public async Task A_catalog_of_before_subscriptions_gets_their_table_and_keeps_its_topics()
    {
        string connection = await postgres.Instance.CreateDatabaseAsync();
        await AskAsync(connection, "CREATE TABLE messaging_migration (number integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())");
        foreach (Migration migration in Migration.All.Take(2))
        {
            await AskAsync(connection, migration.Sql);
            await AskAsync(connection, $"INSERT INTO messaging_migration (number, name, checksum) VALUES ({migration.Number}, '{migration.Name}', '{migration.Checksum}')");
        }

        await using CatalogHarness broker = await CatalogHarness.StartAsync(connection);
        await broker.PutAsync("q");
        await broker.PutTopicAsync("t");
        await broker.SubscribeAsync("s", CatalogSubscriptions.To("q"));
        Assert.Equal(
            "queue q 1,topic t 2,subscription t/s 3",
            await AskAsync(connection, "SELECT string_agg(kind || ' ' || coalesce(topic || '/', '') || name || ' ' || version, ',' ORDER BY version) FROM messaging_definition"));
    }

    [RequiresFact("postgresql")]
    public async Task A_deleted_topic_takes_its_rows_along_in_one_statement()
    {
        string connection = await postgres.Instance.CreateDatabaseAsync();
        await using CatalogHarness broker = await FilledAsync(connection);
        await broker.UnsubscribeAsync("s1");
        await broker.DeleteTopicAsync("t");
        Assert.Equal(DBNull.Value, await NamesInAsync(connection, "true"));
        Assert.Equal("t", await AskAsync(connection, "SELECT string_agg(name, ',') FROM messaging_topic WHERE state = 'deleting'"));
        await broker.PutTopicAsync("t");
        Assert.Empty(await broker.SubscriptionNamesAsync());
    }

    [RequiresFact("postgresql")]
    public async Task An_older_mirror_catches_up_with_subscriptions_in_the_order_of_versions()
    {
        string connection = await postgres.Instance.CreateDatabaseAsync();
        await using CatalogHarness broker = await FilledAsync(connection);
        Assert.True((await broker.Broker.Subscriptions.PauseAsync(CatalogSubscriptions.Key("s2"), true, default)).IsOk);
        Assert.True((await broker.Broker.Subscriptions.PauseAsync(CatalogSubscriptions.Key("s3"), true, default)).IsOk);
        await broker.Broker.DisposeAsync();
        // What an unknown outcome or a lost folder leaves: Postgres is ahead of the mirror.
        await AskAsync(connection, """
            UPDATE messaging_subscription SET version = 101, state = 'deleting' WHERE name = 's1';
            UPDATE messaging_subscription SET version = 102, definition = '{"target":{"queue":"q2"},"raw":false}' WHERE name = 's2';
            UPDATE messaging_subscription SET version = 103, created_version = 103 WHERE name = 's3';
            INSERT INTO messaging_subscription SELECT account, namespace, topic, 's4', 104, 104, state, created_at, modified_at, '{"target":{"queue":"elsewhere"}}' FROM messaging_subscription WHERE name = 's2';
            UPDATE messaging_catalog SET version = 105;
            """);
        await broker.RestartAsync();
        Assert.Equal(["s2", "s3", "s4"], await broker.SubscriptionNamesAsync());
        Assert.Equal((CatalogSubscriptions.To("q2") with { Raw = false }, true), ((await broker.GetSubscriptionAsync("s2"))!.Definition, (await broker.GetSubscriptionAsync("s2"))!.Paused));
        // It is another one than that which was paused.
        Assert.False((await broker.GetSubscriptionAsync("s3"))!.Paused);
        Assert.Equal(106, (await broker.SubscribeAsync("s1", CatalogSubscriptions.To("q1"))).Version);
        await broker.KillAndStartAsync();
        Assert.Equal(["s1", "s2", "s3", "s4"], await broker.SubscriptionNamesAsync());
    }

    [RequiresFact("postgresql")]
    public async Task A_subscription_whose_topic_was_changed_after_it_comes_behind_it()
    {
        string connection = await postgres.Instance.CreateDatabaseAsync();
        await using CatalogHarness broker = await FilledAsync(connection);
        await broker.Broker.DisposeAsync();
        const int count = CatalogLimits.CatalogPageMax + 1;
        // More than a page of them, all before their topic, which is on the page after.
        await AskAsync(connection, $$"""
            INSERT INTO messaging_topic SELECT account, namespace, 'late', 100, 99999, state, created_at, modified_at, '{"partitions":3}' FROM messaging_topic WHERE name = 't';
            INSERT INTO messaging_subscription SELECT account, namespace, 'late', 'n' || i, 100 + i, 100 + i, state, created_at, modified_at, jsonb_build_object('target', jsonb_build_object('queue', 'x' || i))
                FROM messaging_subscription, generate_series(1, {{count}}) AS i WHERE name = 's1';
            UPDATE messaging_subscription SET version = 99998 WHERE name = 's2';
            UPDATE messaging_catalog SET version = 99999;
            """);
        await broker.RestartAsync();
        Assert.Equal(count, (await broker.SubscriptionNamesAsync("late", BrokerLimits.ListPageSizeMax)).Length);
        Assert.Equal(3, (await broker.GetTopicAsync("late"))!.Definition.Partitions);
        Assert.Equal(3, (await broker.SubscriptionNamesAsync()).Length);
        await broker.KillAndStartAsync();
        Assert.Equal(count, (await broker.SubscriptionNamesAsync("late", BrokerLimits.ListPageSizeMax)).Length);
        Assert.Equal(CatalogStatus.Available, broker.Broker.CatalogStatus);
    }

    [RequiresFact("postgresql")]
    public async Task A_subscription_without_a_topic_refuses_the_start()
    {
        string connection = await postgres.Instance.CreateDatabaseAsync();
        await using CatalogHarness broker = await FilledAsync(connection);
        await broker.Broker.DisposeAsync();
        await AskAsync(connection, """
            INSERT INTO messaging_topic SELECT account, namespace, 'gone', 100, 102, 'deleting', created_at, modified_at, '{}' FROM messaging_topic WHERE name = 't';
            INSERT INTO messaging_subscription SELECT account, namespace, 'gone', 'lost', 101, 101, state, created_at, modified_at, definition FROM messaging_subscription WHERE name = 's1';
            UPDATE messaging_catalog SET version = 102;
            """);
        var refused = await Assert.ThrowsAsync<CatalogRefusedException>(async () => await broker.RestartAsync());
        Assert.Contains("the subscription 000000000000/default/gone/lost, and not its topic", refused.Message, StringComparison.Ordinal);
    }

    [RequiresFact("postgresql")]
    public async Task A_definition_that_this_build_does_not_know_refuses_the_start()
    {
        string connection = await postgres.Instance.CreateDatabaseAsync();
        await using CatalogHarness broker = await FilledAsync(connection);
        foreach (string definition in (string[])["{}", """{"target":{"url":"u"}}""", """{"target":{"queue":""}}""", """{"target":{"queue":"q1"},"filter":{"scope":"body","policy":"[]"}}"""])
        {
            await broker.Broker.DisposeAsync();
            await AskAsync(connection, $"UPDATE messaging_subscription SET version = 99, definition = '{definition}' WHERE name = 's1'; UPDATE messaging_catalog SET version = 99");
            var refused = await Assert.ThrowsAsync<CatalogRefusedException>(async () => await broker.RestartAsync());
            Assert.Contains("The definition of the subscription 000000000000/default/t/s1 in Postgres", refused.Message, StringComparison.Ordinal);
        }
    }

    [RequiresFact("postgresql")]
    public async Task A_subscription_that_only_the_folder_knows_is_kept_and_added()
    {
        string connection = await postgres.Instance.CreateDatabaseAsync();
        await using CatalogHarness broker = await FilledAsync(connection);
        await broker.Broker.DisposeAsync();
        await AskAsync(connection, "DELETE FROM messaging_topic WHERE name = 't'");
        Assert.Equal(DBNull.Value, await NamesInAsync(connection, "true"));
        await broker.RestartAsync();
        Assert.Equal(["s1", "s2", "s3"], await broker.SubscriptionNamesAsync());
        Assert.Equal("s1,s2,s3", await NamesInAsync(connection, "state = 'active'"));
    }

    [RequiresFact("postgresql")]
    public async Task A_Postgres_of_another_cluster_is_brought_together_as_somebody_decides()
    {
        foreach (CatalogChoice choice in (CatalogChoice[])[CatalogChoice.Mirror, CatalogChoice.Postgres])
        {
            string connection = await postgres.Instance.CreateDatabaseAsync();
            await using (CatalogHarness first = await CatalogHarness.StartAsync(connection, new SimDisk(seed: 2)))
            {
                await first.PutTopicAsync("t");
                await first.PutAsync("q1");
                await first.SubscribeAsync("theirs", CatalogSubscriptions.To("q1"));
            }

            var disk = new SimDisk(seed: 1);
            await using (CatalogHarness second = await CatalogHarness.StartAsync(null, disk))
            {
                await second.PutTopicAsync("t");
                await second.PutAsync("q1");
                await second.SubscribeAsync("ours", CatalogSubscriptions.To("q1"));
            }

            await using CatalogHarness decided = await CatalogHarness.StartAsync(connection, disk, choice: choice);
            string[] expected = choice == CatalogChoice.Mirror ? ["ours"] : ["ours", "theirs"];
            Assert.Equal(expected, await decided.SubscriptionNamesAsync());
            Assert.Equal(string.Join(',', expected), await NamesInAsync(connection, "state = 'active'"));
            foreach (string name in expected) await decided.UnsubscribeAsync(name);
            await decided.SubscribeAsync("new", CatalogSubscriptions.To("q1"));
            await decided.KillAndStartAsync();
            Assert.Equal(["new"], await decided.SubscriptionNamesAsync());
        }
    }

    private static async Task<CatalogHarness> FilledAsync(string connection)
    {
        CatalogHarness broker = await CatalogHarness.StartAsync(connection);
        await broker.PutTopicAsync("t");
        foreach (string number in (string[])["1", "2", "3"])
        {
            await broker.PutAsync("q" + number);
            await broker.SubscribeAsync("s" + number, CatalogSubscriptions.To("q" + number));
        }

        return broker;
    }

    private static Task<object?> AskAsync(string connection, string sql) => PostgresInstance.ExecuteAsync(connection, sql);

    private static Task<object?> NamesInAsync(string connection, string where) =>
        AskAsync(connection, $"SELECT string_agg(name, ',' ORDER BY name) FROM messaging_subscription WHERE {where}");
}
