namespace Messaging.TestKit.Histories;

/// <summary>
/// Judges every page that a reader got: it is, from where it begins to where it goes on, exactly what is there at the end. So no offset ever changes its content, nothing is left out that comes in
/// between, and who reads committed records sees none that is not. Pure.
/// </summary>
internal static class TopicPageChecker
{
    public static void Check(TopicHistory history, IReadOnlyList<PartitionContent> content, List<string> broken)
    {
        foreach (PageEvent seen in history.Pages)
        {
            PartitionContent partition = content[seen.Partition];
            CheckRecords(seen, seen.IsCommitted ? partition.Committed : partition.All, broken);
            long end = seen.IsCommitted ? seen.Page.LastStable : seen.Page.HighWatermark;
            if (seen.Page.NextOffset > Math.Max(end, seen.From))
                broken.Add($"A page of {Words(seen)} records of the partition {seen.Partition} from {seen.From} goes on at {seen.Page.NextOffset}, behind its end {end}.");
        }

        for (int partition = 0; partition < content.Count; partition++) CheckEnds(history, partition, broken);
    }

    private static void CheckRecords(PageEvent seen, IReadOnlyList<SeenRecord> there, List<string> broken)
    {
        string page = $"A page of {Words(seen)} records of the partition {seen.Partition} from {seen.From} to {seen.Page.NextOffset}";
        int at = FirstFrom(there, seen.From);
        foreach (SeenRecord record in seen.Page.Records)
        {
            if (at == there.Count || there[at].Offset != record.Offset)
            {
                broken.Add($"{page} has the offset {record.Offset} where {(at == there.Count ? "nothing" : $"{there[at].Offset}")} comes next.");
                return;
            }

            if (!there[at++].Body.AsSpan().SequenceEqual(record.Body))
                broken.Add($"{page} has other bytes at {record.Offset} than are there at the end.");
        }

        if (at < there.Count && there[at].Offset < seen.Page.NextOffset)
            broken.Add($"{page} leaves out the offset {there[at].Offset}.");
    }

    // What was answered can be read from then on, and an end that was told never comes back.
    private static void CheckEnds(TopicHistory history, int partition, List<string> broken)
    {
        IEnumerable<(DateTimeOffset Known, long End)> told = history.Publishes
            .Where(publish => publish.Outcome == Outcome.Succeeded && publish.Partition == partition)
            .Select(publish => (publish.Time.Ended, publish.Offset!.Value + 1))
            .Concat(history.Pages.Where(page => page.Partition == partition).Select(page => (page.Time.Ended, page.Page.HighWatermark)));
        (DateTimeOffset Known, long End)[] inOrder = [.. told.OrderBy(one => one.Known)];
        int next = 0;
        long end = 0;
        foreach (PageEvent page in history.Pages.Where(page => page.Partition == partition).OrderBy(page => page.Time.Began))
        {
            for (; next < inOrder.Length && inOrder[next].Known < page.Time.Began; next++) end = Math.Max(end, inOrder[next].End);
            if (page.Page.HighWatermark < end)
                broken.Add($"The partition {partition} had the high watermark {page.Page.HighWatermark} when {end} had been told.");
        }
    }

    private static string Words(PageEvent page) => page.IsCommitted ? "committed" : "all";

    private static int FirstFrom(IReadOnlyList<SeenRecord> records, long offset)
    {
        (int low, int high) = (0, records.Count);
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (records[middle].Offset < offset) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
