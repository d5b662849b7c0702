using Messaging.Broker;
using Messaging.Broker.Catalog;
using Messaging.Broker.Queues;
using Messaging.TestKit;
using Messaging.TestKit.Postgres;

namespace Messaging.Catalog.Tests;

/// <summary>What a start does with the catalog that it finds, rule by rule.</summary>
[Collection(PostgresGroup.Name)]
public sealed class StartRulesTests(SharedPostgres postgres)
{
    [RequiresFact("postgresql")]
    public async Task A_fresh_Postgres_takes_the_identity_of_the_folder()
    {
        string connection = await postgres.Instance.CreateDatabaseAsync();
        await using CatalogHarness broker = await CatalogHarness.StartAsync(connection);
        Assert.Equal(broker.Broker.Engine.ClusterId, await AskAsync(connection, "SELECT cluster_id FROM messaging_catalog"));
        Assert.Equal(broker.Broker.Engine.NodeId, await AskAsync(connection, "SELECT owner_node_id FROM messaging_catalog"));
        Assert.Equal((0L, 1L), (await AskAsync(connection, "SELECT version FROM messaging_catalog"), await AskAsync(connection, "SELECT owner_epoch FROM messaging_catalog")));
        await broker.PutAsync("q");
        await broker.RestartAsync();
        Assert.Equal((1L, 2L), (await AskAsync(connection, "SELECT version FROM messaging_catalog"), await AskAsync(connection, "SELECT owner_epoch FROM messaging_catalog")));
    }

    [RequiresFact("postgresql")]
    public async Task A_folder_with_queues_on_an_empty_Postgres_is_refused_until_somebody_decides()
    {
        foreach (CatalogChoice choice in (CatalogChoice[])[CatalogChoice.Mirror, CatalogChoice.Postgres])
        {
            string connection = await postgres.Instance.CreateDatabaseAsync();
            SimDisk disk = await FolderAsync(null, "kept", "other");
            string refusal = await RefusalAsync(connection, disk);
            Assert.Contains("is empty, and the data folder has 2 queues", refusal, StringComparison.Ordinal);

            await using CatalogHarness broker = await CatalogHarness.StartAsync(connection, disk, choice: choice);
            Assert.Equal(["kept", "other"], await broker.NamesAsync());
            Assert.Equal(["m"], await broker.ReceiveAsync("kept"));
            Assert.Equal("kept,other", await NamesInAsync(connection));
            await broker.PutAsync("more");
            await broker.RestartAsync();
            Assert.Equal(["kept", "more", "other"], await broker.NamesAsync());
        }
    }

    [RequiresFact("postgresql")]
    public async Task An_older_mirror_catches_up()
    {
        string connection = await postgres.Instance.CreateDatabaseAsync();
        await using CatalogHarness broker = await CatalogHarness.StartAsync(connection);
        await broker.PutAsync("changed");
        await broker.PutAsync("deleted");
        await broker.PutAsync("again");
        await broker.PutAsync("same");
        foreach (string name in (string[])["changed", "deleted", "again", "same"]) await broker.SendAsync(name, "m");
        await broker.Broker.DisposeAsync();
        // What an unknown outcome or a lost folder leaves: Postgres is ahead of the mirror.
        await AskAsync(connection, """
            UPDATE messaging_queue SET version = 11, definition = '{"leaseSeconds":7}' WHERE name = 'changed';
            UPDATE messaging_queue SET version = 12, state = 'deleting' WHERE name = 'deleted';
            UPDATE messaging_queue SET version = 14, created_version = 13, definition = '{"leaseSeconds":8}' WHERE name = 'again';
            INSERT INTO messaging_queue SELECT account, namespace, 'new', 15, 15, state, created_at, modified_at, definition FROM messaging_queue WHERE name = 'same';
            UPDATE messaging_catalog SET version = 17;
            """);
        await broker.RestartAsync();
        Assert.Equal(["again", "changed", "new", "same"], await broker.NamesAsync());
        Assert.Equal((7, 8), ((await broker.GetAsync("changed"))!.Definition.LeaseSeconds, (await broker.GetAsync("again"))!.Definition.LeaseSeconds));
        Assert.Equal(["m"], await broker.ReceiveAsync("changed"));
        Assert.Equal(["m"], await broker.ReceiveAsync("same"));
        // Its messages were of the queue that was deleted.
        Assert.Empty(await broker.ReceiveAsync("again"));
        Assert.Equal(18, (await broker.PutAsync("after")).Version);
        Assert.Equal("after,again,changed,new,same", await NamesInAsync(connection));
        await broker.KillAndStartAsync();
        Assert.Equal(["after", "again", "changed", "new", "same"], await broker.NamesAsync());
    }

    [RequiresFact("postgresql")]
    public async Task A_mirror_catches_up_with_more_than_a_page()
    {
        string connection = await postgres.Instance.CreateDatabaseAsync();
        await using CatalogHarness broker = await CatalogHarness.StartAsync(connection);
        await broker.PutAsync("q");
        await broker.Broker.DisposeAsync();
        int count = (2 * CatalogLimits.CatalogPageMax) + 1;
        await AskAsync(connection, $"""
            INSERT INTO messaging_queue SELECT account, namespace, 'n' || i, i + 1, i + 1, state, created_at, modified_at, definition
                FROM messaging_queue, generate_series(1, {count}) AS i;
            UPDATE messaging_catalog SET version = {count + 1};
            """);
        await broker.RestartAsync();
        Assert.Equal(count + 1, (await broker.NamesAsync(BrokerLimits.ListPageSizeMax)).Length);
    }

    [RequiresFact("postgresql")]
    public async Task An_older_Postgres_is_refused_until_somebody_decides()
    {
        foreach (CatalogChoice choice in (CatalogChoice[])[CatalogChoice.Mirror, CatalogChoice.Postgres])
        {
            string connection = await postgres.Instance.CreateDatabaseAsync();
            var disk = new SimDisk(seed: 1);
            long version;
            await using (CatalogHarness broker = await CatalogHarness.StartAsync(connection, disk))
            {
                await broker.PutAsync("a", new QueueDefinition { LeaseSeconds = 1 });
                await AskAsync(connection, "CREATE TABLE backup AS SELECT * FROM messaging_queue; CREATE TABLE backup_head AS SELECT * FROM messaging_catalog");
                await broker.PutAsync("a", new QueueDefinition { LeaseSeconds = 2 });
                await broker.PutAsync("b");
                await broker.SendAsync("a", "m");
                await broker.SendAsync("b", "m");
                version = (await broker.GetAsync("b"))!.Version;
            }

            await AskAsync(connection, """
                DELETE FROM messaging_queue; INSERT INTO messaging_queue SELECT * FROM backup;
                DELETE FROM messaging_catalog; INSERT INTO messaging_catalog SELECT * FROM backup_head;
                """);
            Assert.Contains($"is older than the data folder: version 1 against {version}", await RefusalAsync(connection, disk), StringComparison.Ordinal);

            await using CatalogHarness decided = await CatalogHarness.StartAsync(connection, disk, choice: choice);
            Assert.Equal(choice == CatalogChoice.Mirror ? 2 : 1, (await decided.GetAsync("a"))!.Definition.LeaseSeconds);
            Assert.Equal(["m"], await decided.ReceiveAsync("a"));
            // Known to the mirror only: nothing dies by a row's absence.
            Assert.Equal(["m"], await decided.ReceiveAsync("b"));
            Assert.Equal("a,b", await NamesInAsync(connection));
            Assert.True((await decided.PutAsync("c")).Version > version);
            await decided.RestartAsync();
            Assert.Equal(["a", "b", "c"], await decided.NamesAsync());
        }
    }

    [RequiresFact("postgresql")]
    public async Task A_Postgres_of_another_cluster_is_refused_until_somebody_decides()
    {
        foreach (CatalogChoice choice in (CatalogChoice[])[CatalogChoice.Mirror, CatalogChoice.Postgres])
        {
            string connection = await postgres.Instance.CreateDatabaseAsync();
            Guid foreign;
            await using (CatalogHarness first = await CatalogHarness.StartAsync(connection, new SimDisk(seed: 2)))
            {
                foreign = first.Broker.Engine.ClusterId;
                await first.PutAsync("theirs", new QueueDefinition { LeaseSeconds = 5 });
                await first.PutAsync("both", new QueueDefinition { LeaseSeconds = 5 });
                await first.PutAsync("gone");
                await first.DeleteAsync("gone");
            }

            SimDisk disk = await FolderAsync(null, "both", "gone", "ours");
            string refusal = await RefusalAsync(connection, disk);
            Assert.Contains($"is of another cluster: {foreign} at version 4", refusal, StringComparison.Ordinal);

            await using CatalogHarness decided = await CatalogHarness.StartAsync(connection, disk, choice: choice);
            Assert.Contains($"{decided.Broker.Engine.ClusterId} at version 3", refusal, StringComparison.Ordinal);
            string[] expected = choice == CatalogChoice.Mirror ? ["both", "gone", "ours"] : ["both", "gone", "ours", "theirs"];
            Assert.Equal(expected, await decided.NamesAsync());
            Assert.Equal(string.Join(',', expected), await NamesInAsync(connection));
            Assert.Equal(choice == CatalogChoice.Mirror ? 30 : 5, (await decided.GetAsync("both"))!.Definition.LeaseSeconds);
            foreach (string name in (string[])["both", "gone", "ours"]) Assert.Equal(["m"], await decided.ReceiveAsync(name));
            Assert.Equal(decided.Broker.Engine.ClusterId, await AskAsync(connection, "SELECT cluster_id FROM messaging_catalog"));
            await decided.KillAndStartAsync();
            Assert.Equal(expected, await decided.NamesAsync());
            // Who was shut out does not come back by itself.
            Assert.Contains("another cluster", await RefusalAsync(connection, new SimDisk(seed: 2)), StringComparison.Ordinal);
        }
    }

    [RequiresFact("postgresql")]
    public async Task A_lost_data_folder_is_made_again_from_Postgres_by_the_operator_s_word()
    {
        string connection = await postgres.Instance.CreateDatabaseAsync();
        await using (CatalogHarness lost = await CatalogHarness.StartAsync(connection, new SimDisk(seed: 2))) await lost.PutAsync("q", new QueueDefinition { LeaseSeconds = 5 });
        await using CatalogHarness broker = await CatalogHarness.StartAsync(connection, new SimDisk(seed: 3), choice: CatalogChoice.Postgres);
        Assert.Equal(5, (await broker.GetAsync("q"))!.Definition.LeaseSeconds);
    }

    [RequiresFact("postgresql")]
    public async Task The_catalog_of_another_data_folder_is_refused()
    {
        string connection = await postgres.Instance.CreateDatabaseAsync();
        SimDisk disk = await FolderAsync(connection, "q");
        var other = Guid.Parse("11111111-2222-3333-4444-555555555555");
        await AskAsync(connection, $"UPDATE messaging_catalog SET owner_node_id = '{other}'");
        Assert.Contains($"belongs to another data folder: that of node {other}; this one is of node ", await RefusalAsync(connection, disk), StringComparison.Ordinal);
        await using CatalogHarness broker = await CatalogHarness.StartAsync(connection, disk, choice: CatalogChoice.Mirror);
        Assert.Equal(broker.Broker.Engine.NodeId, await AskAsync(connection, "SELECT owner_node_id FROM messaging_catalog"));
    }

    [RequiresFact("postgresql")]
    public async Task A_queue_that_Postgres_has_lost_is_kept_and_added_when_the_mirror_catches_up()
    {
        string connection = await postgres.Instance.CreateDatabaseAsync();
        SimDisk disk = await FolderAsync(connection, "q", "r");
        await AskAsync(connection, "DELETE FROM messaging_queue WHERE name = 'q'");
        await using CatalogHarness broker = await CatalogHarness.StartAsync(connection, disk);
        Assert.Equal("q,r", await NamesInAsync(connection));
        Assert.Equal(["m"], await broker.ReceiveAsync("q"));
        await broker.KillAndStartAsync();
        Assert.Equal(["m"], await broker.ReceiveAsync("q"));
    }

    [RequiresFact("postgresql")]
    public async Task A_definition_that_breaks_a_rule_is_not_served()
    {
        string connection = await postgres.Instance.CreateDatabaseAsync();
        SimDisk disk = await FolderAsync(connection, "q");
        foreach (string definition in (string[])["""{"leaseSeconds":-1}""", """{"colour":"red"}"""])
        {
            await AskAsync(connection, $"UPDATE messaging_queue SET version = 9, definition = '{definition}'; UPDATE messaging_catalog SET version = 9");
            Assert.Contains("The definition of the queue 000000000000/default/q in Postgres", await RefusalAsync(connection, disk), StringComparison.Ordinal);
        }
    }

    [RequiresFact("postgresql")]
    public async Task An_older_process_on_a_copy_of_the_folder_is_shut_out()
    {
        string connection = await postgres.Instance.CreateDatabaseAsync();
        SimDisk disk = await FolderAsync(connection, "q");
        var log = new RecordedLog();
        await using CatalogHarness older = await CatalogHarness.StartAsync(connection, disk, loggers: log);
        // What a second process on a copy does when it starts.
        await AskAsync(connection, "UPDATE messaging_catalog SET owner_epoch = owner_epoch + 1");
        BrokerError refusal = (await older.TryPutAsync("new"))!;
        Assert.Equal(ErrorCode.CatalogUnavailable, refusal.Code);
        Assert.Contains("Another process has taken over the catalog", refusal.Detail, StringComparison.Ordinal);
        Assert.Equal(CatalogStatus.Conflicting, older.Broker.CatalogStatus);
        Assert.Contains(log.Errors, line => line.Contains("Another process has taken over", StringComparison.Ordinal));
        Assert.Equal("q", await NamesInAsync(connection));
        // Everything else goes on.
        await older.SendAsync("q", "n");
        Assert.Equal(["q"], await older.NamesAsync());
    }

    [RequiresFact("postgresql")]
    public async Task A_choice_that_is_not_needed_changes_nothing()
    {
        string connection = await postgres.Instance.CreateDatabaseAsync();
        SimDisk disk = await FolderAsync(connection, "q");
        await using CatalogHarness broker = await CatalogHarness.StartAsync(connection, disk, choice: CatalogChoice.Postgres);
        Assert.Equal(1, (await broker.GetAsync("q"))!.Version);
    }

    // A folder with these queues, a message in each.
    private static async Task<SimDisk> FolderAsync(string? connection, params string[] names)
    {
        var disk = new SimDisk(seed: 1);
        await using CatalogHarness broker = await CatalogHarness.StartAsync(connection, disk);
        foreach (string name in names)
        {
            await broker.PutAsync(name);
            await broker.SendAsync(name, "m");
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
        AskAsync(connection, "SELECT string_agg(name, ',' ORDER BY name) FROM messaging_queue WHERE state = 'active'");
}
