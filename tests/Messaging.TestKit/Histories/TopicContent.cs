namespace Messaging.TestKit.Histories;

/// <summary>One partition as a reader sees it at the end, from its first record to its last, under both isolations.</summary>
internal sealed record PartitionContent(IReadOnlyList<SeenRecord> All, IReadOnlyList<SeenRecord> Committed, long HighWatermark, long LastStable);

/// <summary>Reads a topic from end to end, when all who publish are done.</summary>
internal static class TopicContent
{
    private const int PageMax = 1_000;

    /// <summary>The partitions in the order of their numbers.</summary>
    public static async Task<IReadOnlyList<PartitionContent>> ReadAsync(Uri server, string topic, int partitions)
    {
        using var client = new TopicClient(server, topic);
        var content = new List<PartitionContent>();
        for (int partition = 0; partition < partitions; partition++)
        {
            (List<SeenRecord> all, TopicPage last) = await ReadAsync(client, partition, isCommitted: false);
            (List<SeenRecord> committed, _) = await ReadAsync(client, partition, isCommitted: true);
            content.Add(new PartitionContent(all, committed, last.HighWatermark, last.LastStable));
        }

        return content;
    }

    private static async Task<(List<SeenRecord> Records, TopicPage Last)> ReadAsync(TopicClient client, int partition, bool isCommitted)
    {
        var records = new List<SeenRecord>();
        long next = 0;
        while (true)
        {
            TopicPage page = await client.FetchAsync(partition, next, PageMax, isCommitted);
            records.AddRange(page.Records);
            if (page.NextOffset == next) return (records, page);
            next = page.NextOffset;
        }
    }
}
