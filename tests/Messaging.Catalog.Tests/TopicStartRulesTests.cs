using Messaging.Broker;
using Messaging.Broker.Catalog;
using Messaging.Broker.Topics;
using Messaging.TestKit;
using Messaging.TestKit.Postgres;

namespace Messaging.Catalog.Tests;

/// <summary>What a start does with the topics of the catalog that it finds, rule by rule; <see cref="StartRulesTests"/> has those of every catalog.</summary>
[Collection(PostgresGroup.Name)]
public sealed class TopicStartRulesTests(SharedPostgres postgres)
{
    [RequiresFact("postgresql")]
    public async Task A_catalog_of_before_topics_gets_their_table_and_keeps_its_queues()
    {
        string connection = await postgres.Instance.CreateDatabaseAsync();
        await AskAsync(connection, Migration.All[0].Sql);
        await AskAsync(connection, "CREATE TABLE messaging_migration (number integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())");
        await AskAsync(connection, $"INSERT INTO messaging_migration (number, name, checksum) VALUES (1, '{Migration.All[0].Name}', '{Migration.All[0].Checksum}')");
        await using CatalogHarness broker = await CatalogHarness.StartAsync(connection);
        await broker.PutAsync("q");
        await broker.PutTopicAsync("t");
        Assert.Equal("queue q 1,topic t 2", await AskAsync(connection, "SELECT string_agg(kind || ' ' || name || ' ' || version, ',' ORDER BY version) FROM messaging_definition"));
    }

    [RequiresFact("postgresql")]
    public async Task A_folder_with_topics_only_on_an_empty_Postgres_is_refused_until_somebody_decides()
    {
        foreach (CatalogChoice choice in (CatalogChoice[])[CatalogChoice.Mirror, CatalogChoice.Postgres])
        {
            string connection = await postgres.Instance.CreateDatabaseAsync();
            SimDisk disk = await FolderAsync(null, "kept", "other");
            string refusal = await RefusalAsync(connection, disk);
            Assert.Contains("is empty, and the data folder has 0 queues and 2 topics", refusal, StringComparison.Ordinal);

            await using CatalogHarness broker = await CatalogHarness.StartAsync(connection, disk, choice: choice);
            Assert.Equal(["kept", "other"], await broker.TopicNamesAsync());
            Assert.Equal(["r"], await broker.FetchAsync("kept"));
            Assert.Equal("kept,other", await NamesInAsync(connection));
            await broker.PutTopicAsync("more");
            await broker.RestartAsync();
            Assert.Equal(["kept", "more", "other"], await broker.TopicNamesAsync());
        }
    }

    [RequiresFact("postgresql")]
    public async Task An_older_mirror_catches_up_with_both_kinds_in_the_order_of_versions()
    {
        string connection = await postgres.Instance.CreateDatabaseAsync();
        await using CatalogHarness broker = await CatalogHarness.StartAsync(connection);
        foreach (string name in (string[])["changed", "deleted", "again", "same"])
        {
            await broker.PutTopicAsync(name, new TopicDefinition { Partitions = 2 });
            await broker.PublishAsync(name, "r");
        }

        await broker.PutAsync("again");
        await broker.SendAsync("again", "m");
        Guid id = (await broker.GetTopicAsync("again"))!.Id;
        await broker.Broker.DisposeAsync();
        // What an unknown outcome or a lost folder leaves: Postgres is ahead of the mirror.
        await AskAsync(connection, """
            UPDATE messaging_topic SET version = 11, definition = '{"partitions":5,"tombstoneSeconds":7}' WHERE name = 'changed';
            UPDATE messaging_topic SET version = 12, state = 'deleting' WHERE name = 'deleted';
            UPDATE messaging_topic SET version = 14, created_version = 13, definition = '{}' WHERE name = 'again';
            UPDATE messaging_queue SET version = 15, definition = '{"leaseSeconds":8}' WHERE name = 'again';
            INSERT INTO messaging_topic SELECT account, namespace, 'new', 16, 16, state, created_at, modified_at, definition FROM messaging_topic WHERE name = 'same';
            UPDATE messaging_catalog SET version = 17;
            """);
        await broker.RestartAsync();
        Assert.Equal(["again", "changed", "new", "same"], await broker.TopicNamesAsync());
        Assert.Equal(new TopicDefinition { Partitions = 5, TombstoneSeconds = 7 }, (await broker.GetTopicAsync("changed"))!.Definition);
        Assert.Equal(["r"], await broker.FetchAsync("changed"));
        Assert.Equal(["r"], await broker.FetchAsync("same"));
        await broker.PublishAsync("changed", "five", partition: 4);
        // Its records, and its second partition, were of the topic that was deleted; the queue of its name is another matter.
        Assert.Empty(await broker.FetchAsync("again"));
        Assert.Equal(1, (await broker.GetTopicAsync("again"))!.Definition.Partitions);
        Assert.NotEqual(id, (await broker.GetTopicAsync("again"))!.Id);
        Assert.Equal((8, "m"), ((await broker.GetAsync("again"))!.Definition.LeaseSeconds, Assert.Single(await broker.ReceiveAsync("again"))));
        Assert.Equal(18, (await broker.PutTopicAsync("after")).Version);
        Assert.Equal("after,again,changed,new,same", await NamesInAsync(connection));
        await broker.KillAndStartAsync();
        Assert.Equal(["after", "again", "changed", "new", "same"], await broker.TopicNamesAsync());
        Assert.Equal(["five"], await broker.FetchAsync("changed", 4));
    }

    [RequiresFact("postgresql")]
    public async Task A_mirror_catches_up_with_more_than_a_page_of_both_kinds()
    {
        string connection = await postgres.Instance.CreateDatabaseAsync();
        await using CatalogHarness broker = await CatalogHarness.StartAsync(connection);
        await broker.PutTopicAsync("t");
        await broker.PutAsync("q");
        await broker.Broker.DisposeAsync();
        const int count = CatalogLimits.CatalogPageMax + 1;
        await AskAsync(connection, $"""
            INSERT INTO messaging_topic SELECT account, namespace, 'n' || i, 2 * i + 1, 2 * i + 1, state, created_at, modified_at, definition
                FROM messaging_topic, generate_series(1, {count}) AS i;
            INSERT INTO messaging_queue SELECT account, namespace, 'n' || i, 2 * i + 2, 2 * i + 2, state, created_at, modified_at, definition
                FROM messaging_queue, generate_series(1, {count}) AS i;
            UPDATE messaging_catalog SET version = {(2 * count) + 2};
            """);
        await broker.RestartAsync();
        Assert.Equal(count + 1, (await broker.TopicNamesAsync(BrokerLimits.ListPageSizeMax)).Length);
        Assert.Equal(count + 1, (await broker.NamesAsync(BrokerLimits.ListPageSizeMax)).Length);
    }

    [RequiresFact("postgresql")]
    public async Task A_Postgres_of_another_cluster_is_refused_until_somebody_decides()
    {
        foreach (CatalogChoice choice in (CatalogChoice[])[CatalogChoice.Mirror, CatalogChoice.Postgres])
        {
            string connection = await postgres.Instance.CreateDatabaseAsync();
            await using (CatalogHarness first = await CatalogHarness.StartAsync(connection, new SimDisk(seed: 2)))
            {
                await first.PutAsync("queue");
                await first.PutTopicAsync("theirs", new TopicDefinition { Partitions = 2 });
                await first.PutTopicAsync("both", new TopicDefinition { TombstoneSeconds = 5 });
                await first.PutTopicAsync("gone");
                await first.DeleteTopicAsync("gone");
            }

            SimDisk disk = await FolderAsync(null, "both", "gone", "ours");
            Assert.Contains("is of another cluster", await RefusalAsync(connection, disk), StringComparison.Ordinal);

            await using CatalogHarness decided = await CatalogHarness.StartAsync(connection, disk, choice: choice);
            bool isMirror = choice == CatalogChoice.Mirror;
            string[] expected = isMirror ? ["both", "gone", "ours"] : ["both", "gone", "ours", "theirs"];
            Assert.Equal(expected, await decided.TopicNamesAsync());
            Assert.Equal(string.Join(',', expected), await NamesInAsync(connection));
            Assert.Equal(isMirror ? [] : ["queue"], await decided.NamesAsync());
            TopicDefinition both = isMirror ? new TopicDefinition { Partitions = 2 } : new TopicDefinition { Partitions = 2, TombstoneSeconds = 5 };
            Assert.Equal(both, (await decided.GetTopicAsync("both"))!.Definition);
            Assert.Equal("2", await AskAsync(connection, "SELECT definition->>'partitions' FROM messaging_topic WHERE name = 'both'"));
            foreach (string name in (string[])["both", "gone", "ours"]) Assert.Equal(["r"], await decided.FetchAsync(name));
            await decided.KillAndStartAsync();
            Assert.Equal(expected, await decided.TopicNamesAsync());
        }
    }

    [RequiresFact("postgresql")]
    public async Task A_lost_data_folder_is_made_again_with_new_streams()
    {
        string connection = await postgres.Instance.CreateDatabaseAsync();
        await using (CatalogHarness lost = await CatalogHarness.StartAsync(connection, new SimDisk(seed: 2))) await lost.PutTopicAsync("t", new TopicDefinition { Partitions = 3 });
        await using CatalogHarness broker = await CatalogHarness.StartAsync(connection, new SimDisk(seed: 3), choice: CatalogChoice.Postgres);
        Assert.Equal(3, (await broker.GetTopicAsync("t"))!.Definition.Partitions);
        await broker.PublishAsync("t", "r", partition: 2);
        await broker.KillAndStartAsync();
        Assert.Equal(["r"], await broker.FetchAsync("t", 2));
    }

    [RequiresFact("postgresql")]
    public async Task A_topic_that_Postgres_has_lost_is_kept_and_added_when_the_mirror_catches_up()
    {
        string connection = await postgres.Instance.CreateDatabaseAsync();
        SimDisk disk = await FolderAsync(connection, "s", "t");
        await AskAsync(connection, "DELETE FROM messaging_topic WHERE name = 't'");
        await using CatalogHarness broker = await CatalogHarness.StartAsync(connection, disk);
        Assert.Equal("s,t", await NamesInAsync(connection));
        Assert.Equal(["r"], await broker.FetchAsync("t"));
        await broker.KillAndStartAsync();
        Assert.Equal(["r"], await broker.FetchAsync("t"));
    }

    [RequiresFact("postgresql")]
    public async Task A_definition_that_breaks_a_rule_is_not_served()
    {
        string connection = await postgres.Instance.CreateDatabaseAsync();
        SimDisk disk = await FolderAsync(connection, "t");
        foreach (string definition in (string[])["""{"partitions":0}""", """{"colour":"red"}"""])
        {
            await AskAsync(connection, $"UPDATE messaging_topic SET version = 9, definition = '{definition}'; UPDATE messaging_catalog SET version = 9");
            Assert.Contains("The definition of the topic 000000000000/default/t in Postgres", await RefusalAsync(connection, disk), StringComparison.Ordinal);
        }
    }

    // A folder with these topics of two partitions, a record in the first of each.
    private static async Task<SimDisk> FolderAsync(string? connection, params string[] names)
    {
        var disk = new SimDisk(seed: 1);
        await using CatalogHarness broker = await CatalogHarness.StartAsync(connection, disk);
        foreach (string name in names)
        {
            await broker.PutTopicAsync(name, new TopicDefinition { Partitions = 2 });
            await broker.PublishAsync(name, "r");
        }

        return disk;
    }

    private static async Task<string> RefusalAsync(string connection, SimDisk disk)
    {
        var refused = await Assert.ThrowsAsync<CatalogRefusedException>(async () => await CatalogHarness.StartAsync(connection, disk));
        Assert.DoesNotContain('\n', refused.Message);
        return refused.Message;
    }

    private static Task<object?> AskAsync(string connection, string sql) => PostgresInstance.ExecuteAsync(connection, sql);

    private static Task<object?> NamesInAsync(string connection) =>
        AskAsync(connection, "SELECT string_agg(name, ',' ORDER BY name) FROM messaging_topic WHERE state = 'active'");
}
