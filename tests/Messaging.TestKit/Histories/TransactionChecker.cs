namespace Messaging.TestKit.Histories;

/// <summary>
/// Judges the transactions of a history: who reads committed records sees all of one that was committed, in all its partitions, and nothing of any other; and no instance of a producer does anything
/// once the next one has its answer. Pure.
/// </summary>
internal static class TransactionChecker
{
    public static void Check(TopicHistory history, IReadOnlyList<PartitionContent> content, Dictionary<string, (int Partition, long Offset)> places, List<string> broken)
    {
        HashSet<string> committed = [.. content.SelectMany(partition => partition.Committed).Select(record => MessageBodies.KeyOf(record.Body))];
        ILookup<ProducerName, EndEvent> ends = history.Ends.ToLookup(end => end.Transaction);
        CheckOutside(history, places, committed, broken);
        foreach (IGrouping<ProducerName, PublishEvent> transaction in history.Publishes.Where(publish => publish.Transaction is not null).GroupBy(publish => publish.Transaction!))
        {
            string[] there = [.. transaction.Select(publish => publish.Key).Distinct(StringComparer.Ordinal).Where(places.ContainsKey)];
            string[] seen = [.. there.Where(committed.Contains)];
            CheckSeen(transaction.Key, there, seen, [.. ends[transaction.Key]], broken);
        }

        foreach (EndEvent end in history.Ends.Where(end => end.Outcome == Outcome.Refused && !IsReplaced(history, end.Transaction, end.Time)))
            broken.Add($"The end of {Words(end.Transaction)} was refused without a reason: {end.Refusal}.");
        CheckInstances(history, broken);
    }

    /// <summary>Whether another instance of the transaction's producer may have been asked for before the call had ended.</summary>
    public static bool IsReplaced(TopicHistory history, ProducerName transaction, CallTime call) => history.Instances.Any(
        instance => instance.Time.Began < call.Ended && (instance.Name is { } name
            ? name.Id == transaction.Id && name.Epoch > transaction.Epoch
            : instance.Outcome == Outcome.Unknown && history.Instances.Any(known => known.TransactionalId == instance.TransactionalId && known.Name?.Id == transaction.Id)));

    private static void CheckOutside(TopicHistory history, Dictionary<string, (int Partition, long Offset)> places, HashSet<string> committed, List<string> broken)
    {
        foreach (PublishEvent publish in history.Publishes.Where(publish => publish.Transaction is null && places.ContainsKey(publish.Key) && !committed.Contains(publish.Key)))
            broken.Add($"{publish.Key} is of no transaction and is not seen by who reads committed records.");
    }

    private static void CheckSeen(ProducerName transaction, string[] there, string[] seen, EndEvent[] ends, List<string> broken)
    {
        bool isCommitted = ends.Any(end => end is { IsCommit: true, Outcome: Outcome.Succeeded });
        bool isAborted = ends.Any(end => end is { IsCommit: false, Outcome: Outcome.Succeeded });
        bool mayBeCommitted = ends.Any(end => end.IsCommit && end.Outcome != Outcome.Refused);
        if (isCommitted && isAborted)
            broken.Add($"{Words(transaction)} was committed and aborted.");
        else if (isCommitted && seen.Length < there.Length)
            broken.Add($"{Words(transaction)} was committed, and {there.Except(seen, StringComparer.Ordinal).First()} of it is not seen.");
        else if ((isAborted || !mayBeCommitted) && seen.Length > 0)
            broken.Add($"{Words(transaction)} was not committed, and {seen[0]} of it is seen.");
        else if (seen.Length > 0 && seen.Length < there.Length)
            broken.Add($"{Words(transaction)} is torn: {seen.Length} of its {there.Length} records are seen.");
    }

    private static void CheckInstances(TopicHistory history, List<string> broken)
    {
        foreach (IGrouping<string, InstanceEvent> id in history.Instances.Where(instance => instance.Name is not null).GroupBy(instance => instance.TransactionalId, StringComparer.Ordinal))
        {
            InstanceEvent? elder = null;
            foreach (InstanceEvent instance in id.OrderBy(instance => instance.Time.Began))
            {
                if (elder is not null && (elder.Name!.Id != instance.Name!.Id || elder.Name.Epoch >= instance.Name.Epoch))
                    broken.Add($"{id.Key} got the epoch {instance.Name!.Epoch} of {instance.Name.Id} after the epoch {elder.Name.Epoch} of {elder.Name.Id}.");
                CheckZombies(history, instance, broken);
                elder = instance;
            }
        }
    }

    private static void CheckZombies(TopicHistory history, InstanceEvent instance, List<string> broken)
    {
        bool IsZombie(ProducerName? name, CallTime time, Outcome outcome) =>
            outcome == Outcome.Succeeded && name is not null && name.Id == instance.Name!.Id && name.Epoch < instance.Name.Epoch && time.Began > instance.Time.Ended;

        if (history.Publishes.FirstOrDefault(publish => IsZombie(publish.Transaction, publish.Time, publish.Outcome)) is { } published)
            broken.Add($"A zombie of {instance.TransactionalId} has published {published.Key}.");
        if (history.Ends.FirstOrDefault(end => IsZombie(end.Transaction, end.Time, end.Outcome)) is { } ended)
            broken.Add($"A zombie of {instance.TransactionalId} has ended {Words(ended.Transaction)}.");
    }

    private static string Words(ProducerName transaction) => $"the transaction {transaction.Epoch} of the producer {transaction.Id}";
}
