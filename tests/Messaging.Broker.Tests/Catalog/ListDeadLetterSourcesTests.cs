using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Tests.Moves;

namespace Messaging.Broker.Tests.Catalog;

public sealed class ListDeadLetterSourcesTests
{
    [Fact]
    public async Task Sources_are_listed_page_by_page_in_the_order_of_their_names_over_changes_and_restarts()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey dead = await broker.Create("dead");
        await broker.Create("other");
        string[] names = ["b", "B", "ä", "a/1", "z", "c"];
        foreach (string name in names) await broker.Create(name, DeadLetterTests.To("dead", 3));
        await broker.Create("elsewhere", DeadLetterTests.To("other", 3));
        await Same(names, broker, dead);

        await broker.Create("b", DeadLetterTests.To("other", 3));
        await broker.Create("z", new QueueDefinition());
        Assert.True((await broker.Broker.Queues.DeleteAsync(BrokerHarness.Key("c"), default)).IsOk);
        await Same(["B", "ä", "a/1"], broker, dead);
        broker.Kill();
        await Same(["B", "ä", "a/1"], broker, dead);
        await broker.Restart();
        await Same(["B", "ä", "a/1"], broker, dead);
    }

    [Fact]
    public async Task Sources_that_come_and_go_between_two_pages_hide_no_other_one()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey dead = await broker.Create("dead");
        foreach (string name in new[] { "a", "b", "c", "d" }) await broker.Create(name, DeadLetterTests.To("dead", 3));
        QueueKeyPage first = await PageAsync(broker, dead, 2, null);
        Assert.Equal(["a", "b"], first.Queues.Select(key => key.Name.Value));
        Assert.True((await broker.Broker.Queues.DeleteAsync(BrokerHarness.Key("b"), default)).IsOk);
        await broker.Create("aa", DeadLetterTests.To("dead", 3));
        QueueKeyPage second = await PageAsync(broker, dead, 2, first.NextPageToken);
        Assert.Equal(["c", "d"], second.Queues.Select(key => key.Name.Value));
        Assert.Null(second.NextPageToken);
        await broker.Create("d", new QueueDefinition());
        await broker.Create("c", new QueueDefinition());
        Assert.Empty((await PageAsync(broker, dead, 2, first.NextPageToken)).Queues);
    }

    [Fact]
    public async Task A_missing_queue_and_a_wrong_page_are_refused_and_a_queue_without_sources_has_none()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey queue = await broker.Create();
        Assert.Empty((await PageAsync(broker, queue, 1_000, null)).Queues);
        Assert.Equal(ErrorCode.QueueNotFound, (await broker.Broker.Queues.ListDeadLetterSourcesAsync(BrokerHarness.Key("none"), 1, null, default)).Error?.Code);
        Assert.Equal("pageSize", (await broker.Broker.Queues.ListDeadLetterSourcesAsync(queue, 1_001, null, default)).Error?.Field);
        Assert.Equal("pageToken", (await broker.Broker.Queues.ListDeadLetterSourcesAsync(queue, 1, "?", default)).Error?.Field);
    }

    private static async Task Same(string[] expected, BrokerHarness broker, QueueKey dead)
    {
        string[] ordered = [.. expected.Order(StringComparer.Ordinal)];
        for (int size = 1; size <= expected.Length + 1; size++)
        {
            var listed = new List<string>();
            string? token = null;
            do
            {
                QueueKeyPage page = await PageAsync(broker, dead, size, token);
                Assert.InRange(page.Queues.Count, 1, size);
                listed.AddRange(page.Queues.Select(key => key.Name.Value));
                token = page.NextPageToken;
            }
            while (token is not null);

            Assert.Equal(ordered, listed);
        }
    }

    private static async Task<QueueKeyPage> PageAsync(BrokerHarness broker, QueueKey dead, int size, string? token) =>
        (await broker.Broker.Queues.ListDeadLetterSourcesAsync(dead, size, token, default)).Value;
}
