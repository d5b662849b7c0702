namespace Messaging.TestKit.Histories;

/// <summary>
/// Judges a <see cref="TopicHistory"/> by what Kafka's users rely on, against what is in the topic at the end, when every transaction has ended and nothing of it has been trimmed. A call without an
/// answer may have happened or not; everything else is strict. Pure.
/// </summary>
internal static class TopicHistoryChecker
{
    /// <summary>Every broken promise, in words.</summary>
    public static IReadOnlyList<string> Check(TopicHistory history, IReadOnlyList<PartitionContent> content)
    {
        var broken = new List<string>();
        ILookup<string, PublishEvent> publishes = history.Publishes.ToLookup(publish => publish.Key, StringComparer.Ordinal);
        var places = new Dictionary<string, (int Partition, long Offset)>(StringComparer.Ordinal);
        for (int partition = 0; partition < content.Count; partition++)
        {
            CheckPartition(partition, content[partition], publishes, places, broken);
        }

        CheckAnswers(history, places, broken);
        CheckOrder(history, places, broken);
        CheckPipeline(history, places, broken);
        TopicPageChecker.Check(history, content, broken);
        TransactionChecker.Check(history, content, places, broken);
        return broken;
    }

    // Nothing is there that was never sent, or twice, or where it was not sent to, or with other bytes.
    private static void CheckPartition(
        int partition, PartitionContent content, ILookup<string, PublishEvent> publishes, Dictionary<string, (int Partition, long Offset)> places, List<string> broken)
    {
        foreach (SeenRecord record in content.All)
        {
            string key = MessageBodies.KeyOf(record.Body);
            PublishEvent[] sent = [.. publishes[key]];
            string place = $"{partition}/{record.Offset}";
            if (sent.Length == 0)
                broken.Add($"{place} has the key '{key}', which nobody published.");
            else if (sent.All(publish => publish.Outcome == Outcome.Refused))
                broken.Add($"{key} is at {place} although it was refused.");
            else if (!sent[0].Body.AsSpan().SequenceEqual(record.Body))
                broken.Add($"{key} at {place} has other bytes.");
            if (!places.TryAdd(key, (partition, record.Offset)))
                broken.Add($"{key} is there twice: at {places[key].Partition}/{places[key].Offset} and at {place}.");
            if (sent.Length > 0 && sent[0].Partition is { } asked && sent[0].Offset is null && asked != partition)
                broken.Add($"{key} was published to the partition {asked} and is at {place}.");
        }

        if (content.LastStable != content.HighWatermark)
            broken.Add($"The partition {partition} has the last stable offset {content.LastStable} and the high watermark {content.HighWatermark}, though every transaction has ended.");
    }

    private static void CheckAnswers(TopicHistory history, Dictionary<string, (int Partition, long Offset)> places, List<string> broken)
    {
        foreach (PublishEvent publish in history.Publishes)
        {
            if (publish.Outcome == Outcome.Refused && !IsLegal(history, publish))
                broken.Add($"{publish.Key} was refused without a reason: {publish.Refusal}.");
            if (publish.Outcome != Outcome.Succeeded) continue;
            if (!places.TryGetValue(publish.Key, out (int Partition, long Offset) place))
                broken.Add($"{publish.Key} is lost: its publish had been answered with {publish.Partition}/{publish.Offset}.");
            else if (place != (publish.Partition, publish.Offset))
                broken.Add($"{publish.Key} was answered with {publish.Partition}/{publish.Offset} and is at {place.Partition}/{place.Offset}.");
        }
    }

    // Of a pipeline: its message was processed before, by a call whose answer was lost, or by another worker once its lease was over.
    private static bool IsLegal(TopicHistory history, PublishEvent publish) => publish.Refusal switch
    {
        "starting" or "stopping" or "overloaded" or "diskFull" => true,
        "messageGone" or "receiptStale" or "notLeased" => publish.Key.StartsWith(TopicHistory.ProcessedMark, StringComparison.Ordinal),
        "producerFenced" => publish.Transaction is { } transaction && TransactionChecker.IsReplaced(history, transaction, publish.Time),
        _ => false,
    };

    private static void CheckOrder(TopicHistory history, Dictionary<string, (int Partition, long Offset)> places, List<string> broken)
    {
        foreach (IGrouping<string, PublishEvent> producer in history.Publishes.Where(publish => publish.Producer is not null).GroupBy(publish => publish.Producer!, StringComparer.Ordinal))
        {
            var last = new Dictionary<int, (string Key, long Offset)>();
            foreach (PublishEvent publish in producer.DistinctBy(publish => publish.Key, StringComparer.Ordinal).OrderBy(publish => publish.Order))
            {
                if (!places.TryGetValue(publish.Key, out (int Partition, long Offset) place)) continue;
                if (last.TryGetValue(place.Partition, out (string Key, long Offset) before) && before.Offset >= place.Offset)
                    broken.Add($"{publish.Key} was published after {before.Key} and is before it in the partition {place.Partition}.");
                last[place.Partition] = (publish.Key, place.Offset);
            }
        }
    }

    // That no input is processed twice follows from its record's key, which is there once.
    private static void CheckPipeline(TopicHistory history, Dictionary<string, (int Partition, long Offset)> places, List<string> broken)
    {
        foreach (InputEvent input in history.Inputs)
        {
            bool isProcessed = places.ContainsKey(TopicHistory.ProcessedMark + input.Key);
            if (input.Outcome == Outcome.Succeeded && !isProcessed)
                broken.Add($"{input.Key} went into the pipeline and never came out.");
            if (input.Outcome == Outcome.Refused && isProcessed)
                broken.Add($"{input.Key} came out of the pipeline although it was refused.");
        }
    }
}
