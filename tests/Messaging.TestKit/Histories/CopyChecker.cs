namespace Messaging.TestKit.Histories;

/// <summary>
/// Judges what the receivers of a queue saw that subscribes to a topic, against what is in the topic at the end, which <see cref="TopicHistoryChecker"/> holds against what was answered: every record that the
/// subscription wants is a message once, acknowledged once, and there is no other. The queue has been drained, and was there before the first publish. Pure.
/// </summary>
internal static class CopyChecker
{
    /// <summary>Every broken promise, in words. <paramref name="kind"/>: how the kinds of the records begin that the subscription wants; null: all.</summary>
    public static IReadOnlyList<string> Check(ClientHistory received, TopicHistory published, IReadOnlyList<PartitionContent> content, string? kind)
    {
        var broken = new List<string>();
        ILookup<string, string> ids = received.Receives.SelectMany(receive => receive.Deliveries).ToLookup(delivery => MessageBodies.KeyOf(delivery.Body), delivery => delivery.Id, StringComparer.Ordinal);
        ILookup<string, PublishEvent> publishes = published.Publishes.ToLookup(publish => publish.Key, StringComparer.Ordinal);
        var judged = new ClientHistory();
        foreach (SeenRecord record in content.SelectMany(partition => partition.All))
        {
            string key = MessageBodies.KeyOf(record.Body);
            if (kind is not null && !TopicClient.KindOf(key).StartsWith(kind, StringComparison.Ordinal)) continue;
            string? id = ids[key].FirstOrDefault();
            // What becomes of a transaction's records is decided at its end, and not promised here.
            bool isOpen = publishes[key].Any(publish => publish.Transaction is not null);
            if (id is null && !isOpen) broken.Add($"{key} is in the topic and never came to the queue.");
            if (id is null || !publishes[key].Any()) continue;
            judged.Add([new SendEvent(judged.NextCall(), publishes[key].First().Time, Outcome.Succeeded, key, record.Body, 0, id)]);
        }

        foreach (ReceiveEvent receive in received.Receives) judged.Add(receive);
        judged.Add(received.Settles);
        return [.. broken, .. HistoryChecker.Check(judged)];
    }
}
